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
  /**
   * What a number stands for is fixed in the store before anything of the segment is applied; a folder that has
   * another history sets the rest of it aside. Production has no such step: this says what it would be good for.
   */
  begins: boolean;
  inOrder: boolean;
  /** A folder whose last segment is not the store's last takes a new id. */
  noticesOlderFolder: boolean;
  /** A folder takes a new id where a process runs as the old one. */
  noticesOtherProcess: boolean;
  /**
   * Which process is taken for ended without listening for it: the one that both the folder and the store name, if it
   * ran on this machine.
   */
  takesForEnded: 'the same of this machine' | 'the same, wherever it ran' | 'any of this machine' | 'none';
  /** Whether a process runs as a node is told from the state that the claim compares, not from one that may be older. */
  listensToWhatItSaw: boolean;
  /** A process says that it runs as a node only if nobody else has said so since it looked. */
  claimCompares: boolean;
  /** A process marks only the end of what no other has taken over since. */
  endCompares: boolean;
  /** An open segment is not counted where the store has passed it, or its node runs elsewhere. */
  setsCopiesAside: boolean;
  /** When a process writes on under the id that the folder has. */
  goesOn: 'always' | 'after an end in order' | 'never';

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
  begins: false,
  inOrder: true,
  noticesOlderFolder: true,
  noticesOtherProcess: true,
  takesForEnded: 'the same of this machine',
  listensToWhatItSaw: true,
  claimCompares: true,
  endCompares: true,
  setsCopiesAside: true,
  goesOn: 'after an end in order',
  removesCountedOnly: true,
  removesUpToEnd: true,
};
