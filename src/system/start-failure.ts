// Why the service cannot start, and what it exits with then.

/** As in sysexits.h. */
export const EXIT_UNAVAILABLE = 69;
export const EXIT_CANNOT_CREATE = 73;
export const EXIT_CONFIG = 78;

/** For a reason that the operator can mend. */
export class StartFailure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}
