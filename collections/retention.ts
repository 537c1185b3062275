// Who comes back: browsers by the week and by the month in which they first came, and how many of them were here in each week and month since.
// Weeks begin on Monday; weeks and months are those of UTC, since a browser says only the UTC day of its first view.
import { z } from 'zod';
import type { Counters } from '../src/counters/counters.js';
import { firstDayOf } from '../src/hit/dates.js';
import type { Hit } from '../src/hit/hit.js';
import { type ReportView, report } from './collection.js';

/** Beside what traffic and the others count into the same documents. */
const WEEKS = 'W';
const MONTHS = 'M';

const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday. */
const DAYS_TO_MONDAY = 3;
/** A record lives for 393 days; what says that it is older is not believed. */
const FIRST_VIEW_DAYS_MAX = 400;

const cohorts = (key: string) =>
  z.array(
    z.object({
      key: z.string().describe(key),
      browsers: z.int().min(0).describe('With a record, whose first view ever was then.'),
      returned: z
        .array(z.int().min(0))
        .describe('How many of them were here 1, 2, 3 … weeks or months later, up to the end of the range.'),
    }),
  );

const answer = z.object({
  weeks: cohorts('The Monday (UTC) of the week of the first view.'),
  months: cohorts('The month (UTC) of the first view.'),
});

export const retention = report({
  name: 'retention',

  count(hit, into) {
    const { kind, visitor, atMs } = hit;
    if (kind !== 'view' || !visitor.record || visitor.firstViewDaysAgo > FIRST_VIEW_DAYS_MAX) return;
    const today = Math.floor(atMs / DAY_MS);
    const lastDay = lastDayOf(hit);
    if (lastDay === today) return; // as most
    const firstDay = visitor.firstEver ? today : today - visitor.firstViewDaysAgo;
    for (const [map, periodOf] of KINDS) {
      const { number } = periodOf(today);
      if (lastDay !== undefined && periodOf(lastDay).number >= number) continue;
      const cohort = periodOf(firstDay);
      into
        .at(map)
        .at(cohort.key)
        .sum(String(number - cohort.number));
    }
  },

  report(document, view) {
    return { weeks: cohortsOf(document, view, WEEKS), months: cohortsOf(document, view, MONTHS) };
  },

  answer,
});

interface Period {
  /** Since 1970. */
  readonly number: number;
  readonly key: string;
}

/** Days are UTC, counted since 1970. Few different ones are asked for, over and over. */
const KINDS = [
  [WEEKS, remembering(weekOf)],
  [MONTHS, remembering(monthOf)],
] as const;

function weekOf(day: number): Period {
  const number = Math.floor((day + DAYS_TO_MONDAY) / 7);
  return { number, key: new Date((number * 7 - DAYS_TO_MONDAY) * DAY_MS).toISOString().slice(0, 10) };
}

function monthOf(day: number): Period {
  const date = new Date(day * DAY_MS);
  const number = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return { number, key: date.toISOString().slice(0, 7) };
}

const REMEMBERED_MAX = 2000;

function remembering(periodOf: (day: number) => Period): (day: number) => Period {
  const known = new Map<number, Period>();
  return (day) => {
    let period = known.get(day);
    if (period === undefined) {
      period = periodOf(day);
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(day, period);
    }
    return period;
  };
}

/** Of the view before, since 1970, UTC; undefined: none is known. */
function lastDayOf({ atMs, visitor: { ageSeconds } }: Hit): number | undefined {
  return ageSeconds < 0 ? undefined : Math.floor((atMs - ageSeconds * 1000) / DAY_MS);
}

/** Those that began in the range: of older ones it does not know how many there were. */
function cohortsOf(document: Counters, { from, to }: ReportView, kind: typeof WEEKS | typeof MONTHS) {
  const numberOf = (day: string) => (kind === WEEKS ? weekOf : monthOf)(Date.parse(day) / DAY_MS).number;
  const last = numberOf(to);
  return [...(document.below(kind).fields as Map<string, Counters>)]
    .filter(([key]) => firstDayOf(key) >= from && firstDayOf(key) <= to)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, since]) => {
      const first = numberOf(key);
      const later = Array.from({ length: Math.max(0, last - first) }, (_, i) => since.get(String(i + 1)));
      return { key, browsers: since.get('0'), returned: later };
    });
}
