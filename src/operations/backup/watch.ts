// How a caller follows a long copy, and stops it.

export interface Watch {
  /** Called with the share of the work that is done, from 0 to 1. */
  onShare(share: number): void;
  /** Polled during the work. If it returns true, the work ends with a `Stopped` error. */
  isStopped(): boolean;
}

/** The caller has stopped the work. */
export class Stopped extends Error {}
