// Jobs on BullMQ. A worker that dies in the middle of one loses its lock, and another does it again.

import { setTimeout as delay } from 'node:timers/promises';
import { type Job as BullJob, type ConnectionOptions, Queue, WaitingError, Worker } from 'bullmq';
import { firstLine } from '../../system/first-line.js';
import { ATTEMPTS, FIRST_RETRY_MS, type Job, type Jobs, STOP_MS_MAX, type Work } from '../jobs.js';
import { NOTICES_SILENCE, type RedisConnection } from './connection.js';

const QUEUE = 'jobs';
/** How long a job's worker may be silent before another takes over. It renews its lock twice in that time. */
const LOCK_MS = 10_000;
const LOOK_FOR_STALLED_MS = 5_000;
/** A job whose workers have died so often is not to blame for it alone, but is shown as failed. */
const STALLED_MAX = 5;
const FAILED_MAX = 100;
const STATE_MS_MAX = 1_000;

export interface BullmqJobsOptions {
  readonly firstRetryMs?: number;
}

export function openBullmqJobs(redis: RedisConnection, { firstRetryMs = FIRST_RETRY_MS }: BullmqJobsOptions = {}): Jobs {
  // Between two lines of its own BullMQ puts colons, so the namespace must hold none.
  const prefix = `${redis.namespace}-bull`;
  // What was sent when it broke is sent again: every job has an id, so at worst one is done once more.
  const connection = redis.connect({ maxRetriesPerRequest: null, ...NOTICES_SILENCE });
  const queue = new Queue(QUEUE, { connection: connection as ConnectionOptions, prefix });
  queue.on('error', () => {}); // `state` says that the queue cannot be reached
  let blocking: ReturnType<RedisConnection['connect']> | undefined;
  let worker: Worker | undefined;
  let stopped = false;

  const retried = { attempts: ATTEMPTS, backoff: { type: 'exponential', delay: firstRetryMs }, removeOnComplete: true };

  const add = async (job: Job): Promise<void> => {
    const before = await queue.getJob(idOf(job));
    if (before !== undefined && (await before.isFailed())) await before.remove().catch(() => {});
    await queue.add(job.name, job.data, { ...retried, jobId: idOf(job), removeOnFail: { count: FAILED_MAX } });
  };

  const done = async (bullJob: BullJob, token: string | undefined, handlers: Readonly<Record<string, Work>>): Promise<void> => {
    const { name, data, repeatJobKey } = bullJob;
    // BullMQ gives each turn an id of its own, under which one that failed would never be found again
    if (repeatJobKey !== undefined) return add({ name, id: partOf(repeatJobKey, name), data });
    const work = handlers[name];
    if (work === undefined) throw new Error(`no process here knows how to do "${name}"`);
    try {
      await work({ name, id: partOf(bullJob.id, name), data }, () => stopped);
    } catch (error) {
      if (!stopped) throw error;
    }
    if (!stopped) return;
    // Done again by the next worker. No attempt: a long job outlives any number of deployments.
    await bullJob.moveToWait(token);
    throw new WaitingError();
  };

  return {
    add,

    async every(everyMs, job) {
      const before = await queue.getJobScheduler(idOf(job));
      // one whose turn is long over has lost it, with whatever else Redis has lost
      if (before?.every === everyMs && (before.next ?? 0) > Date.now() - everyMs) return;
      const template = { name: job.name, data: job.data, opts: { ...retried, removeOnFail: true } };
      await queue.upsertJobScheduler(idOf(job), { every: everyMs }, template);
    },

    work(handlers: Readonly<Record<string, Work>>) {
      blocking = redis.connect({ maxRetriesPerRequest: null });
      worker = new Worker(QUEUE, (job, token) => done(job, token, handlers), {
        connection: blocking as ConnectionOptions,
        prefix,
        concurrency: 1,
        lockDuration: LOCK_MS,
        stalledInterval: LOOK_FOR_STALLED_MS,
        maxStalledCount: STALLED_MAX,
        removeOnComplete: { count: 0 },
      });
      worker.on('error', () => {});
    },

    async state() {
      const unreachable = { reachable: false, waiting: 0, failed: [] };
      if (connection.status !== 'ready') return unreachable;
      const asked = (async () => {
        const [counts, schedules, failed] = await Promise.all([
          queue.getJobCounts('waiting', 'prioritized', 'delayed'),
          queue.getJobSchedulersCount(),
          queue.getFailed(0, FAILED_MAX - 1),
        ]);
        return {
          reachable: true,
          // without each schedule's next turn, which always stands there
          waiting: Math.max(0, sum(Object.values(counts)) - schedules),
          failed: failed.map(({ name, id, failedReason, finishedOn = 0, attemptsMade }) => ({
            name,
            id: partOf(id, name),
            reason: firstLine(failedReason),
            atMs: finishedOn,
            attempts: attemptsMade,
          })),
        };
      })();
      asked.catch(() => {});
      return Promise.race([asked, delay(STATE_MS_MAX, unreachable, { ref: false })]).catch(() => unreachable);
    },

    async close() {
      stopped = true;
      await Promise.race([worker?.close(), delay(STOP_MS_MAX, undefined, { ref: false })]).catch(() => {});
      blocking?.disconnect();
      connection.disconnect();
    },
  };
}

function idOf({ name, id }: Job): string {
  return `${name}-${id}`;
}

/** The job's id out of what `idOf` has made of it. */
function partOf(id: string | undefined, name: string): string {
  return id?.slice(name.length + 1) ?? '';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
