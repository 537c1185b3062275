// In a file of its own, so that whoever catches it need not load the driver.

/** No MongoDB server answers. The message names the hosts, and nothing secret of the URI. */
export class StoreUnavailable extends Error {
  /** By this it is known where it has come from another thread, which keeps no classes. */
  override readonly name = 'StoreUnavailable';
}

/** MONGODB_URI is none that can be used. */
export class UnusableUri extends Error {}
