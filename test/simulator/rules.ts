// Each rule that makes counting exact, outside the code that is under test. Switched off one at a time, each must be missed:
// mutants.test.ts.

export interface Rules {
  // What a server is asked for.
  /** An update finds only a document that does not hold its segment. */
  guardInFilter: boolean;
  /** An answer is given when a majority has what was written. */
  majorityWrites: boolean;
  /** Documents, and their guards, are read as a majority has them. */
  majorityReads: boolean;
  majorityGuards: boolean;
  /** A document is replaced only where its guards are what was read: all of them, or only the one that is being raised. */
  replaceCompares: 'all guards' | 'own guard' | 'nothing';

  // What a node does.
  /** What failed is applied again as a whole, and under its guard. */
  afterFailure: 'again' | 'dropped' | 'again without guard';
  finishesLast: boolean;
  inOrder: boolean;
  /** A folder whose last segment is not the store's last takes a new id. */
  noticesOlderFolder: boolean;
  /** A folder takes a new id where a process runs as the old one. */
  noticesOtherProcess: boolean;
  /** A process says that it runs as a node only if nobody else has said so since it looked. */
  claimCompares: boolean;
  /** An open segment is not counted where the store has passed it, or its node runs elsewhere. */
  setsCopiesAside: boolean;
  /** Which id and number a process takes after one that did not end in order. */
  afterCrash: 'next number' | 'skips a number' | 'new id';

  // What the worker does.
  /** The guards of a node are removed only when its journal is counted. */
  removesCountedOnly: boolean;
  /** And only up to the segment that it had ended with. */
  removesUpToEnd: boolean;
}

export const RULES: Rules = {
  guardInFilter: true,
  majorityWrites: true,
  majorityReads: true,
  majorityGuards: true,
  replaceCompares: 'all guards',
  afterFailure: 'again',
  finishesLast: true,
  inOrder: true,
  noticesOlderFolder: true,
  noticesOtherProcess: true,
  claimCompares: true,
  setsCopiesAside: true,
  afterCrash: 'next number',
  removesCountedOnly: true,
  removesUpToEnd: true,
};
