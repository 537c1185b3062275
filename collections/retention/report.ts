// Browsers by the week and by the month of their first view, and the number that came again in each week and month since.
// Weeks begin on Monday. Weeks and months are those of UTC, because a browser sends only the UTC day of its first view.
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

const cohorts = (meaning: string, key: string) =>
  z
    .array(
      z.object({
        key: z.string().describe(key),
        browsers: z.int().min(0).describe('Browsers with a record whose first view was in this week or month.'),
        returned: z
          .array(z.int().min(0))
          .describe(
            'How many of them came 1, 2, 3 … weeks or months later, up to the end of the range. 0 for future weeks and months.',
          ),
      }),
    )
    .describe(meaning);

export const answer = z.object({
  weeks: cohorts('The weeks of the first view that began in the range.', 'The Monday of a week, or a month, in UTC.'),
  months: cohorts('The months of the first view that began in the range.', 'The Monday of a week, or a month, in UTC.'),
});
export type Answer = z.infer<typeof answer>;

export const retention = report({
  name: 'retention',
  summary: 'how many browsers came back, by the week and the month of their first view',
  about: `The numbers are exact. Weeks begin on Monday. **Weeks and months are those of UTC**, since a browser sends only
the UTC day of its first view. Only weeks and months that began in the range are listed: for others the number
of first views is not known.

In time zones west of UTC the first hours of a UTC day lie in the local day before. So a cohort that begins on
the very first day of the range lacks the browsers of these hours: ask for a range that begins earlier. A record
that claims to be older than 400 days is not counted.`,
  keys,

  observe(observation, times, into) {
    if (observation.kind !== 'presence') return;
    const { weeks, months, receivedAtMs } = observation;
    if (weeks < 0 && months < 0) return; // nearly always
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

/** The same few weeks are needed again and again. */
const REMEMBERED_MAX = 2000;
const weekKeyOf = memoize(weekKey, REMEMBERED_MAX);
const monthKeyOf = memoize(monthKey, REMEMBERED_MAX);

/** The cohorts that began in the range. How many browsers older cohorts have is not known. */
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
