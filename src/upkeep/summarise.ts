// When a collection is closed, each site's months in it become one document: the year's summary. Reports of whole
// years read that, and the months may go. Which collections a summary holds is written in it, so that none goes in
// twice.
import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import { BYTES_MAX, BYTES_SLACK, compact, sizeOf } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import { isStamped, partOfSource, restoredParts, withSource } from '../store/document-metadata.js';
import { type Documents, partsOfName, yearsName } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import { monthsOf } from '../time/dates.js';

/** In the ledger: up to which site a collection is summarised; sites go in the order of their ids. */
const SUMMARY = 'summary';
/** After every id of a site. */
const ALL_DONE = '~';
/** In the ledger: the last part of an archive into which a collection, or anything of a year, went. */
const ARCHIVED_PART = 'archived-part';
/** So that what is read from the summary is what was read from its months: no row of any month is dropped. */
const MONTHS = 12;
const NOTED_EVERY = 100;

export interface Summarising {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly collections: readonly DocumentKind[];
  /** Ids, of all sites. */
  readonly sites: readonly string[];
  readonly isStopped: () => boolean;
}

/** The last part of an archive into which this collection went, or anything of this year; 0: none. */
export async function archivedPart(ledger: Ledger, nameOrYear: string): Promise<number> {
  return Number((await ledger.until(ARCHIVED_PART, entryOf(nameOrYear))) ?? 0);
}

export function noteArchived(ledger: Ledger, nameOrYear: string, part: number): Promise<void> {
  return ledger.done(ARCHIVED_PART, entryOf(nameOrYear), String(part));
}

/** With a dot in it: a site may be called 2019. */
function entryOf(nameOrYear: string): string {
  return nameOrYear.includes('.') ? nameOrYear : `.${nameOrYear}`;
}

export async function isSummarised(ledger: Ledger, name: string): Promise<boolean> {
  return (await ledger.until(SUMMARY, await workOf(ledger, name))) === ALL_DONE;
}

/** What comes into a collection after it was archived is summarised once more. */
async function workOf(ledger: Ledger, name: string): Promise<string> {
  return `${name}#${(await archivedPart(ledger, name)) + 1}`;
}

/** `name`: a closed collection such as `content.2025`. May be repeated after any failure, and run twice at the same time. */
export async function summarise(parts: Summarising, name: string): Promise<void> {
  const { documents, ledger, isStopped } = parts;
  const { name: kind, year = '', late = '' } = partsOfName(name) ?? {};
  const collection = parts.collections.find(({ name }) => name === kind);
  if (collection === undefined) return; // of a collection that this version does not have any more
  const work = await workOf(ledger, name);
  const done = (await ledger.until(SUMMARY, work)) ?? '';
  if (!grainsOf(collection).includes('year')) return ledger.done(SUMMARY, work, ALL_DONE);
  const archived = await archivedPart(ledger, name);
  const mark = {
    late,
    part: (await archivedPart(ledger, year)) + 1,
    isIn: (summary: Counters) => partOfSource(summary, late) > archived,
  };
  let count = 0;
  for (const site of [...parts.sites].sort()) {
    if (isStopped()) return;
    if (site <= done) continue;
    await summariseSite(documents, collection, name, site, year, mark);
    if (++count % NOTED_EVERY === 0) await ledger.done(SUMMARY, work, site);
  }
  await ledger.done(SUMMARY, work, ALL_DONE);
}

async function summariseSite(
  documents: Documents,
  { name: kind, caps }: DocumentKind,
  name: string,
  site: string,
  year: string,
  { late, part, isIn }: { late: string; part: number; isIn: (summary: Counters) => boolean },
): Promise<void> {
  const id = `${site}:${year}`;
  const read = await documents.read(monthsOf(year).map((month) => ({ collection: name, id: `${site}:${month}` })));
  // What an archive holds is in the summary already.
  const months = read.filter((month) => month !== undefined && !isStamped(month) && restoredParts(month) === 0) as Counters[];
  if (months.length === 0) return;
  await documents.rewrite(yearsName(kind), [id], (_id, before) => {
    if (before !== undefined && isIn(before)) return 'keep';
    const summary = new Counters();
    for (const tree of before === undefined ? months : [before, ...months]) mergeInto(summary, tree);
    compactSummary(summary, caps);
    return withSource(summary, late, part);
  });
}

function compactSummary(summary: Counters, caps: DocumentKind['caps']): void {
  for (const [map, rowsMax] of Object.entries(caps)) {
    const { entries, bytes } = sizeOf(summary.below(map));
    const bytesMax = MONTHS * BYTES_MAX * BYTES_SLACK;
    if (entries > MONTHS * rowsMax * BYTES_SLACK) compact(summary.at(map), MONTHS * rowsMax);
    else if (bytes > bytesMax) compact(summary.at(map), Math.floor((entries * MONTHS * BYTES_MAX) / bytes));
  }
}
