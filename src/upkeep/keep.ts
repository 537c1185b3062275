// How long which documents of a site are kept: as their collection says, or as the site does.
import type { CalendarPeriod, DocumentKind, Keep } from '../../collections/document-kind.js';
import type { Site } from '../hit/site.js';
import { addDays, addMonths, lastDayOf } from '../time/dates.js';

export type Months = number | 'always';
export type Grain = CalendarPeriod['grain'];

/** A day leaves with its month at the latest, and a month with its year. */
export function monthsKept({ keep: own }: Pick<DocumentKind, 'keep'>, { keep = {} }: Pick<Site, 'keep'>, grain: Grain): Months {
  const year = keep.year ?? 'always';
  if (grain === 'year') return year;
  const month = shorter(keep.month ?? monthsOfKeep(own.month ?? 'always'), year);
  return grain === 'month' ? month : shorter(keep.day ?? monthsOfKeep(own.day), month);
}

/**
 * The first local day on which a document may be removed; undefined: never. `received`: the day on which the last hit
 * for it was received where that was long after the period; empty else. A year's time runs from the end of its first
 * month: its summary has the days of that in it, and they would else stay for nearly a year longer than they would as
 * a month.
 */
export function expiresOn(period: string, received: string, months: Months): string | undefined {
  if (months === 'always') return undefined;
  const end = lastDayOf(period.length === 4 ? `${period}-01` : period);
  return addDays(addMonths(end > received ? end : received, months), 1);
}

/** The first period of a grain that is still kept on that day, if nothing for it was received late; undefined: all are. */
export function keptSince(grain: Grain, months: Months, today: string): string | undefined {
  if (months === 'always') return undefined;
  const length = grain === 'year' ? 4 : grain === 'month' ? 7 : 10;
  // Months differ in length: from a little before, step by step.
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
