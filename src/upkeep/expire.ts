// Removes expired documents. The ledger records them first: from then on, reports read a longer period instead.

import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { Counters } from '../counters/counters.js';
import type { Site } from '../hit/site.js';
import { partOfSource, receivedOf } from '../store/document-metadata.js';
import { type Documents, partsOfName, yearsName } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import { firstDayOf, lastDayOf } from '../time/dates.js';
import { type DayRange, joinRanges } from '../time/day-range.js';
import { expiredWork } from './expired.js';
import { expiresOn, type Grain, type Months, monthsKept } from './keep.js';

const REMOVED_AT_ONCE = 100;

export interface Expiry {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly kind: DocumentKind;
  readonly site: Site;
  /** The local day of the site. */
  readonly today: string;
  readonly isStopped: () => boolean;
}

/** May be repeated after any failure, and run twice at the same time. Returns the number of removed documents. */
export async function expire(expiry: Expiry): Promise<number> {
  let removed = 0;
  for (const grain of grainsOf(expiry.kind)) {
    const months = monthsKept(expiry.kind, expiry.site, grain);
    if (months === 'always') continue;
    for (const [year, names] of await collectionsByYear(expiry, grain)) {
      if (expiry.isStopped()) return removed;
      // The first period of a year is the first to expire.
      const hasNone = grain !== 'year' && !isOver(`${year}-01-01`.slice(0, keyLength(grain)), '', months, expiry.today);
      if (!hasNone) removed += await expireSome(expiry, grain, months, names);
    }
  }
  return removed;
}

/** The names of the collections with a year's days and months. All summaries are in one collection. */
async function collectionsByYear({ documents, kind }: Expiry, grain: Grain): Promise<Array<[string, string[]]>> {
  if (grain === 'year') return [['', [yearsName(kind.name)]]];
  const byYear = new Map<string, string[]>();
  for (const name of await documents.collections()) {
    const parts = partsOfName(name);
    if (parts?.name !== kind.name || parts.year === undefined) continue;
    byYear.set(parts.year, [...(byYear.get(parts.year) ?? []), name]);
  }
  return [...byYear].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function expireSome(expiry: Expiry, grain: Grain, months: Months, names: readonly string[]): Promise<number> {
  const { documents, ledger, kind, site, today } = expiry;
  const holders = new Map<string, string[]>();
  const length = keyLength(grain);
  for (const name of names) {
    for await (const id of documents.ids(name, site.id)) {
      const key = id.slice(site.id.length + 1);
      if (key.length === length && isOver(key, '', months, today)) holders.set(key, [...(holders.get(key) ?? []), name]);
    }
  }
  const due: string[] = [];
  for (const [key, names] of holders) if (await isDue(expiry, { grain, months, key, names })) due.push(key);
  for (const days of joinRanges(due.map(daysOf))) await ledger.add(expiredWork(grain, kind.name), site.id, days);
  let removed = 0;
  for (const name of names) {
    const ids = due.filter((key) => holders.get(key)?.includes(name)).map((key) => `${site.id}:${key}`);
    for (let i = 0; i < ids.length; i += REMOVED_AT_ONCE) {
      removed += (await documents.rewrite(name, ids.slice(i, i + REMOVED_AT_ONCE), () => 'remove')).removed;
    }
  }
  return removed;
}

interface Candidate {
  readonly grain: Grain;
  readonly months: Months;
  readonly key: string;
  /** The collections that contain a document of this period. */
  readonly names: readonly string[];
}

async function isDue(expiry: Expiry, { grain, months, key, names }: Candidate): Promise<boolean> {
  const { documents, kind, site, today } = expiry;
  const id = `${site.id}:${key}`;
  const found = await documents.read(names.map((collection) => ({ collection, id })));
  const received = found.reduce((latest, document) => laterOf(latest, document), '');
  if (!isOver(key, received, months, today)) return false;
  if (grain !== 'month') return true;
  // A month is removed when its year's summary contains it, or when the year itself has expired.
  const year = key.slice(0, 4);
  if (isOver(year, received, monthsKept(kind, site, 'year'), today)) return true;
  const [summary] = await documents.read([{ collection: yearsName(kind.name), id: `${site.id}:${year}` }]);
  return summary !== undefined && names.every((name) => partOfSource(summary, partsOfName(name)?.late ?? '') > 0);
}

function isOver(period: string, received: string, months: Months, today: string): boolean {
  const day = expiresOn(period, received, months);
  return day !== undefined && day <= today;
}

function laterOf(received: string, document: Counters | undefined): string {
  const other = document === undefined ? '' : receivedOf(document);
  return other > received ? other : received;
}

function keyLength(grain: Grain): number {
  return grain === 'year' ? 4 : grain === 'month' ? 7 : 10;
}

function daysOf(period: string): DayRange {
  return { from: firstDayOf(period), to: lastDayOf(period) };
}
