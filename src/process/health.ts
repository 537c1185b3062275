// The answer of /health: sums and states of this process, and of what it shares with others. Nothing about single sites.
import type { Counting } from '../counting/client.js';
import type { Journal } from '../journal/journal.js';
import type { Feed } from '../sharing/feed.js';
import type { Limits } from '../sharing/limits.js';
import type { Salts } from '../sharing/salts.js';
import type { JobsWatch } from '../upkeep/watch.js';
import type { BeaconTally } from '../web/beacon.js';
import type { Intake } from './intake.js';

export interface HealthParts {
  readonly node: string;
  readonly durability: string;
  readonly journal: Journal;
  readonly counting: Counting;
  readonly intake: Intake;
  readonly tally: BeaconTally;
  readonly jobs: JobsWatch;
  readonly salts: Salts;
  readonly limits: Limits;
  readonly feed: Feed;
  readonly nowMs: () => number;
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing';
}

/** Returns a function that makes the answer of /health. */
export function createHealth(parts: HealthParts): () => Health {
  const { journal, counting, intake, tally, jobs, nowMs } = parts;
  const startedMs = nowMs();

  const status = (): Health['status'] => {
    if (intake.blocker() !== undefined || counting.state().failure !== undefined) return 'failing';
    const isShared = [parts.salts.state(), parts.limits.state(), parts.feed.state()].every(({ shared }) => shared);
    const { reachable, failed, overdueSites } = jobs.state();
    const isDone = reachable && failed.length === 0 && (overdueSites ?? 0) === 0;
    const isTaking = intake.failure() === undefined;
    return isTaking && isShared && isDone && counting.others().silent.length === 0 ? 'ok' : 'degraded';
  };

  return () => ({
    status: status(),
    node: parts.node,
    upSeconds: Math.floor((nowMs() - startedMs) / 1000),
    beacon: {
      ...tally,
      refusedTotal: Object.values(tally.refused).reduce((sum, n) => sum + n, 0),
      failure: intake.failure(),
    },
    journal: {
      durability: parts.durability,
      uncountedBytes: journal.uncountedBytes(),
      failure: intake.journalFailure(),
    },
    counting: { ...counting.state(), countedUntil: new Date(counting.countedUntilMs()).toISOString() },
    otherNodes: { running: counting.others().running, silent: counting.others().silent },
    jobs: jobs.state(),
    salts: { shared: parts.salts.state().shared },
    limits: parts.limits.state(),
    live: parts.feed.state(),
  });
}
