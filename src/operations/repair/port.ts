// Reads from the journals what they contain of a site's day. A journal is on the disk of its node. In the embedded mode
// the adapter reads the folder beside the store; in the distributed mode it asks the running nodes. contract.ts
// contains the tests that both adapters pass.
//
// The adapters are in this folder, not in store/<backend>/: they fold hits and use the journal, and the store must not
// depend on either. A new distributed backend needs a `Journals` and a `JournalResponder` here as well.
import type { Counters } from '../../counters/counters.js';

export interface JournalQuery {
  readonly site: string;
  /** `2026-11-20` */
  readonly day: string;
  /** For each collection (`content.2026`) and node: the last segment to count. */
  readonly upTo: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Like `upTo`: only segments after this number are counted. If absent, all stored segments are. */
  readonly after?: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** What one journal folder contains of one node, for one query. */
export interface JournalExtract {
  readonly node: string;
  /** The stored sealed segments, which have no gap between them. */
  readonly first: number;
  readonly last: number;
  /** When the first hit of segment `first` was received; undefined if this is unknown. */
  readonly firstReceivedMs: number | undefined;
  /** What the node's segments add to the day's documents, by collection. */
  readonly trees: ReadonlyMap<string, Counters>;
  /** The collections whose tree is too large to be sent. */
  readonly tooLarge: readonly string[];
}

export interface Journals {
  /**
   * Returns the extracts of all journals that can be reached, in the order of the queries. Many queries in one call
   * cost little more than the work itself. Rejects if a segment is damaged or the nodes cannot be asked.
   */
  query(queries: readonly JournalQuery[]): Promise<ReadonlyArray<readonly JournalExtract[]>>;
  /** The same for one query, synchronously. Returns undefined if the journals are on other machines. */
  queryNow(query: JournalQuery): readonly JournalExtract[] | undefined;
  /**
   * For some seconds nodes count as little as possible; they accept hits as usual. Correctness does not depend on it:
   * it makes the rewriting of documents that they count into succeed sooner. The pause also ends by itself.
   */
  pauseCounting(): Promise<void>;
  resumeCounting(): Promise<void>;
  close(): Promise<void>;
}

/** Answers the queries of other processes, in the process that counts a journal folder. */
export interface JournalResponder {
  /** Call this when the node was woken up. */
  checkForQueries(): void;
  /** Resolves when counting is not paused, or has been paused for too long. */
  untilResumed(): Promise<void>;
  close(): Promise<void>;
}
