// The main thread's side of the upkeep thread.
import { Worker } from 'node:worker_threads';
import { STOP_MS_MAX } from '../sharing/jobs.js';
import { endThread } from '../threads/ending.js';
import { type JobsHealth, type JobsWatch, NOT_KNOWN_YET } from './watch.js';

/** `place`: see compose.ts; plain data. Resolves when the thread has opened it, as reporting/client.ts does. */
export async function startUpkeepThread(place: object, threadUrl: URL, onEnded: (error: Error) => void): Promise<JobsWatch> {
  const thread = new Worker(threadUrl, { workerData: place, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  let state = NOT_KNOWN_YET;
  let closing = false;
  thread.on('message', (now: JobsHealth) => {
    state = now;
  });
  thread.on('error', (error) => !closing && onEnded(error));
  const opened = new Promise<void>((resolve) => thread.once('message', () => resolve()));
  await opened;
  return {
    state: () => state,
    async close() {
      closing = true;
      await endThread(thread, STOP_MS_MAX);
    },
  };
}
