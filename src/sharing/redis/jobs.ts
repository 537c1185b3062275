// Jobs on BullMQ. A worker that exits in the middle of a job loses its lock, and another worker does the job again.

import { setTimeout as delay } from 'node:timers/promises';
import { type Job as BullJob, type ConnectionOptions, Queue, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { firstLine } from '../../system/first-line.js';
import { ATTEMPTS, FIRST_RETRY_MS, type Job, type Jobs, type JobsState, STOP_MS_MAX, type Work } from '../jobs.js';
import { NOTICES_SILENCE, type RedisConnection } from './connection.js';

const QUEUE = 'jobs';
/** If a worker does not renew its lock for this long, another takes over. It normally does so twice in that time. */
const LOCK_MS = 10_000;
const CHECK_FOR_STALLED_MS = 5_000;
/** After this many workers have exited during a job, it is shown as failed, even if it was not the cause. */
const STALLED_MAX = 5;
const FAILED_MAX = 100;
const STATE_MS_MAX = 1_000;

export interface BullmqJobsOptions {
  readonly firstRetryMs?: number;
}

export function openBullmqJobs(redis: RedisConnection, { firstRetryMs = FIRST_RETRY_MS }: BullmqJobsOptions = {}): Jobs {
  // BullMQ separates the parts of its keys by colons, so the prefix must not contain any.
  const prefix = `${redis.namespace}-bull`;
  // Commands are sent again after the connection broke. Every job has an id, so at worst one is done twice.
  const connection = redis.connect({ maxRetriesPerRequest: null, ...NOTICES_SILENCE });
  const queue = new Queue(QUEUE, { connection: connection as ConnectionOptions, prefix });
  queue.on('error', () => {}); // `state` reports that the queue is unavailable
  let blocking: Redis | undefined;
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
    // BullMQ gives each repetition a new id. Under such an id, nobody could find a failed job again.
    if (repeatJobKey !== undefined) return add({ name, id: partOf(repeatJobKey, name), data });
    const work = handlers[name];
    if (work === undefined) throw new Error(`this process has no handler for the job "${name}"`);
    try {
      await work({ name, id: partOf(bullJob.id, name), data }, () => stopped);
    } catch (error) {
      if (!stopped) throw error;
    }
    if (!stopped) return;
    // The next worker does it again. This does not count as an attempt, so that long jobs survive any number of restarts.
    await bullJob.moveToWait(token);
    throw new WaitingError();
  };

  return {
    add,

    async every(everyMs, job) {
      const before = await queue.getJobScheduler(idOf(job));
      // If the next turn of a schedule is in the past, Redis has lost that turn with other data.
      if (before?.every === everyMs && (before.next ?? 0) > Date.now() - everyMs) return;
      const template = { name: job.name, data: job.data, opts: { ...retried, removeOnFail: true } };
      await queue.upsertJobScheduler(idOf(job), { every: everyMs }, template);
    },

    work(handlers: Readonly<Record<string, Work>>) {
      blocking = redis.connect({ maxRetriesPerRequest: null });
      worker = openWorker(blocking, prefix, (job, token) => done(job, token, handlers));
    },

    state: () => (connection.status === 'ready' ? stateOf(queue) : Promise.resolve(UNREACHABLE)),

    async close() {
      stopped = true;
      await Promise.race([worker?.close(), delay(STOP_MS_MAX, undefined, { ref: false })]).catch(() => {});
      blocking?.disconnect();
      connection.disconnect();
    },
  };
}

function openWorker(connection: Redis, prefix: string, done: (job: BullJob, token: string | undefined) => Promise<void>): Worker {
  const worker = new Worker(QUEUE, done, {
    connection: connection as ConnectionOptions,
    prefix,
    concurrency: 1,
    lockDuration: LOCK_MS,
    stalledInterval: CHECK_FOR_STALLED_MS,
    maxStalledCount: STALLED_MAX,
    removeOnComplete: { count: 0 },
  });
  worker.on('error', () => {});
  return worker;
}

const UNREACHABLE: JobsState = { reachable: false, waiting: 0, failed: [] };

async function stateOf(queue: Queue): Promise<JobsState> {
  const state = readState(queue);
  state.catch(() => {}); // it may reject after the timeout
  return Promise.race([state, delay(STATE_MS_MAX, UNREACHABLE, { ref: false })]).catch(() => UNREACHABLE);
}

async function readState(queue: Queue): Promise<JobsState> {
  const [counts, schedules, failed] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'delayed'),
    queue.getJobSchedulersCount(),
    queue.getFailed(0, FAILED_MAX - 1),
  ]);
  return {
    reachable: true,
    // The next turn of each schedule is always among the counted jobs, but does not wait.
    waiting: Math.max(0, sum(Object.values(counts)) - schedules),
    failed: failed.map(({ name, id, failedReason, finishedOn = 0, attemptsMade }) => ({
      name,
      id: partOf(id, name),
      reason: firstLine(failedReason),
      atMs: finishedOn,
      attempts: attemptsMade,
    })),
  };
}

function idOf({ name, id }: Job): string {
  return `${name}-${id}`;
}

/** The reverse of `idOf`. */
function partOf(id: string | undefined, name: string): string {
  return id?.slice(name.length + 1) ?? '';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
