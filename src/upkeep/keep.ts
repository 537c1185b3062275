// How long documents are kept: the site's setting, or that of their kind.
import type { DocumentKind, Keep } from '../../collections/document-kind.js';
import type { CalendarPeriod } from '../../collections/period.js';
import type { Site } from '../hit/site.js';
import { addDays, addMonths, lastDayOf } from '../time/dates.js';

export type Months = number | 'always';
export type Grain = CalendarPeriod['grain'];

/** A day expires with its month at the latest, and a month with its year. */
export function monthsKept({ keep: own }: Pick<DocumentKind, 'keep'>, { keep = {} }: Pick<Site, 'keep'>, grain: Grain): Months {
  const year = keep.year ?? 'always';
  if (grain === 'year') return year;
  const month = shorter(keep.month ?? monthsOfKeep(own.month ?? 'always'), year);
  return grain === 'month' ? month : shorter(keep.day ?? monthsOfKeep(own.day), month);
}

/**
 * Returns the first local day on which a document may be removed; `undefined`: never. `received`: the day on which the
 * last hit for it was received, if that was long after the period, or an empty text. The time of a year runs from the
 * end of its first month, because its summary contains the days of that month, which would otherwise be kept for nearly
 * a year longer than they would be as a month.
 */
export function expiresOn(period: string, received: string, months: Months): string | undefined {
  if (months === 'always') return undefined;
  const end = lastDayOf(period.length === 4 ? `${period}-01` : period);
  return addDays(addMonths(end > received ? end : received, months), 1);
}

/** Returns the first period that is not expired on that day, unless hits for it were received late; `undefined`: all are kept. */
export function keptSince(grain: Grain, months: Months, today: string): string | undefined {
  if (months === 'always') return undefined;
  const length = grain === 'year' ? 4 : grain === 'month' ? 7 : 10;
  // Months differ in length, so search step by step from a little before.
  let period = addDays(addMonths(today, -months), -4).slice(0, length);
  while ((expiresOn(period, '', months) as string) <= today) period = next(period);
  return period;
}

function next(period: string): string {
  return addDays(lastDayOf(period), 1).slice(0, period.length);
}

function shorter(a: Months, b: Months): Months {
  if (a === 'always') return b;
  return b === 'always' ? a : Math.min(a, b);
}

function monthsOfKeep(keep: Keep): Months {
  if (keep === 'always') return keep;
  return 'months' in keep ? keep.months : 12 * keep.years;
}
