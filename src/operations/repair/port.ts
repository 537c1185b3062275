// What journals hold of one site's day. A journal is on its node's own disk: the adapter of the embedded mode reads
// the folder beside the store, that of the distributed mode asks the nodes that run. contract.ts says what both must
// do.
import type { Counters } from '../../counters/counters.js';

export interface Question {
  readonly site: string;
  /** `2026-11-20` */
  readonly day: string;
  /** By collection (`content.2026`) and node: segments up to this number. */
  readonly upTo: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** As `upTo`: only segments after this number. Absent: from the first one kept. */
  readonly after?: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** One node's part, out of one journal folder. */
export interface JournalPart {
  readonly node: string;
  /** The sealed segments that are there, without a gap. */
  readonly first: number;
  readonly last: number;
  /** When the first hit of the first of them was taken; undefined when that cannot be told. */
  readonly firstReceivedMs: number | undefined;
  /** What the node's segments count into the day's documents, by collection. */
  readonly trees: ReadonlyMap<string, Counters>;
  /** Collections whose tree is too large to be sent. */
  readonly tooLarge: readonly string[];
}

export interface Journals {
  /**
   * To each question, in order, the parts of all journals that can be reached. Asking many at once costs little more
   * than the work. Rejects when a segment is damaged, or the nodes cannot be asked.
   */
  ask(questions: readonly Question[]): Promise<ReadonlyArray<readonly JournalPart[]>>;
  /** The same to one, at once, in one turn of the event loop; undefined where journals are on other machines. */
  askNow(question: Question): readonly JournalPart[] | undefined;
  /**
   * For some seconds from now on nodes count as little as they can; hits are taken as ever. Nothing that is right
   * depends on it: it makes rewriting what they write into succeed sooner. Ends by itself.
   */
  hold(): Promise<void>;
  release(): Promise<void>;
  close(): Promise<void>;
}

/** The other side: a process that has a journal folder, and counts it. */
export interface Responder {
  /** This node was called: looks whether it is asked something. */
  look(): void;
  /** Resolves when nobody holds the counting, or has for too long. */
  notHeld(): Promise<void>;
  close(): Promise<void>;
}
