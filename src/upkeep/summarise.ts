// Merges each site's months of a closed collection into one document, the summary of the year. Reports of whole years
// read summaries, so that the months can expire. A summary contains the names of its collections, so that none is
// merged into it twice.
import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import { BYTES_MAX, BYTES_SLACK, compact, sizeOf } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import { isArchived, partOfSource, restoredParts, withSource } from '../store/document-metadata.js';
import { type Documents, partsOfName, yearsName } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import { monthsOf } from '../time/dates.js';

/** In the ledger: up to which site, in the order of ids, a collection is summarised. */
const SUMMARY = 'summary';
/** Sorts behind every id of a site. */
const ALL_DONE = '~';
/** In the ledger: the last part of an archive that contains a collection, or anything of a year. */
const ARCHIVED_PART = 'archived-part';
/** A summary has room for the rows of all its months, so that it reads as they did. */
const MONTHS = 12;
const NOTED_EVERY = 100;

export interface Summarising {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly kinds: readonly DocumentKind[];
  /** The ids of all sites. */
  readonly sites: readonly string[];
  readonly isStopped: () => boolean;
}

/** The last part of an archive that contains this collection, or anything of this year; 0: none. */
export async function archivedPart(ledger: Ledger, nameOrYear: string): Promise<number> {
  return Number((await ledger.until(ARCHIVED_PART, entryOf(nameOrYear))) ?? 0);
}

export function noteArchived(ledger: Ledger, nameOrYear: string, part: number): Promise<void> {
  return ledger.done(ARCHIVED_PART, entryOf(nameOrYear), String(part));
}

/** The entry of a year has a dot in it, because a site may have the id 2019. */
function entryOf(nameOrYear: string): string {
  return nameOrYear.includes('.') ? nameOrYear : `.${nameOrYear}`;
}

export async function isSummarised(ledger: Ledger, name: string): Promise<boolean> {
  return (await ledger.until(SUMMARY, await workOf(ledger, name))) === ALL_DONE;
}

/** Hits that are counted into a collection after it was archived are summarised again. */
async function workOf(ledger: Ledger, name: string): Promise<string> {
  return `${name}#${(await archivedPart(ledger, name)) + 1}`;
}

/** `name`: a closed collection such as `content.2025`. May be repeated after any failure, and run twice at the same time. */
export async function summarise(parts: Summarising, name: string): Promise<void> {
  const { documents, ledger, isStopped } = parts;
  const { name: kindName, year = '', late = '' } = partsOfName(name) ?? {};
  const kind = parts.kinds.find((one) => one.name === kindName);
  if (kind === undefined) return; // of a kind that this version does not have any more
  const work = await workOf(ledger, name);
  const done = (await ledger.until(SUMMARY, work)) ?? '';
  if (!grainsOf(kind).includes('year')) return ledger.done(SUMMARY, work, ALL_DONE);
  const archived = await archivedPart(ledger, name);
  const source = {
    late,
    part: (await archivedPart(ledger, year)) + 1,
    isIn: (summary: Counters) => partOfSource(summary, late) > archived,
  };
  let count = 0;
  for (const site of [...parts.sites].sort()) {
    if (isStopped()) return;
    if (site <= done) continue;
    await summariseSite({ documents, kind, name, site, year, ...source });
    if (++count % NOTED_EVERY === 0) await ledger.done(SUMMARY, work, site);
  }
  await ledger.done(SUMMARY, work, ALL_DONE);
}

interface SummarisedSite {
  readonly documents: Documents;
  readonly kind: DocumentKind;
  /** The closed collection that is summarised. */
  readonly name: string;
  readonly site: string;
  readonly year: string;
  readonly late: string;
  readonly part: number;
  /** Whether a summary contains the closed collection already. */
  readonly isIn: (summary: Counters) => boolean;
}

async function summariseSite({ documents, kind, name, site, year, late, part, isIn }: SummarisedSite): Promise<void> {
  const id = `${site}:${year}`;
  const read = await documents.read(monthsOf(year).map((month) => ({ collection: name, id: `${site}:${month}` })));
  // Months that an archive contains are in the summary already.
  const months = read.filter((month) => month !== undefined && !isArchived(month) && restoredParts(month) === 0) as Counters[];
  if (months.length === 0) return;
  await documents.rewrite(yearsName(kind.name), [id], (_id, before) => {
    if (before !== undefined && isIn(before)) return 'keep';
    const summary = new Counters();
    for (const tree of before === undefined ? months : [before, ...months]) mergeInto(summary, tree);
    compactSummary(summary, kind.caps);
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
