// What /health says: sums and states of this process, and of what it shares with others. Nothing of any one site.
import type { Accounts } from './accounts/port.js';
import type { Counting } from './flush/counting.js';
import type { FailedJob, Jobs } from './jobs/port.js';
import { overdueSites } from './jobs/upkeep.js';
import type { Journal } from './journal/journal.js';
import type { Ledger } from './ledger/port.js';
import type { Limits, Salts } from './limits/port.js';
import type { Feed } from './live/port.js';
import type { BeaconTally } from './web/beacon.js';

const JOBS_EVERY_MS = 5_000;
const OVERDUE_EVERY_MS = 60_000;

export interface HealthParts {
  readonly node: string;
  readonly durability: string;
  readonly journal: Journal;
  readonly counting: Counting;
  readonly tally: BeaconTally;
  readonly accounts: Accounts;
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly salts: Salts;
  readonly limits: Limits;
  readonly feed: Feed;
  readonly nowMs: () => number;
}

interface JobsHealth {
  readonly reachable: boolean;
  readonly waiting: number;
  readonly failed: readonly FailedJob[];
  /** Sites for which something should have been done a day ago, and was not; undefined until it was looked for. */
  readonly overdueSites: number | undefined;
}

export interface HealthReporter {
  report(): object;
  close(): void;
}

/** Jobs are asked about now and then, not by each reader of /health. */
export function createHealth(parts: HealthParts): HealthReporter {
  const { journal, counting, tally, nowMs } = parts;
  const startedMs = nowMs();
  let jobs: JobsHealth = { reachable: true, waiting: 0, failed: [], overdueSites: undefined };

  const lookAtJobs = async (): Promise<void> => {
    const state = await parts.jobs.state();
    jobs = { ...jobs, ...state };
  };
  const lookForOverdue = async (): Promise<void> => {
    const overdue = await overdueSites(parts).catch(() => jobs.overdueSites);
    jobs = { ...jobs, overdueSites: overdue };
  };
  const timers = [
    setInterval(() => void lookAtJobs(), JOBS_EVERY_MS),
    setInterval(() => void lookForOverdue(), OVERDUE_EVERY_MS),
  ];
  void lookAtJobs();
  void lookForOverdue();

  const status = (): 'ok' | 'degraded' | 'failing' => {
    if (journal.failure() !== undefined || counting.state().failure !== undefined) return 'failing';
    const isShared = [parts.salts.state(), parts.limits.state(), parts.feed.state()].every(({ shared }) => shared);
    const isDone = jobs.reachable && jobs.failed.length === 0 && (jobs.overdueSites ?? 0) === 0;
    return isShared && isDone && counting.others().silent.length === 0 ? 'ok' : 'degraded';
  };

  return {
    report: () => ({
      status: status(),
      node: parts.node,
      upSeconds: Math.floor((nowMs() - startedMs) / 1000),
      beacon: { ...tally, refusedTotal: Object.values(tally.refused).reduce((sum, n) => sum + n, 0) },
      journal: {
        durability: parts.durability,
        uncountedBytes: journal.uncountedBytes(),
        failure: journal.failure()?.message,
      },
      counting: { ...counting.state(), countedUntil: new Date(counting.countedUntilMs()).toISOString() },
      otherNodes: { running: counting.others().running, silent: counting.others().silent },
      jobs,
      salts: parts.salts.state(),
      limits: parts.limits.state(),
      live: parts.feed.state(),
    }),
    close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
