// The main thread's side of the report thread.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { DocumentsPlace } from '../store/documents.js';
import { endThread } from '../threads/ending.js';
import { type ReportQuery, type Reports, ReportsAway } from './port.js';

export interface ReportRequest {
  readonly id: number;
  readonly query: ReportQuery;
}
/** What the thread begins with: it loads its program at once, and opens its documents when `gate` says so. */
export interface ReportsData {
  readonly place: DocumentsPlace;
  readonly gate: MessagePort;
}
/** It may open its documents; and it says so itself when they are open. */
export const OPEN = 'open';
export type ReportAnswer = { readonly id: number } & (
  | { readonly json: string }
  | { readonly error: string }
  /** The store does not answer. */
  | { readonly away: string }
);

const AWAY = 'The store does not answer at the moment. Hits are kept meanwhile. Try again in a minute.';
/** A reader would not wait longer. */
const ANSWER_MS_MAX = 10_000;
/** A report that is being made when the service stops is not waited for any longer. */
const STOP_MS_MAX = 1_000;
/** More waiting than this means that readers ask faster than reports can be made. */
const WAITING_MAX = 1000;

export interface ReportsThread extends Reports {
  /**
   * Resolves when the thread has opened its documents: a process that ends while one of its threads opens lmdb does
   * not end with its own exit code.
   */
  open(): Promise<void>;
}

/**
 * Begins to load the thread's program, while the process goes on. `onEnded` is told when the thread cannot go on,
 * also before it is open.
 */
export function startReports(place: DocumentsPlace, threadUrl: URL, onEnded: (error: Error) => void): ReportsThread {
  const { port1: opener, port2: gate } = new MessageChannel();
  const thread = new Worker(threadUrl, {
    workerData: { place, gate } satisfies ReportsData,
    transferList: [gate],
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 },
  });
  interface Asked {
    readonly resolve: (json: string) => void;
    readonly reject: (error: Error) => void;
    readonly givingUp: NodeJS.Timeout;
  }
  const waiting = new Map<number, Asked>();
  let lastId = 0;
  let closing = false;

  const opened = new Promise<void>((resolve) => thread.once('message', () => resolve()));
  thread.on('message', (answer: ReportAnswer | typeof OPEN) => {
    if (answer === OPEN) return;
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    clearTimeout(asked?.givingUp);
    if ('json' in answer) asked?.resolve(answer.json);
    else asked?.reject('away' in answer ? new ReportsAway(AWAY) : new Error(answer.error));
  });
  thread.on('error', (error) => !closing && onEnded(error));

  return {
    async open() {
      opener.postMessage(OPEN);
      await opened;
    },
    report(query) {
      if (waiting.size >= WAITING_MAX) {
        return Promise.reject(new ReportsAway('Too many reports are being made at the moment. Try again in a minute.'));
      }
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        const givingUp = setTimeout(() => {
          waiting.delete(id);
          reject(new ReportsAway(AWAY));
        }, ANSWER_MS_MAX);
        waiting.set(id, { resolve, reject, givingUp });
        thread.postMessage({ id, query } satisfies ReportRequest);
      });
    },
    async close() {
      closing = true;
      opener.close();
      await endThread(thread, STOP_MS_MAX);
      for (const { reject, givingUp } of waiting.values()) {
        clearTimeout(givingUp);
        reject(new Error('the service is stopping'));
      }
    },
  };
}
