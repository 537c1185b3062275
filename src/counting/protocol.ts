// What the main thread and the counter thread call in each other.
import type { Point } from '../hit/hit.js';
import type { Uncounted } from '../journal/packs.js';
import type { SegmentName } from '../journal/segment.js';
import type { StoreLocation } from '../store/store.js';
import type { CountedSegment } from './count-segment.js';

/** What the counter thread is started with. */
export interface CounterData {
  readonly place: StoreLocation;
  readonly journalFolder: string;
  readonly node: string;
  /** Identifies this run of the process in the store. */
  readonly boot: string;
  readonly journalKeepMs: number;
  readonly journalKeptBytesMax: number;
  /** Segments and packs of earlier processes, in order. Those that the store contains already are skipped. */
  readonly left: readonly Uncounted[];
}

/** What the counter thread offers. */
export interface CounterThread {
  /** A segment was closed and can be counted. */
  closed(segment: ClosedSegment): void;
  /** Every second: all hits that this node received before this time are counted. */
  countedUntil(atMs: number): void;
}

export interface ClosedSegment {
  readonly segment: SegmentName;
  readonly closedAtMs: number;
  readonly points: readonly Point[];
}

/** What the counter thread calls in the main thread. */
export interface CounterWatcher {
  counted(counted: Counted): void;
  /** No segment waits, so the open one may be closed. */
  idle(): void;
  /** The documents could not be written. The same segment is tried again. */
  failed(message: string): void;
  /** The store knows that this process runs, and this is what it knows of the other nodes. */
  heartbeat(others: OtherNodes): void;
  /** Removes sketches that were deleted from the journal, which only the main thread writes. */
  forget(sketches: DeletedSketches): void;
}

export interface Counted {
  readonly segment: CountedSegment;
  readonly tookMs: number;
}

/** The sketches of these local days of a site, both inclusive. */
export interface DeletedSketches {
  readonly site: string;
  readonly from: string;
  readonly to: string;
}

/** The nodes that count into the same documents. */
export interface OtherNodes {
  readonly running: number;
  /** Every hit that any of them received before this time is counted; undefined when there is no other node. */
  readonly countedUntilMs: number | undefined;
  /** Ids of nodes without a heartbeat for a while: their hits wait on their disks. */
  readonly silent: readonly string[];
}
