// The main thread's side of the report thread.
import type { StoreLocation } from '../store/store.js';
import { StoreUnavailable } from '../store/unavailable.js';
import { CallTimedOut, type Moved, startThread, ThreadEnded } from '../threads/call.js';
import type { FirstView, FirstViewQuery, FirstViews, SitesView, SitesViewQuery } from './first-view.js';
import {
  type OverviewQuery,
  type ReportQuery,
  type Reports,
  ReportsBusy,
  ReportsUnavailable,
  type RollupQuery,
  RollupTooLarge,
  type SeveralReports,
} from './port.js';
import { createRollupQueue } from './rollup-queue.js';

/** What the report thread offers. It is started with a StoreLocation. */
export interface ReportThread {
  /** Resolves when the documents are open. */
  open(): Promise<void>;
  /** The report as JSON or CSV. */
  report(query: ReportQuery): Promise<string>;
  firstView(query: FirstViewQuery): Promise<FirstView>;
  sitesView(query: SitesViewQuery): Promise<SitesView>;
  rollup(query: RollupQuery): Promise<string>;
  /** As JSON. */
  overview(query: OverviewQuery): Promise<string>;
  several(queries: readonly ReportQuery[]): Promise<Moved<SeveralReports>>;
}

const NO_ANSWER = 'The store is not answering at the moment. Hits are stored in the meantime. Try again in a minute.';
/** A reader would not wait longer. */
const ANSWER_MS_MAX = 10_000;
/** How long a service that stops waits for a report that is being generated. */
const STOP_MS_MAX = 1_000;
/** More open calls mean that readers ask faster than reports can be generated. */
const OPEN_CALLS_MAX = 1000;
/** With more, a page asks for its numbers itself, like all other readers. */
const OPEN_CALLS_OF_FIRST_VIEW_MAX = 50;
const ROLLUPS = { waitingMax: 20, waitMsMax: ANSWER_MS_MAX, answerMsMax: ANSWER_MS_MAX };

export interface ReportsThread extends Reports, FirstViews {
  /**
   * The thread loads its program right after its start, and opens its documents only now: a process that exits while
   * one of its threads opens lmdb does not exit with its own exit code. Rejects when they cannot be opened.
   */
  open(): Promise<void>;
}

/** `onEnded` is called when the thread has failed. */
export function startReports(place: StoreLocation, threadUrl: URL, onEnded: (error: Error) => void): ReportsThread {
  const thread = startThread<ReportThread>(threadUrl, {
    workerData: place,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 },
    offers: {},
    onEnded,
  });
  const rollup = createRollupQueue((query) => thread.call('rollup', query), ROLLUPS);
  const ask = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    if (thread.openCalls() >= OPEN_CALLS_MAX) throw new ReportsBusy();
    try {
      return await call();
    } catch (error) {
      throw readable(error as Error);
    }
  };
  const isBusyForViews = (): boolean => thread.openCalls() >= OPEN_CALLS_OF_FIRST_VIEW_MAX;
  return {
    open: () => thread.call('open', undefined),
    async firstView(query) {
      if (isBusyForViews()) throw new ReportsBusy();
      return thread.call('firstView', query, { timeoutMs: ANSWER_MS_MAX });
    },
    async sitesView(query) {
      if (isBusyForViews()) throw new ReportsBusy();
      return thread.call('sitesView', query, { timeoutMs: ANSWER_MS_MAX });
    },
    report: (query) => ask(() => thread.call('report', query, { timeoutMs: ANSWER_MS_MAX })),
    rollup: (query, signal) => ask(() => rollup(query, signal)),
    overview: (query) => ask(() => thread.call('overview', query, { timeoutMs: ANSWER_MS_MAX })),
    several: (queries) => ask(() => thread.call('several', queries, { timeoutMs: ANSWER_MS_MAX })),
    close: () => thread.stop(STOP_MS_MAX),
  };
}

function readable(error: Error): Error {
  if (error instanceof CallTimedOut || error.name === StoreUnavailable.name) return new ReportsUnavailable(NO_ANSWER);
  if (error.name === RollupTooLarge.name) return new RollupTooLarge(error.message);
  return error instanceof ThreadEnded ? new Error('the service is stopping') : error;
}
