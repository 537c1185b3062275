// The main thread's side of the upkeep thread.
import { STOP_MS_MAX } from '../sharing/jobs.js';
import { startThread } from '../threads/call.js';
import { type JobsHealth, type JobsWatch, NOT_KNOWN_YET } from './watch.js';

/** What the upkeep thread offers. It is started with the location of the store; see process/compose.ts. */
export interface UpkeepThread {
  /** Resolves when the store is open and jobs are being done. */
  open(): Promise<void>;
}

/** What the upkeep thread calls in the main thread. */
export interface UpkeepWatcher {
  state(state: JobsHealth): void;
}

export interface UpkeepClient extends JobsWatch {
  /** Resolves when the store is open. Rejects when it cannot be opened. */
  open(): Promise<void>;
}

/** `place` is plain data. `onEnded` is called when the thread has failed. */
export function startUpkeepThread(place: object, threadUrl: URL, onEnded: (error: Error) => void): UpkeepClient {
  let state = NOT_KNOWN_YET;
  const thread = startThread<UpkeepThread, UpkeepWatcher>(threadUrl, {
    workerData: place,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    offers: {
      state(now) {
        state = now;
      },
    },
    onEnded,
  });
  return {
    open: () => thread.call('open', undefined),
    state: () => state,
    close: () => thread.stop(STOP_MS_MAX),
  };
}
