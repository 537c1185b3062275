// Who comes back: browsers by the week and by the month in which they first came, and how many of them were here in
// each week and month since. Weeks begin on Monday; weeks and months are those of UTC, since a browser says only the
// UTC day of its first view.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import { firstDayOf } from '../../src/time/dates.js';
import { memoize } from '../../src/time/memo.js';
import { DAY_MS } from '../../src/time/units.js';
import { monthKey, monthNumber, weekKey, weekNumber } from '../../src/time/utc-periods.js';
import { declareKeys, family, levels } from '../keys.js';
import { type ReportView, report } from '../report.js';

/** Browsers of one cohort, by the text of the number of weeks or months since their first view. */
const since = { later: family('*') };
const keys = declareKeys({
  /** By the first day of a week. */
  weeks: levels('W', since),
  /** By the month. */
  months: levels('M', since),
});

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

export const answer = z.object({
  weeks: cohorts('The Monday (UTC) of the week of the first view.'),
  months: cohorts('The month (UTC) of the first view.'),
});
export type Answer = z.infer<typeof answer>;

export const retention = report({
  name: 'retention',
  keys,

  observe(observation, times, into) {
    if (observation.kind !== 'presence') return;
    const { weeks, months, receivedAtMs } = observation;
    if (weeks < 0 && months < 0) return; // as most
    const today = Math.floor(receivedAtMs / DAY_MS);
    if (weeks >= 0)
      into
        .at(keys.weeks.key)
        .at(weekKeyOf(weekNumber(today) - weeks))
        .sum(String(weeks), times);
    if (months >= 0)
      into
        .at(keys.months.key)
        .at(monthKeyOf(monthNumber(today) - months))
        .sum(String(months), times);
  },

  report(document, view) {
    return { weeks: cohortsOf(document, view, 'weeks'), months: cohortsOf(document, view, 'months') };
  },

  answer,
});

/** Few different ones are asked for, over and over. */
const REMEMBERED_MAX = 2000;
const weekKeyOf = memoize(weekKey, REMEMBERED_MAX);
const monthKeyOf = memoize(monthKey, REMEMBERED_MAX);

/** Those that began in the range: of older ones it does not know how many there were. */
function cohortsOf(document: Counters, { from, to }: ReportView, grain: 'weeks' | 'months') {
  const numberOf = (day: string) => (grain === 'weeks' ? weekNumber : monthNumber)(Date.parse(day) / DAY_MS);
  const last = numberOf(to);
  return document
    .below(keys[grain].key)
    .levels()
    .filter(([key]) => firstDayOf(key) >= from && firstDayOf(key) <= to)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, since]) => {
      const first = numberOf(key);
      const later = Array.from({ length: Math.max(0, last - first) }, (_, i) => since.get(String(i + 1)));
      return { key, browsers: since.get('0'), returned: later };
    });
}
