// Upkeep work. Each job is done at least once. Doing it twice, or in two processes at once, must have the same result.

export interface Job {
  readonly name: string;
  /** Two jobs with the same name and id do not wait at the same time. */
  readonly id: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/**
 * Does a job. If it throws, it is tried again, and the error is the reason that is shown. It returns soon after
 * `isStopped` has become true, and is then done again by another worker.
 */
export type Work = (job: Job, isStopped: () => boolean) => Promise<void>;

/** The last attempt has failed. Adding the job again starts new attempts. */
export interface FailedJob {
  readonly name: string;
  readonly id: string;
  /** One line. */
  readonly reason: string;
  readonly atMs: number;
  readonly attempts: number;
}

export interface JobsState {
  /** Whether the queue is available now. */
  readonly reachable: boolean;
  readonly waiting: number;
  readonly failed: readonly FailedJob[];
}

export interface Jobs {
  add(job: Job): Promise<void>;
  /**
   * Adds this job now, and again every `everyMs`, once for all processes. Repeating the call with the same interval
   * changes nothing; another interval replaces the first.
   */
  every(everyMs: number, job: Job): Promise<void>;
  /** Starts to do jobs, one at a time. `handlers` are by the names of jobs. */
  work(handlers: Readonly<Record<string, Work>>): void;
  /** Never rejects, and never waits for long. */
  state(): Promise<JobsState>;
  /** Asks the running job to stop, and waits a few seconds for it. */
  close(): Promise<void>;
}

/** Enough for a temporary failure, such as a failover, to be over before the last attempt. */
export const ATTEMPTS = 5;
/** The pause before the second attempt. It doubles each time. */
export const FIRST_RETRY_MS = 1_000;
export const STOP_MS_MAX = 5_000;
