// Tracks the progress of counting in this process and its failures, for /health and reports.
import type { LeftSegment } from '../journal/node.js';
import type { Counted, OtherNodes } from './protocol.js';

/** A store that has not answered for this long counts as failing, although nothing has failed yet. */
const SILENT_MS_MAX = 10_000;

export interface CountingState {
  readonly segments: number;
  readonly hits: number;
  readonly documents: number;
  readonly unreadableLines: number;
  readonly lastSegmentMs: number;
  /** Deltas that could not be added to their documents, and are stored as dead letters. */
  readonly setAside: number;
  /** Why the last attempt failed; undefined when it succeeded. */
  readonly failure: string | undefined;
}

/** What earlier processes left uncounted in the journal. */
export interface LeftSegments {
  readonly node: string;
  readonly left: readonly LeftSegment[];
  readonly leftCountedUntilMs: number | undefined;
}

export interface Progress {
  /** `openSinceMs`: when the segment was opened for its first hit. */
  closed(number: number, openSinceMs: number): void;
  /** Returns the bytes that no longer count as uncounted. */
  counted(counted: Counted): number;
  idle(): void;
  heartbeat(others: OtherNodes): void;
  /** Returns whether the reason is a new one. */
  failed(reason: string): boolean;
  /** Every hit that this process received before this time is in the documents. `openSinceMs`: of the open segment. */
  ownCountedUntilMs(openSinceMs: number | undefined): number;
  others(): OtherNodes;
  lastSegmentMs(): number;
  state(): CountingState;
}

export function trackProgress({ node, left, leftCountedUntilMs }: LeftSegments, nowMs: () => number): Progress {
  // Subtract exactly the bytes that were added: the size of a file includes its header and perhaps a torn last line.
  const leftBytes = new Map(left.map((segment) => [`${segment.node} ${segment.number}`, segment.bytes]));
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
  let lastHeartbeatMs = nowMs();
  let isLeftCounted = left.length === 0;

  return {
    closed: (number, openSinceMs) => void openSince.set(number, openSinceMs),
    counted({ segment, tookMs }) {
      if (segment.node === node) openSince.delete(segment.number);
      state = {
        segments: state.segments + 1,
        hits: state.hits + segment.hits,
        documents: state.documents + segment.documents,
        unreadableLines: state.unreadableLines + segment.unreadable,
        lastSegmentMs: Math.round(tookMs),
        setAside: state.setAside + segment.rejected.length,
        failure: undefined,
      };
      return leftBytes.get(`${segment.node} ${segment.number}`) ?? segment.bytes;
    },
    idle() {
      isLeftCounted = true;
    },
    heartbeat(now) {
      others = now;
      lastHeartbeatMs = nowMs();
      if (isLeftCounted && openSince.size === 0) state = { ...state, failure: undefined };
    },
    failed(reason) {
      const isNew = state.failure !== reason;
      state = { ...state, failure: reason };
      return isNew;
    },
    ownCountedUntilMs(openSinceMs) {
      if (!isLeftCounted) return leftCountedUntilMs ?? 0;
      const [oldest] = openSince.values();
      return oldest ?? openSinceMs ?? nowMs();
    },
    others: () => others,
    lastSegmentMs: () => state.lastSegmentMs,
    state() {
      const silentMs = nowMs() - lastHeartbeatMs;
      if (state.failure !== undefined || silentMs < SILENT_MS_MAX) return state;
      return { ...state, failure: `the store has not answered for ${Math.round(silentMs / 1000)} seconds` };
    },
  };
}
