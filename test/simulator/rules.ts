// Each rule that makes counting exact and is not in the code under test. With any one of them switched off, the
// simulation must fail: see mutants.ts.

export interface Rules {
  // What is requested of a server.
  /** An update matches only a document that does not contain its segment. */
  guardInFilter: boolean;
  /** An answer is sent when a majority has the write. */
  majorityWrites: boolean;
  /** Documents and their guards are read as a majority has them. */
  majorityReads: boolean;
  majorityGuards: boolean;
  /**
   * A document is replaced only where its guards are as they were read: all of them, or only the one that is raised.
   */
  replaceCompares: 'all guards' | 'own guard' | 'nothing';

  // What a node does.
  /** What failed is applied again as a whole, with its guard. */
  afterFailure: 'again' | 'dropped' | 'again without guard';
  finishesLast: boolean;
  /**
   * The contents of a number are fixed in the store before anything of the segment is applied; a folder with another
   * history quarantines the rest. Production does not do this: the rule shows what it would be good for.
   */
  begins: boolean;
  inOrder: boolean;
  /** A folder whose last segment is not the store's last gets a new id. */
  noticesOlderFolder: boolean;
  /** A folder gets a new id if a process runs as the old one. */
  noticesOtherProcess: boolean;
  /**
   * Which process is assumed to have ended without listening for it: the one that both the folder and the store name,
   * if it ran on this machine.
   */
  takesForEnded: 'the same of this machine' | 'the same, wherever it ran' | 'any of this machine' | 'none';
  /** Whether a process runs as a node is derived from the state that the claim compares, not from an older one. */
  listensToWhatItSaw: boolean;
  /** A process claims a node only if no other has claimed it since the state was read. */
  claimCompares: boolean;
  /** A process marks the end of a node only if no other has claimed it since. */
  endCompares: boolean;
  /** An open segment is not counted where the store has passed its number, or its node runs elsewhere. */
  setsCopiesAside: boolean;
  /** When a process continues under the id of the folder. */
  goesOn: 'always' | 'after an end in order' | 'never';

  // What the worker does.
  /** The guards of a node are removed only when its journal is counted. */
  removesCountedOnly: boolean;
  /** And only up to the segment with which it ended. */
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
