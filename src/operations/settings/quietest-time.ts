// When a site's time zone is best changed. A change skips or repeats as many hours as the zones differ by. Forward, the hours
// that follow the time of the change have no views; back, the views of these hours are added to hours that already have
// some. So in both cases the change affects the views that usually come in these hours.
import { DateTime } from 'luxon';
import type { Text } from '../../language/languages.js';
import type { Sentence, Writing } from '../../language/sentence.js';
import { DAY_MS } from '../../time/units.js';

const HOURS = 24;
/** A better time must spare at least this share of the views, otherwise it is not worth waiting for. */
const SPARED_MIN = 0.1;
const DAYS_AHEAD = 400;

interface DayOfViews {
  readonly views: number;
  readonly hours: ReadonlyArray<{ readonly key: string; readonly views: number }>;
}

/**
 * Returns the average views of each hour of the day, `00` first. Days without views are left out, and days that were imported
 * without hours. Undefined: no day is left.
 */
export function averageHours(days: readonly DayOfViews[]): readonly number[] | undefined {
  const sums = Array.from({ length: HOURS }, () => 0);
  let counted = 0;
  for (const { hours } of days) {
    if (hours.every(({ views }) => views === 0)) continue;
    counted++;
    // the second pass of an hour is `02+`
    for (const { key, views } of hours) sums[Number.parseInt(key, 10)] = (sums[Number.parseInt(key, 10)] as number) + views;
  }
  return counted === 0 ? undefined : sums.map((sum) => sum / counted);
}

/** The views that usually come within this many minutes after an hour of the day. `hour` may have a fraction, and be over 24. */
export function viewsAfter(hours: readonly number[], hour: number, minutes: number): number {
  const end = hour + minutes / 60;
  let views = 0;
  for (let at = hour; at < end; ) {
    const next = Math.min(end, Math.floor(at) + 1);
    views += (next - at) * (hours[Math.floor(at) % HOURS] as number);
    at = next;
  }
  return views;
}

export interface ChangeNow {
  /** The site's zone now. */
  readonly timezone: string;
  /** Its hour of the day, with its fraction. */
  readonly hour: number;
  /** As in `ZoneChange`. Not 0. */
  readonly minutes: number;
}

/** What the owner should know about the time of the change, in a sentence or two. */
export function quietestTimeText(hours: readonly number[], { timezone, hour, minutes }: ChangeNow): Sentence {
  const affected = (from: number) => viewsAfter(hours, from, Math.abs(minutes));
  const now = affected(hour);
  const best = hours.map((_, from) => from).reduce((quietest, from) => (affected(from) < affected(quietest) ? from : quietest));
  const spared = now - affected(best);
  const isQuiet = spared < 1 || spared < SPARED_MIN * now;
  const time = `${String(best).padStart(2, '0')}:00`;
  return {
    en: (write) => {
      const what =
        minutes > 0
          ? 'The hours that are skipped now usually have'
          : 'The hours that follow now, whose views are added to hours that have been counted, usually have';
      const advice = isQuiet
        ? 'No other time of the day is much quieter.'
        : `The quietest time for this change is ${time} in ${timezone}: ${about(affected(best), write).en}. ` +
          'To use it, make the change then.';
      return `${what} ${about(now, write).en} (by the last four weeks). ${advice}`;
    },
    de: (write) => {
      const what =
        minutes > 0
          ? 'Die Stunden, die jetzt übersprungen werden, haben gewöhnlich'
          : 'Die nächsten Stunden, deren Aufrufe zu schon gezählten Stunden hinzukommen, haben gewöhnlich';
      const advice = isQuiet
        ? 'Keine andere Tageszeit ist viel ruhiger.'
        : `Am ruhigsten für diese Änderung ist es um ${time} Uhr in ${timezone}: ${about(affected(best), write).de}. ` +
          'Dafür müssen Sie die Änderung um diese Zeit vornehmen.';
      return `${what} ${about(now, write).de} (nach den letzten vier Wochen). ${advice}`;
    },
  };
}

function about(views: number, { number }: Writing): Text {
  const rounded = Math.round(views);
  if (rounded === 0) return { en: 'hardly any views', de: 'kaum Seitenaufrufe' };
  return {
    en: `about ${number(rounded)} ${rounded === 1 ? 'view' : 'views'}`,
    de: `etwa ${number(rounded)} ${rounded === 1 ? 'Seitenaufruf' : 'Seitenaufrufe'}`,
  };
}

/** The next days on which both zones have the same time all day, so that a change affects nothing. Undefined: none in sight. */
export function daysOfSameTime(before: string, after: string, nowMs: number): { from: string; to?: string } | undefined {
  const isSame = (day: number) => {
    const [old, now] = [before, after].map((zone) => DateTime.fromMillis(nowMs + day * DAY_MS, { zone }).offset);
    return old === now;
  };
  const days = Array.from({ length: DAYS_AHEAD }, (_, day) => day);
  const first = days.find(isSame);
  if (first === undefined) return undefined;
  const end = days.find((day) => day > first && !isSame(day));
  // the zones may change at any time of the day before the first sample, and after the last
  const dateOf = (day: number) => DateTime.fromMillis(nowMs + day * DAY_MS, { zone: before }).toFormat('yyyy-MM-dd');
  if (end === undefined) return { from: dateOf(first + 1) };
  return end - 2 < first + 1 ? undefined : { from: dateOf(first + 1), to: dateOf(end - 2) };
}

export function sameTimeText({ from, to }: { readonly from: string; readonly to?: string }): Sentence {
  return {
    en: ({ day }) =>
      `From ${day(from)} ${to === undefined ? 'on' : `to ${day(to)}`}, both zones have the same time: ` +
      'a change then neither skips nor repeats an hour.',
    de: ({ day }) =>
      `${to === undefined ? `Ab dem ${day(from)}` : `Vom ${day(from)} bis zum ${day(to)}`} ist es in beiden Zeitzonen gleich ` +
      'spät: Bei einer Änderung in dieser Zeit fehlt keine Stunde, und keine gibt es doppelt.',
  };
}
