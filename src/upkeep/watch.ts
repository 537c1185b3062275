// The state of the jobs of all processes. It is polled, so that /health can answer at once.
import type { JobsState } from '../sharing/jobs.js';
import { overdueSites, type UpkeepParts } from './schedule.js';

const JOBS_EVERY_MS = 2_000;
const OVERDUE_EVERY_MS = 60_000;

export interface JobsHealth extends JobsState {
  /** The number of sites with work that should have been done a day ago; `undefined` until it is known. */
  readonly overdueSites: number | undefined;
}

export interface JobsWatch {
  state(): JobsHealth;
  close(): Promise<void>;
}

export const NOT_KNOWN_YET: JobsHealth = { reachable: true, waiting: 0, failed: [], overdueSites: undefined };

/** `onChange` is called after each poll. */
export function watchJobs(
  parts: Pick<UpkeepParts, 'jobs' | 'accounts' | 'ledger' | 'nowMs'>,
  onChange: (state: JobsHealth) => void = () => {},
): JobsWatch {
  let state = NOT_KNOWN_YET;
  const pollJobs = async (): Promise<void> => {
    const jobs = await parts.jobs.state();
    state = { ...state, ...jobs };
    onChange(state);
  };
  const pollOverdue = async (): Promise<void> => {
    const overdue = await overdueSites(parts).catch(() => state.overdueSites);
    state = { ...state, overdueSites: overdue };
    onChange(state);
  };
  const timers = [setInterval(() => void pollJobs(), JOBS_EVERY_MS), setInterval(() => void pollOverdue(), OVERDUE_EVERY_MS)];
  void pollJobs();
  void pollOverdue();
  return {
    state: () => state,
    async close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
