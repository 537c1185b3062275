// What is done to documents beside counting, and when: an hourly look finds what is due and makes jobs of it.

import type { DocumentKind } from '../../collections/document-kind.js';
import type { Site } from '../hit/site.js';
import type { Job, Jobs } from '../sharing/jobs.js';
import type { Accounts } from '../store/accounts.js';
import { collectionName, type Documents } from '../store/documents.js';
import type { Imports } from '../store/imports.js';
import type { Ledger } from '../store/ledger.js';
import type { NodeRegistry } from '../store/nodes.js';
import { createCalendar } from '../time/calendar.js';
import { utcDay } from '../time/dates.js';
import { archive } from './archive/archive.js';
import { expireArchives } from './archive/expire.js';
import { daysToTidy, TIDY, tidyDays } from './compact.js';
import { closedCollections, collectionsToSummarise, yearsToArchive } from './due-years.js';
import { expire } from './expire.js';
import { ALL_SITES } from './expired.js';
import { FORGET, forgetNodes, nodesToForget } from './forget-nodes.js';
import { summarise } from './summarise.js';

const LOOK = 'look';
const EXPIRE = 'expire';
const SUMMARISE = 'summarise';
const ARCHIVE = 'archive';
const EXPIRE_ARCHIVES = 'expire-archives';
const LOOK_EVERY_MS = 3_600_000;
/** Work that has been due for longer than this is overdue: several looks have found it, and it is still not done. */
const OVERDUE_MS = 86_400_000;
/** That there is to be an hourly look is said again and again: a queue that has lost everything has lost that too. */
const SCHEDULE_EVERY_MS = 60_000;

export interface UpkeepParts {
  readonly jobs: Jobs;
  readonly accounts: Accounts;
  readonly documents: Documents;
  readonly nodes: NodeRegistry;
  readonly ledger: Ledger;
  readonly imports: Imports;
  /** Undefined: nothing is archived by itself. */
  readonly archives: { readonly dir: string; readonly afterYears: number } | undefined;
  readonly collections: readonly DocumentKind[];
  readonly nowMs: () => number;
  /** A node that ended longer ago has no journal any more, and is in no backup that will be restored. */
  readonly forgetAfterMs: number;
}

/** From now on this process does jobs, until what it returns is called. */
export function startUpkeep(parts: UpkeepParts): () => void {
  const { jobs, documents, ledger, collections, accounts, archives, nowMs } = parts;
  const siteOf = ({ data }: Job) => accounts.site(String(data.site));
  jobs.work({
    [LOOK]: async (_job, isStopped) => {
      await documents.prepare(collectionsSoonNeeded(collections, nowMs()));
      for await (const job of dueJobs(parts)) {
        if (isStopped()) return;
        await jobs.add(job);
      }
    },
    [FORGET]: (_job, isStopped) => forgetNodes(parts, { nowMs: parts.nowMs(), keepMs: parts.forgetAfterMs }, isStopped),
    [TIDY]: async ({ data }, isStopped) => {
      if (!parts.accounts.sites().some(({ id }) => id === data.site)) return; // deleted meanwhile
      const days = { from: String(data.from), to: String(data.to) };
      await tidyDays(documents, ledger, collections, String(data.site), days, isStopped);
    },
    [EXPIRE]: async (job, isStopped) => {
      const site = siteOf(job);
      if (site === undefined) return; // deleted meanwhile
      const today = localDay(site, nowMs());
      for (const collection of collections) await expire({ documents, ledger, collection, site, today, isStopped });
      if (!isStopped()) await ledger.done(EXPIRE, site.id, today);
    },
    [SUMMARISE]: async ({ id }, isStopped) => {
      const sites = accounts.sites().map(({ id }) => id);
      await summarise({ documents, ledger, collections, sites, isStopped }, id);
    },
    [ARCHIVE]: async ({ id: year }, isStopped) => {
      if (archives === undefined) return;
      const names = (await yearsToArchive(parts, await closedCollections(parts, nowMs()), archives.afterYears, nowMs())).get(
        year,
      );
      if (names === undefined) return; // done meanwhile
      await archive({ documents, ledger, archivesDir: archives.dir, year, names, nowMs: nowMs(), isStopped });
    },
    [EXPIRE_ARCHIVES]: async (_job, isStopped) => {
      if (archives === undefined) return;
      const today = utcDay(nowMs());
      await expireArchives(archives.dir, collections, accounts.sites(), today, isStopped);
      if (!isStopped()) await ledger.done(EXPIRE_ARCHIVES, ALL_SITES, today);
    },
  });
  const schedule = () => void jobs.every(LOOK_EVERY_MS, { name: LOOK, id: LOOK, data: {} }).catch(() => {});
  schedule();
  const timer = setInterval(schedule, SCHEDULE_EVERY_MS);
  return () => clearInterval(timer);
}

/** Everything that is to be done now, as far as the ledger tells. */
async function* dueJobs(parts: UpkeepParts): AsyncGenerator<Job> {
  const { accounts, nodes, ledger, archives, nowMs } = parts;
  const ended = nodesToForget(await nodes.list('all'), await ledger.all(FORGET), nowMs(), parts.forgetAfterMs);
  if (ended.length > 0) yield { name: FORGET, id: FORGET, data: {} };
  const [tidied, expired] = [await ledger.all(TIDY), await ledger.all(EXPIRE)];
  for (const site of accounts.sites()) {
    const { id } = site;
    const days = daysToTidy(site, tidied.get(id), nowMs());
    if (days !== undefined) yield { name: TIDY, id, data: { site: id, ...days } };
    if ((expired.get(id) ?? '') < localDay(site, nowMs())) yield { name: EXPIRE, id, data: { site: id } };
  }
  const closed = await closedCollections(parts, nowMs());
  for (const name of await collectionsToSummarise(parts, closed)) yield { name: SUMMARISE, id: name, data: {} };
  if (archives === undefined) return;
  for (const year of (await yearsToArchive(parts, closed, archives.afterYears, nowMs())).keys()) {
    yield { name: ARCHIVE, id: year, data: {} };
  }
  const thinned = (await ledger.until(EXPIRE_ARCHIVES, ALL_SITES)) ?? '';
  if (thinned.slice(0, 7) < utcDay(nowMs()).slice(0, 7)) yield { name: EXPIRE_ARCHIVES, id: EXPIRE_ARCHIVES, data: {} };
}

function localDay({ timezone }: Site, nowMs: number): string {
  return createCalendar(timezone).localTime(nowMs).day;
}

/** How many sites have documents of which something should have been done a day ago, and was not. */
export async function overdueSites({
  accounts,
  ledger,
  nowMs,
}: Pick<UpkeepParts, 'accounts' | 'ledger' | 'nowMs'>): Promise<number> {
  const [tidied, expired] = [await ledger.all(TIDY), await ledger.all(EXPIRE)];
  const atMs = nowMs() - OVERDUE_MS;
  const isOverdue = (site: Site): boolean =>
    daysToTidy(site, tidied.get(site.id), atMs) !== undefined ||
    (expired.get(site.id) ?? localDay(site, site.createdAtMs)) < localDay(site, atMs);
  return accounts.sites().filter(isOverdue).length;
}

/**
 * This year's and, in December, next year's: where a collection must be spread over shards, that is done before
 * midnight, not at it.
 */
export function collectionsSoonNeeded(collections: readonly DocumentKind[], nowMs: number): string[] {
  const now = new Date(nowMs);
  const year = now.getUTCFullYear();
  const years = now.getUTCMonth() === 11 ? [year, year + 1] : [year];
  return years.flatMap((year) => collections.map(({ name }) => collectionName(name, String(year))));
}
