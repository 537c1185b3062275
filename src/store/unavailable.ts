// In a file of its own, so that code that catches these errors need not load the driver.

/** No MongoDB server answers. The message names the hosts and contains no secrets of the URI. */
export class StoreUnavailable extends Error {
  /** Errors from another thread have lost their class: their name identifies them. */
  override readonly name = 'StoreUnavailable';
}

/** MONGODB_URI is not a valid URI. */
export class UnusableUri extends Error {}
