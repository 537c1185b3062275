// When a collection is closed, each site's months in it become one document: the year's summary. Reports of whole years read that, and the
// months may go. Which collections a summary holds is written in it, so that none goes in twice.
import type { Collection } from '../../collections/collection.js';
import { BYTES_MAX, SLACK, compact, sizeOf } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import { markSource, partsOfSource } from '../documents/marks.js';
import { type Documents, partsOfName, yearsName } from '../documents/port.js';
import { monthsOf } from '../hit/dates.js';
import type { Ledger } from '../ledger/port.js';

/** In the ledger: up to which site a collection is summarised; sites go in the order of their ids. */
export const SUMMARY = 'summary';
/** After every id of a site. */
export const ALL_DONE = '~';
/** So that what is read from the summary is what was read from its months: no row of any month is dropped. */
const MONTHS = 12;
const NOTED_EVERY = 100;

export interface Summarising {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly collections: readonly Collection[];
  /** Ids, of all sites. */
  readonly sites: readonly string[];
  readonly isStopped: () => boolean;
}

/** `name`: a closed collection such as `content.2025`. May be repeated after any failure, and run twice at the same time. */
export async function summarise(parts: Summarising, name: string): Promise<void> {
  const { documents, ledger, isStopped } = parts;
  const { name: kind, year = '', late = '' } = partsOfName(name) ?? {};
  const collection = parts.collections.find(({ name }) => name === kind);
  if (collection === undefined) return; // of a collection that this version does not have any more
  const done = (await ledger.until(SUMMARY, name)) ?? '';
  let count = 0;
  for (const site of [...parts.sites].sort()) {
    if (isStopped()) return;
    if (site <= done) continue;
    await summariseSite(documents, collection, name, site, year, late);
    if (++count % NOTED_EVERY === 0) await ledger.done(SUMMARY, name, site);
  }
  await ledger.done(SUMMARY, name, ALL_DONE);
}

async function summariseSite(
  documents: Documents,
  { name: kind, caps }: Collection,
  name: string,
  site: string,
  year: string,
  late: string,
): Promise<void> {
  const id = `${site}:${year}`;
  const read = await documents.read(monthsOf(year).map((month) => ({ collection: name, id: `${site}:${month}` })));
  const months = read.filter((month) => month !== undefined);
  if (months.length === 0) return;
  await documents.rewrite(yearsName(kind), [id], (_id, before) => {
    if (before !== undefined && partsOfSource(before, late) > 0) return 'keep';
    const summary = new Counters();
    for (const tree of before === undefined ? months : [before, ...months]) mergeInto(summary, tree);
    markSource(summary, late);
    compactSummary(summary, caps);
    return summary;
  });
}

function compactSummary(summary: Counters, caps: Collection['caps']): void {
  for (const [map, rowsMax] of Object.entries(caps)) {
    const { entries, bytes } = sizeOf(summary.below(map));
    const bytesMax = MONTHS * BYTES_MAX * SLACK;
    if (entries > MONTHS * rowsMax * SLACK) compact(summary.at(map), MONTHS * rowsMax);
    else if (bytes > bytesMax) compact(summary.at(map), Math.floor((entries * MONTHS * BYTES_MAX) / bytes));
  }
}
