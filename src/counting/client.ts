// The main thread's side of counting: starts the counter thread, closes the open segment when the thread is free,
// knows how far it is.
import { Worker } from 'node:worker_threads';
import type { Point } from '../hit/hit.js';
import type { Journal } from '../journal/journal.js';
import type { LeftSegment } from '../journal/node.js';
import type { Uncounted } from '../journal/packs.js';
import type { Registers } from '../journal/registers.js';
import type { SegmentName } from '../journal/segment.js';
import type { DocumentsPlace } from '../store/documents.js';
import { endThread, type STOP } from '../threads/ending.js';
import type { Flushed } from './count-segment.js';

export interface CounterData {
  readonly place: DocumentsPlace;
  readonly journalFolder: string;
  readonly node: string;
  /** The process, as the store knows it. */
  readonly boot: string;
  readonly journalKeepMs: number;
  readonly journalKeptBytesMax: number;
  /** What earlier processes left, in order; what the store has is passed over. */
  readonly left: readonly Uncounted[];
}

export type CounterMessage =
  | { readonly type: 'counted'; readonly flushed: Flushed; readonly tookMs: number }
  /** Nothing waits: the open segment may be closed. */
  | { readonly type: 'idle' }
  /** The documents could not be written; the same segment is tried again. */
  | { readonly type: 'failed'; readonly message: string }
  /** The store has heard of this node, and this is what it knows of the others that write into it. */
  | { readonly type: 'beat'; readonly others: OtherNodes }
  /** The sketches of these days of a site are deleted: they must be forgotten, and `forgotten` be answered. */
  | { readonly type: 'forget'; readonly id: number; readonly site: string; readonly from: string; readonly to: string };

/** Tells the thread of a closed segment, how far hits are counted, or to stop once everything is. */
export type CounterOrder =
  | { readonly closed: SegmentName; readonly closedAtMs: number; readonly points: readonly Point[] }
  | { readonly countedUntilMs: number }
  | { readonly forgotten: number }
  | typeof STOP;

/** The nodes that count into the same documents. */
export interface OtherNodes {
  readonly running: number;
  /** Every hit that any of them took before this moment is counted; undefined when there is none. */
  readonly countedUntilMs: number | undefined;
  /** Ids of those of which nothing was heard for a while: their hits wait on their disks. */
  readonly silent: readonly string[];
}

/** How long a segment stays open at the least: shorter, and the same documents are written more often for the same hits. */
const OPEN_MS_MIN = 250;
/**
 * A segment that takes long to count is kept open longer, so that counting leaves the machine to the beacons; but a
 * hit is counted within a second.
 */
const OPEN_PER_COUNTING = 4;
const OPEN_MS_MAX = 500;
const TICK_MS = 25;
/** While no segment is open: it is still seen long before it may be closed. */
const QUIET_TICK_MS = 100;
const BEAT_MS = 1000;
/** A store that has not answered for so long is said to be failing, though nothing has failed yet. */
const SILENT_MS_MAX = 10_000;

export interface Counting {
  /** Takes over a journal: from now on its segments are closed and counted. */
  watch(journal: Journal): void;
  closed(segment: SegmentName, points: readonly Point[]): void;
  /** Every hit that any node took before this moment is in the documents. */
  countedUntilMs(): number;
  others(): OtherNodes;
  state(): CountingState;
  /**
   * Counts what has been closed and ends the thread; after `timeoutMs` it is ended anyway, and the next start counts
   * the rest.
   */
  stop(timeoutMs: number): Promise<void>;
}

export interface CountingState {
  readonly segments: number;
  readonly hits: number;
  readonly documents: number;
  readonly unreadableLines: number;
  readonly lastSegmentMs: number;
  /** Documents' parts that could not be added, and are kept apart. */
  readonly setAside: number;
  /** Why the last attempt failed; undefined when it did not. */
  readonly failure: string | undefined;
}

export interface ParseContext {
  readonly threadUrl: URL;
  readonly registers: Pick<Registers, 'forget'>;
  readonly nowMs: () => number;
  /** The thread has ended, and with it the counting. */
  onEnded(error: Error): void;
  /** Why counting fails: said once for each reason, while it is tried again. */
  onFailed(message: string): void;
}

export function startCounting(
  data: Omit<CounterData, 'left'> & { readonly left: readonly LeftSegment[]; readonly leftCountedUntilMs: number | undefined },
  { threadUrl, registers, nowMs, onEnded, onFailed }: ParseContext,
): Counting {
  const thread = new Worker(threadUrl, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 },
  });
  let journal: Journal | undefined;
  let idle = false;
  let stopping = false;
  /** What is taken off the journal's account is what was put on it: a file has a header too, and perhaps a torn line. */
  const leftBytes = new Map(data.left.map(({ node, number, bytes }) => [`${node} ${number}`, bytes]));
  /** When each segment that is not counted yet was opened for its first hit, oldest first. */
  const openSince = new Map<number, number>();
  let state: CountingState = {
    segments: 0,
    hits: 0,
    documents: 0,
    unreadableLines: 0,
    lastSegmentMs: 0,
    setAside: 0,
    failure: undefined,
  };
  let others: OtherNodes = { running: 0, countedUntilMs: undefined, silent: [] };
  let lastOpenSinceMs = 0;
  let lastBeatMs = nowMs();
  let leftCounted = data.left.length === 0;

  const order = (message: CounterOrder) => thread.postMessage(message);
  let ticking: NodeJS.Timeout;
  const tick = (): void => {
    const since = journal?.openSinceMs();
    if (since !== undefined) lastOpenSinceMs = since;
    const openMs = Math.min(OPEN_MS_MAX, Math.max(OPEN_MS_MIN, state.lastSegmentMs * OPEN_PER_COUNTING));
    if (idle && since !== undefined && nowMs() - since >= openMs) journal?.rotate();
    ticking = setTimeout(tick, since === undefined ? QUIET_TICK_MS : TICK_MS);
  };
  tick();

  const ownCountedUntilMs = (): number => {
    if (!leftCounted) return data.leftCountedUntilMs ?? 0;
    const [oldest] = openSince.values();
    return oldest ?? journal?.openSinceMs() ?? nowMs();
  };
  const beat = setInterval(() => order({ countedUntilMs: ownCountedUntilMs() }), BEAT_MS);

  thread.on('message', (message: CounterMessage) => {
    if (message.type === 'idle') {
      idle = true;
      leftCounted = true;
    } else if (message.type === 'forget') {
      registers.forget(message.site, message.from, message.to);
      order({ forgotten: message.id });
    } else if (message.type === 'failed') {
      if (state.failure !== message.message) onFailed(message.message);
      state = { ...state, failure: message.message };
    } else if (message.type === 'beat') {
      others = message.others;
      lastBeatMs = nowMs();
      if (leftCounted && openSince.size === 0) state = { ...state, failure: undefined };
    } else {
      const { flushed, tookMs } = message;
      if (flushed.node === data.node) openSince.delete(flushed.number);
      journal?.counted(leftBytes.get(`${flushed.node} ${flushed.number}`) ?? flushed.bytes);
      state = {
        segments: state.segments + 1,
        hits: state.hits + flushed.hits,
        documents: state.documents + flushed.documents,
        unreadableLines: state.unreadableLines + flushed.unreadable,
        lastSegmentMs: Math.round(tookMs),
        setAside: state.setAside + flushed.rejected.length,
        failure: undefined,
      };
    }
  });
  thread.on('error', (error) => !stopping && onEnded(error));

  return {
    watch(watched) {
      journal = watched;
    },
    closed(segment, points) {
      idle = false;
      openSince.set(segment.number, lastOpenSinceMs);
      order({ closed: segment, closedAtMs: nowMs(), points });
    },
    countedUntilMs: () => Math.min(ownCountedUntilMs(), others.countedUntilMs ?? Number.POSITIVE_INFINITY),
    others: () => others,
    state() {
      const silentMs = nowMs() - lastBeatMs;
      if (state.failure !== undefined || silentMs < SILENT_MS_MAX) return state;
      return { ...state, failure: `the store has not answered for ${Math.round(silentMs / 1000)} seconds` };
    },
    async stop(timeoutMs) {
      stopping = true;
      clearTimeout(ticking);
      clearInterval(beat);
      await endThread(thread, timeoutMs);
    },
  };
}
