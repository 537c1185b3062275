/**
 * A document, a record, a file of the store or of the journal differs from what was written, so trying again cannot
 * help. The message names it and says what to do.
 */
export class DamagedData extends Error {
  /** Errors from another thread have lost their class: their name identifies them. */
  override readonly name: string = 'DamagedData';
}
