// How the jobs of all processes stand, asked now and then, so that whoever wants to know need not wait.
import type { JobsState } from '../sharing/jobs.js';
import { overdueSites, type UpkeepParts } from './schedule.js';

const JOBS_EVERY_MS = 2_000;
const OVERDUE_EVERY_MS = 60_000;

export interface JobsHealth extends JobsState {
  /** Sites for which something should have been done a day ago, and was not; undefined until it was looked for. */
  readonly overdueSites: number | undefined;
}

export interface JobsWatch {
  state(): JobsHealth;
  close(): Promise<void>;
}

export const NOT_KNOWN_YET: JobsHealth = { reachable: true, waiting: 0, failed: [], overdueSites: undefined };

/** `onChange` is told each time that it was looked. */
export function watchJobs(
  parts: Pick<UpkeepParts, 'jobs' | 'accounts' | 'ledger' | 'nowMs'>,
  onChange: (state: JobsHealth) => void = () => {},
): JobsWatch {
  let state = NOT_KNOWN_YET;
  const lookAtJobs = async (): Promise<void> => {
    const jobs = await parts.jobs.state();
    state = { ...state, ...jobs };
    onChange(state);
  };
  const lookForOverdue = async (): Promise<void> => {
    const overdue = await overdueSites(parts).catch(() => state.overdueSites);
    state = { ...state, overdueSites: overdue };
    onChange(state);
  };
  const timers = [
    setInterval(() => void lookAtJobs(), JOBS_EVERY_MS),
    setInterval(() => void lookForOverdue(), OVERDUE_EVERY_MS),
  ];
  void lookAtJobs();
  void lookForOverdue();
  return {
    state: () => state,
    async close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
