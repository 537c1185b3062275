/** The service cannot start, for a reason that the operator can fix. The message explains what to do. */
export class StartFailure extends Error {
  constructor(
    message: string,
    /** See exit.ts. */
    readonly exitCode: number,
  ) {
    super(message);
  }
}
