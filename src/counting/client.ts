// The main thread's side of counting: starts the counter thread, and closes the open segment when that thread has
// nothing to do.
import type { Point } from '../hit/hit.js';
import type { Journal } from '../journal/journal.js';
import type { Registers } from '../journal/registers.js';
import type { SegmentName } from '../journal/segment.js';
import { type SiteChanges, trackSiteChanges } from '../store/site-changes.js';
import { startThread } from '../threads/call.js';
import { type CountingState, type LeftSegments, trackProgress } from './progress.js';
import type { CounterData, CounterThread, CounterWatcher, OtherNodes } from './protocol.js';

/** The minimum time for which a segment is open. Shorter segments would write the same documents more often. */
const OPEN_MS_MIN = 250;
/**
 * A segment is open for this many times as long as counting the last one took, so that counting leaves processor time
 * for the beacons. The limit is OPEN_MS_MAX, so that a hit is counted within a second.
 */
const OPEN_PER_COUNTING = 4;
const OPEN_MS_MAX = 500;
const TICK_MS = 25;
/** While no segment is open. It is short enough to see a new segment well before it may be closed. */
const QUIET_TICK_MS = 100;
const HEARTBEAT_MS = 1000;

export interface Counting {
  /** Takes over a journal: from now on its segments are closed and counted. */
  watch(journal: Journal): void;
  /** To be called when a segment of the journal was closed. */
  closed(segment: SegmentName, points: readonly Point[]): void;
  /** Every hit that any node received before this time is in the documents. */
  countedUntilMs(): number;
  others(): OtherNodes;
  readonly changes: SiteChanges;
  state(): CountingState;
  /**
   * Counts the closed segments and ends the thread. After `timeoutMs` the thread is terminated, and the next start
   * counts the rest.
   */
  stop(timeoutMs: number): Promise<void>;
}

export interface CountingContext {
  readonly threadUrl: URL;
  readonly registers: Pick<Registers, 'forget'>;
  readonly nowMs: () => number;
  /** The thread has failed, so nothing is counted any more. */
  onEnded(error: Error): void;
  /** Counting fails and is tried again. Called once for each reason. */
  onFailed(reason: string): void;
}

export function startCounting(
  data: Omit<CounterData, 'left'> & LeftSegments,
  { threadUrl, registers, nowMs, onEnded, onFailed }: CountingContext,
): Counting {
  const progress = trackProgress(data, nowMs);
  const changes = trackSiteChanges(data.place.mongodbUri === undefined);
  let journal: Journal | undefined;
  let isIdle = false;
  const thread = startThread<CounterThread, CounterWatcher>(threadUrl, {
    workerData: data satisfies CounterData,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 },
    offers: {
      counted(counted) {
        const bytes = progress.counted(counted);
        changes.counted(counted.segment.sites);
        journal?.counted(bytes);
      },
      idle() {
        isIdle = true;
        progress.idle();
      },
      failed: (reason) => progress.failed(reason) && onFailed(reason),
      heartbeat: progress.heartbeat,
      forget: ({ site, from, to }) => registers.forget(site, from, to),
    },
    onEnded,
  });

  let lastOpenSinceMs = 0;
  let ticking: NodeJS.Timeout;
  const closeWhenDue = (): void => {
    const sinceMs = journal?.openSinceMs();
    if (sinceMs !== undefined) lastOpenSinceMs = sinceMs;
    const openMs = Math.min(OPEN_MS_MAX, Math.max(OPEN_MS_MIN, progress.lastSegmentMs() * OPEN_PER_COUNTING));
    if (isIdle && sinceMs !== undefined && nowMs() - sinceMs >= openMs) journal?.rotate();
    ticking = setTimeout(closeWhenDue, sinceMs === undefined ? QUIET_TICK_MS : TICK_MS);
  };
  closeWhenDue();

  const ownCountedUntilMs = () => progress.ownCountedUntilMs(journal?.openSinceMs());
  const heartbeat = setInterval(() => thread.notify('countedUntil', ownCountedUntilMs()), HEARTBEAT_MS);

  return {
    watch(watched) {
      journal = watched;
    },
    closed(segment, points) {
      isIdle = false;
      progress.closed(segment.number, lastOpenSinceMs);
      thread.notify('closed', { segment, closedAtMs: nowMs(), points });
    },
    countedUntilMs: () => Math.min(ownCountedUntilMs(), progress.others().countedUntilMs ?? Number.POSITIVE_INFINITY),
    others: progress.others,
    changes,
    state: progress.state,
    async stop(timeoutMs) {
      clearTimeout(ticking);
      clearInterval(heartbeat);
      await thread.stop(timeoutMs);
    },
  };
}
