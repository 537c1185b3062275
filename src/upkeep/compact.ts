// Rewrites each document of a day or month in its smallest form, once no more hits for it are expected. The ledger
// says which are due, so it does not matter what a queue has forgotten.

import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { Site } from '../hit/site.js';
import { collectionName, type DocumentId, type Documents } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import { createCalendar, daysBetween } from '../time/calendar.js';
import { addDays, lastDayOf } from '../time/dates.js';
import type { DayRange } from '../time/day-range.js';
import { DAY_MS } from '../time/units.js';

/** The name of the job, and of its work in the ledger. */
export const COMPACT = 'tidy';

/** A ping counts into the day of its view for 24 hours. Twice as long leaves time for hits that waited on a node. */
const QUIET_AFTER_MS = 2 * DAY_MS;
/** Older documents that were never compacted stay as they are: larger than necessary, but correct. */
const DAYS_MAX = 400;

/** The site's days that can be compacted and are not yet. `until`: the last one that is. */
export function daysToCompact({ timezone, createdAtMs }: Site, until: string | undefined, nowMs: number): DayRange | undefined {
  const { localTime } = createCalendar(timezone);
  const to = addDays(localTime(nowMs - QUIET_AFTER_MS).day, -1);
  const begin = until === undefined ? localTime(createdAtMs).day : addDays(until, 1);
  const [, from = begin] = [begin, addDays(to, -DAYS_MAX)].sort();
  return from <= to ? { from, to } : undefined;
}

export interface Compaction {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly kinds: readonly DocumentKind[];
  readonly site: string;
  readonly days: DayRange;
  readonly isStopped: () => boolean;
}

/**
 * May be repeated, and run twice at the same time: each document is rewritten by a compare-and-set. Rejects when a
 * document is being counted into.
 */
export async function compactDays({ documents, ledger, kinds, site, days, isStopped }: Compaction): Promise<void> {
  let done = '';
  for (const day of daysBetween(days.from, days.to)) {
    if (isStopped()) break;
    const keys = day === lastDayOf(day.slice(0, 7)) ? [day, day.slice(0, 7)] : [day];
    for (const kind of kinds) {
      const { name, caps } = kind;
      for (const key of grainsOf(kind).includes('month') ? keys : [day])
        await compactDocument(documents, { collection: collectionName(name, day.slice(0, 4)), id: `${site}:${key}` }, caps);
    }
    done = day;
    if (day.endsWith('-01')) await ledger.done(COMPACT, site, done);
  }
  if (done !== '') await ledger.done(COMPACT, site, done);
}

async function compactDocument(documents: Documents, id: DocumentId, caps: DocumentKind['caps']): Promise<void> {
  if ((await documents.compact(id, caps)) === 'busy') throw new Error(`${id.collection} ${id.id} is being counted into`);
}
