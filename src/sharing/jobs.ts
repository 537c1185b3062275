// Work beside counting. Each job is done at least once: done twice, or by two at the same time, it must come to the same.

export interface Job {
  readonly name: string;
  /** Says which piece of work it is: one of a name and id does not wait twice. */
  readonly id: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/**
 * Does a job. What it throws is the reason for which it is tried again; when asked to stop it returns soon, and the
 * job is done again.
 */
export type Work = (job: Job, isStopped: () => boolean) => Promise<void>;

/** Tried for the last time, and not done. Whoever adds it again has it tried again. */
export interface FailedJob {
  readonly name: string;
  readonly id: string;
  /** One line. */
  readonly reason: string;
  readonly atMs: number;
  readonly attempts: number;
}

export interface JobsState {
  /** Whether the queue can be asked at all at the moment. */
  readonly reachable: boolean;
  readonly waiting: number;
  readonly failed: readonly FailedJob[];
}

export interface Jobs {
  add(job: Job): Promise<void>;
  /**
   * Has this job added now and again after each `everyMs`, once for all processes, until another interval is set.
   * Said again, it changes nothing.
   */
  every(everyMs: number, job: Job): Promise<void>;
  /** Does jobs from now on, one at a time, by their names. */
  work(handlers: Readonly<Record<string, Work>>): void;
  /** Never rejects, and answers soon. */
  state(): Promise<JobsState>;
  /** Tells what runs to stop, and waits for it for a few seconds. */
  close(): Promise<void>;
}

/** A failure that passes by itself, a failover say, is over before the last attempt. */
export const ATTEMPTS = 5;
/** Before the second attempt; then twice as long each time. */
export const FIRST_RETRY_MS = 1_000;
export const STOP_MS_MAX = 5_000;
