// A day or month that is over and gone quiet is rewritten once in its smallest form. Which ones are due is found by
// looking at the ledger, not by what a queue remembers.

import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { Site } from '../hit/site.js';
import { collectionName, type DocumentId, type Documents } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import { createCalendar, daysBetween } from '../time/calendar.js';
import { addDays, lastDayOf } from '../time/dates.js';
import type { DayRange } from '../time/day-range.js';
import { DAY_MS } from '../time/units.js';

export const TIDY = 'tidy';

/** A ping counts at its view's day for 24 hours after it; twice that, and hits that waited on a node have come too. */
const QUIET_AFTER_MS = 2 * DAY_MS;
/** What was not tidied for longer stays as it is: larger than need be, and right. */
const DAYS_MAX = 400;

/** The site's days that have gone quiet and are not tidied yet; `until` is the last one that is. */
export function daysToTidy({ timezone, createdAtMs }: Site, until: string | undefined, nowMs: number): DayRange | undefined {
  const { localTime } = createCalendar(timezone);
  const to = addDays(localTime(nowMs - QUIET_AFTER_MS).day, -1);
  const begin = until === undefined ? localTime(createdAtMs).day : addDays(until, 1);
  const [, from = begin] = [begin, addDays(to, -DAYS_MAX)].sort();
  return from <= to ? { from, to } : undefined;
}

/**
 * May be repeated, and run twice at the same time: each document is rewritten by a compare-and-set. Throws when some
 * are still being counted into.
 */
export async function tidyDays(
  documents: Documents,
  ledger: Ledger,
  collections: readonly DocumentKind[],
  site: string,
  { from, to }: DayRange,
  isStopped: () => boolean,
): Promise<void> {
  let done = '';
  for (const day of daysBetween(from, to)) {
    if (isStopped()) break;
    const keys = day === lastDayOf(day.slice(0, 7)) ? [day, day.slice(0, 7)] : [day];
    for (const collection of collections) {
      const { name, caps } = collection;
      for (const key of grainsOf(collection).includes('month') ? keys : [day])
        await tidyDocument(documents, { collection: collectionName(name, day.slice(0, 4)), id: `${site}:${key}` }, caps);
    }
    done = day;
    if (day.endsWith('-01')) await ledger.done(TIDY, site, done);
  }
  if (done !== '') await ledger.done(TIDY, site, done);
}

async function tidyDocument(documents: Documents, id: DocumentId, caps: DocumentKind['caps']): Promise<void> {
  if ((await documents.compact(id, caps)) === 'busy') throw new Error(`${id.collection} ${id.id} is being counted into`);
}
