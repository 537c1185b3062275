// What is done to documents beside counting, and when: an hourly look finds what is due and makes jobs of it.
import type { Accounts } from '../accounts/port.js';
import type { Collection } from '../../collections/collection.js';
import { type Documents, collectionName } from '../documents/port.js';
import type { Ledger } from '../ledger/port.js';
import type { Jobs } from './port.js';
import { TIDY, daysToTidy, tidyDays } from './tidy.js';

const LOOK = 'look';
const LOOK_EVERY_MS = 3_600_000;
/** Work that has been due for longer than this is overdue: several looks have found it, and it is still not done. */
const OVERDUE_MS = 86_400_000;
/** That there is to be an hourly look is said again and again: a queue that has lost everything has lost that too. */
const SCHEDULE_EVERY_MS = 60_000;

export interface UpkeepParts {
  readonly jobs: Jobs;
  readonly accounts: Accounts;
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly collections: readonly Collection[];
  readonly nowMs: () => number;
}

/** From now on this process does jobs, until what it returns is called. */
export function startUpkeep(parts: UpkeepParts): () => void {
  const { jobs, documents, ledger, collections } = parts;
  jobs.work({
    [LOOK]: async (_job, isStopped) => {
      await documents.prepare(collectionsSoonNeeded(collections, parts.nowMs()));
      const tidied = await ledger.all(TIDY);
      for (const site of parts.accounts.sites()) {
        if (isStopped()) return;
        const days = daysToTidy(site, tidied.get(site.id), parts.nowMs());
        if (days !== undefined) await jobs.add({ name: TIDY, id: site.id, data: { site: site.id, ...days } });
      }
    },
    [TIDY]: async ({ data }, isStopped) => {
      const days = { from: String(data.from), to: String(data.to) };
      await tidyDays(documents, ledger, collections, String(data.site), days, isStopped);
    },
  });
  const schedule = () => void jobs.every(LOOK_EVERY_MS, { name: LOOK, id: LOOK, data: {} }).catch(() => {});
  schedule();
  const timer = setInterval(schedule, SCHEDULE_EVERY_MS);
  return () => clearInterval(timer);
}

/** How many sites have documents that should have been tidied a day ago, and were not. */
export async function overdueSites({
  accounts,
  ledger,
  nowMs,
}: Pick<UpkeepParts, 'accounts' | 'ledger' | 'nowMs'>): Promise<number> {
  const tidied = await ledger.all(TIDY);
  return accounts.sites().filter((site) => daysToTidy(site, tidied.get(site.id), nowMs() - OVERDUE_MS) !== undefined).length;
}

/** This year's and, in December, next year's: where a collection must be spread over shards, that is done before midnight, not at it. */
export function collectionsSoonNeeded(collections: readonly Collection[], nowMs: number): string[] {
  const now = new Date(nowMs);
  const year = now.getUTCFullYear();
  const years = now.getUTCMonth() === 11 ? [year, year + 1] : [year];
  return years.flatMap((year) => collections.map(({ name }) => collectionName(name, String(year))));
}
