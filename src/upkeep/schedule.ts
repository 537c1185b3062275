// The jobs that maintain documents. An hourly sweep finds what is due and adds jobs for it.
import type { DocumentKind } from '../../collections/document-kind.js';
import type { Site } from '../hit/site.js';
import type { Job, Jobs } from '../sharing/jobs.js';
import type { Accounts } from '../store/accounts.js';
import { AUDIT_KEEP_MS, type AuditLog } from '../store/audit-log.js';
import { collectionName, type Documents } from '../store/documents.js';
import type { Imports } from '../store/imports.js';
import type { Ledger } from '../store/ledger.js';
import type { NodeRegistry } from '../store/nodes.js';
import { createCalendar } from '../time/calendar.js';
import { utcDay } from '../time/dates.js';
import { DAY_MS, HOUR_MS } from '../time/units.js';
import { archive } from './archive/archive.js';
import { expireArchives } from './archive/expire.js';
import { COMPACT, compactDays, daysToCompact } from './compact.js';
import { closedCollections, collectionsToSummarise, yearsToArchive } from './due-years.js';
import { expire } from './expire.js';
import { ALL_SITES } from './expired.js';
import { FORGET, forgetNodes, nodesToForget } from './forget-nodes.js';
import { summarise } from './summarise.js';

/** Names of jobs are stored in Redis and in the ledger, so they stay as they are. */
const SWEEP = 'look';
const EXPIRE = 'expire';
const SUMMARISE = 'summarise';
const ARCHIVE = 'archive';
const EXPIRE_ARCHIVES = 'expire-archives';
const SWEEP_EVERY_MS = HOUR_MS;
/** Work is overdue when it has been due for longer than this: several sweeps have found it, and it is still not done. */
const OVERDUE_MS = DAY_MS;
/** The hourly sweep is registered again every minute, in case Redis has lost it. */
const SCHEDULE_EVERY_MS = 60_000;

export interface UpkeepParts {
  readonly jobs: Jobs;
  readonly accounts: Accounts;
  readonly documents: Documents;
  readonly nodes: NodeRegistry;
  readonly ledger: Ledger;
  readonly imports: Imports;
  readonly auditLog: Pick<AuditLog, 'removeBefore'>;
  /** `undefined`: years are not archived automatically. */
  readonly archives: { readonly dir: string; readonly afterYears: number } | undefined;
  readonly kinds: readonly DocumentKind[];
  readonly nowMs: () => number;
  /** A node that ended longer ago has no journal any more, and is in no backup that will be restored. */
  readonly forgetAfterMs: number;
}

/** Starts to do jobs in this process. Returns a function that ends the schedule. */
export function startUpkeep(parts: UpkeepParts): () => void {
  const { jobs, documents, ledger, kinds, accounts, auditLog, archives, nowMs } = parts;
  const siteOf = ({ data }: Job) => accounts.site(String(data.site));
  jobs.work({
    [SWEEP]: async (_job, isStopped) => {
      await documents.prepare(collectionsSoonNeeded(kinds, nowMs()));
      for await (const job of dueJobs(parts)) {
        if (isStopped()) return;
        await jobs.add(job);
      }
      await auditLog.removeBefore(nowMs() - AUDIT_KEEP_MS);
    },
    [FORGET]: (_job, isStopped) => forgetNodes(parts, { nowMs: parts.nowMs(), keepMs: parts.forgetAfterMs }, isStopped),
    [COMPACT]: async ({ data }, isStopped) => {
      if (!accounts.sites().some(({ id }) => id === data.site)) return; // deleted meanwhile
      const days = { from: String(data.from), to: String(data.to) };
      await compactDays({ documents, ledger, kinds, site: String(data.site), days, isStopped });
    },
    [EXPIRE]: async (job, isStopped) => {
      const site = siteOf(job);
      if (site === undefined) return; // deleted meanwhile
      const today = localDay(site, nowMs());
      for (const kind of kinds) await expire({ documents, ledger, kind, site, today, isStopped });
      if (!isStopped()) await ledger.done(EXPIRE, site.id, today);
    },
    [SUMMARISE]: async ({ id }, isStopped) => {
      const sites = accounts.sites().map(({ id }) => id);
      await summarise({ documents, ledger, kinds, sites, isStopped }, id);
    },
    [ARCHIVE]: async ({ id: year }, isStopped) => {
      if (archives === undefined) return;
      const closed = await closedCollections(parts, nowMs());
      const names = (await yearsToArchive(parts, closed, archives.afterYears, nowMs())).get(year);
      if (names === undefined) return; // another worker has done it meanwhile
      await archive({ documents, ledger, archivesDir: archives.dir, year, names, nowMs: nowMs(), isStopped });
    },
    [EXPIRE_ARCHIVES]: async (_job, isStopped) => {
      if (archives === undefined) return;
      const today = utcDay(nowMs());
      await expireArchives({ archivesDir: archives.dir, kinds, sites: accounts.sites(), today, isStopped });
      if (!isStopped()) await ledger.done(EXPIRE_ARCHIVES, ALL_SITES, today);
    },
  });
  const schedule = () => void jobs.every(SWEEP_EVERY_MS, { name: SWEEP, id: SWEEP, data: {} }).catch(() => {});
  schedule();
  const timer = setInterval(schedule, SCHEDULE_EVERY_MS);
  return () => clearInterval(timer);
}

/** Everything that is due now, according to the ledger. */
async function* dueJobs(parts: UpkeepParts): AsyncGenerator<Job> {
  const { accounts, nodes, ledger, archives, nowMs } = parts;
  const ended = nodesToForget(await nodes.list('all'), await ledger.all(FORGET), nowMs(), parts.forgetAfterMs);
  if (ended.length > 0) yield { name: FORGET, id: FORGET, data: {} };
  const [compacted, expired] = [await ledger.all(COMPACT), await ledger.all(EXPIRE)];
  for (const site of accounts.sites()) {
    const { id } = site;
    const days = daysToCompact(site, compacted.get(id), nowMs());
    if (days !== undefined) yield { name: COMPACT, id, data: { site: id, ...days } };
    if ((expired.get(id) ?? '') < localDay(site, nowMs())) yield { name: EXPIRE, id, data: { site: id } };
  }
  const closed = await closedCollections(parts, nowMs());
  for (const name of await collectionsToSummarise(parts, closed)) yield { name: SUMMARISE, id: name, data: {} };
  if (archives === undefined) return;
  for (const year of (await yearsToArchive(parts, closed, archives.afterYears, nowMs())).keys()) {
    yield { name: ARCHIVE, id: year, data: {} };
  }
  const pruned = (await ledger.until(EXPIRE_ARCHIVES, ALL_SITES)) ?? '';
  if (pruned.slice(0, 7) < utcDay(nowMs()).slice(0, 7)) yield { name: EXPIRE_ARCHIVES, id: EXPIRE_ARCHIVES, data: {} };
}

function localDay({ timezone }: Site, nowMs: number): string {
  return createCalendar(timezone).localTime(nowMs).day;
}

/** The number of sites with work that should have been done a day ago, and was not. */
export async function overdueSites({
  accounts,
  ledger,
  nowMs,
}: Pick<UpkeepParts, 'accounts' | 'ledger' | 'nowMs'>): Promise<number> {
  const [compacted, expired] = [await ledger.all(COMPACT), await ledger.all(EXPIRE)];
  const atMs = nowMs() - OVERDUE_MS;
  const isOverdue = (site: Site): boolean =>
    daysToCompact(site, compacted.get(site.id), atMs) !== undefined ||
    (expired.get(site.id) ?? localDay(site, site.createdAtMs)) < localDay(site, atMs);
  return accounts.sites().filter(isOverdue).length;
}

/**
 * The collections of this year and, in December, of the next one. In a sharded database, collections must be created
 * before the first hits of a year arrive.
 */
export function collectionsSoonNeeded(kinds: readonly DocumentKind[], nowMs: number): string[] {
  const now = new Date(nowMs);
  const year = now.getUTCFullYear();
  const years = now.getUTCMonth() === 11 ? [year, year + 1] : [year];
  return years.flatMap((year) => kinds.map(({ name }) => collectionName(name, String(year))));
}
