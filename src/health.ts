// What /health says: sums and states of this process, and of what it shares with others. Nothing of any one site.
import type { Counting } from './flush/counting.js';
import type { JobsWatch } from './jobs/watch.js';
import type { Journal } from './journal/journal.js';
import type { Limits, Salts } from './limits/port.js';
import type { Feed } from './live/port.js';
import type { BeaconTally } from './web/beacon.js';

export interface HealthParts {
  readonly node: string;
  readonly durability: string;
  readonly journal: Journal;
  readonly counting: Counting;
  readonly tally: BeaconTally;
  readonly jobs: JobsWatch;
  readonly salts: Salts;
  readonly limits: Limits;
  readonly feed: Feed;
  readonly nowMs: () => number;
}

/** What /health answers. */
export function createHealth(parts: HealthParts): () => object {
  const { journal, counting, tally, jobs, nowMs } = parts;
  const startedMs = nowMs();

  const status = (): 'ok' | 'degraded' | 'failing' => {
    if (journal.failure() !== undefined || counting.state().failure !== undefined) return 'failing';
    const isShared = [parts.salts.state(), parts.limits.state(), parts.feed.state()].every(({ shared }) => shared);
    const { reachable, failed, overdueSites } = jobs.state();
    const isDone = reachable && failed.length === 0 && (overdueSites ?? 0) === 0;
    return isShared && isDone && counting.others().silent.length === 0 ? 'ok' : 'degraded';
  };

  return () => ({
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
    jobs: jobs.state(),
    salts: parts.salts.state(),
    limits: parts.limits.state(),
    live: parts.feed.state(),
  });
}
