// Jobs within one process. They are not stored on disk, because the sweep finds all due work again (upkeep/schedule.ts).

import { setTimeout as delay } from 'node:timers/promises';
import { firstLine } from '../../system/first-line.js';
import { ATTEMPTS, type FailedJob, FIRST_RETRY_MS, type Job, type Jobs, STOP_MS_MAX, type Work } from '../jobs.js';

export interface LocalJobsOptions {
  readonly nowMs?: () => number;
  readonly firstRetryMs?: number;
}

export function openLocalJobs({ nowMs = Date.now, firstRetryMs = FIRST_RETRY_MS }: LocalJobsOptions = {}): Jobs {
  const waiting = new Map<string, Job>();
  const failed = new Map<string, FailedJob>();
  const timers = new Map<string, { everyMs: number; timer: NodeJS.Timeout }>();
  const stop = new AbortController();
  const isStopped = () => stop.signal.aborted;
  let handlers: Readonly<Record<string, Work>> = {};
  let running: Promise<void> | undefined;

  const add = (job: Job): void => {
    const key = keyOf(job);
    failed.delete(key);
    waiting.set(key, job);
    running ??= runAll();
  };

  /** Only jobs that have a handler; others wait. */
  const next = (): Job | undefined => [...waiting.values()].find(({ name }) => Object.hasOwn(handlers, name));

  const runAll = async (): Promise<void> => {
    await Promise.resolve(); // so that the caller that adds a job does not wait for it
    for (let job = next(); job !== undefined && !isStopped(); job = next()) {
      waiting.delete(keyOf(job));
      await run(job);
    }
    running = undefined;
  };

  const run = async (job: Job): Promise<void> => {
    const work = handlers[job.name] as Work;
    for (let attempt = 1; !isStopped(); attempt++) {
      try {
        await work(job, isStopped);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) {
          const { name, id } = job;
          failed.set(keyOf(job), { name, id, reason: firstLine(error), atMs: nowMs(), attempts: attempt });
          return;
        }
      }
      await delay(firstRetryMs * 2 ** (attempt - 1), undefined, { signal: stop.signal }).catch(() => {});
    }
  };

  return {
    async add(job) {
      add(job);
    },
    async every(everyMs, job) {
      const before = timers.get(keyOf(job));
      if (before?.everyMs === everyMs) return;
      clearInterval(before?.timer);
      add(job);
      timers.set(keyOf(job), { everyMs, timer: setInterval(() => add(job), everyMs).unref() });
    },
    work(given) {
      handlers = given;
      running ??= runAll();
    },
    state: async () => ({ reachable: true, waiting: waiting.size, failed: [...failed.values()] }),
    async close() {
      for (const { timer } of timers.values()) clearInterval(timer);
      stop.abort();
      await Promise.race([running, delay(STOP_MS_MAX, undefined, { ref: false })]);
    },
  };
}

function keyOf({ name, id }: Job): string {
  return `${name}:${id}`;
}
