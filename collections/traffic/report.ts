// Views and visitors by day and hour.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import { firstDayOf } from '../../src/time/dates.js';
import { dayIn, hourIn, readDay, readDays, readDaysTogether, readHour } from '../days.js';
import { daysListed, hoursListed, monthsListed } from '../listed.js';
import { report } from '../report.js';
import {
  countFirsts,
  countPoint,
  hasRecord,
  trafficKeys,
  VISITORS_ERROR,
  type VisitorCount,
  visitorsOfDay,
  visitorsOfHours,
  visitorsOfMonth,
  visitorsOfRange,
} from '../unique-visitors.js';

const keys = trafficKeys;
const dayKeys = keys.days.each;
const hourKeys = dayKeys.hours.each;

const visitorsSchema = {
  visitors: z.int().min(0).describe('Unique visitors: see *Visitors*. Those of several rows do not add up.'),
  error: z.int().min(0).optional().describe(VISITORS_ERROR),
};
const views = z.int().min(0).describe('Page views.');

export const answer = z.object({
  total: z.object({ views, ...visitorsSchema }),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, `2026-11-20`.'),
      views,
      ...visitorsSchema,
      hours: z.array(
        z.object({
          key: z.string().describe('The local hour, `02`, or `02+` in the second pass of an hour that a clock change repeats.'),
          views,
          visitors: z.int().min(0).describe('Browsers with a record whose first view of the hour this was.'),
        }),
      ),
    }),
  ),
  months: z
    .array(
      z.object({
        key: z.string().describe('The local month, `2026-11`.'),
        views,
        visitors: visitorsSchema.visitors.optional().describe('Absent for a month that begins before the range.'),
        error: visitorsSchema.error,
      }),
    )
    .optional()
    .describe('Only with `by=day` or `by=month`.'),
});
export type Answer = z.infer<typeof answer>;

export const traffic = report({
  name: 'traffic',
  summary: 'views and visitors by day and hour',
  about: `Views and visitors of each day and hour of the range. \`total.views\` is the sum of the rows. Days that were
imported from another tool's export have no hours.`,
  keys,

  count(hit, into) {
    if (hit.kind !== 'view') return;
    const day = dayIn(into, hit.at.day);
    into.sum(keys.views);
    day.sum(dayKeys.views);
    hourIn(day, hit.at.hour).sum(hourKeys.views);
    countFirsts(hit.visitor, day);
  },

  observe(observation, times, into) {
    if (observation.kind !== 'presence') return;
    const day = dayIn(into, observation.day);
    if (observation.firstOfHour) hourIn(day, observation.hour).sum(hourKeys.firsts, times);
    if (observation.firstEver) day.sum(dayKeys.firstEver, times);
  },

  point: countPoint,

  // Other tools count by the day, so imported days have no hours.
  imported(row, into) {
    if (row.kind === 'visitors') dayIn(into, row.day).sum(dayKeys.imported, row.visitors);
    if (row.kind !== 'views') return;
    into.sum(keys.views, row.views);
    dayIn(into, row.day).sum(dayKeys.views, row.views);
  },

  report(document, view) {
    return {
      total: { views: document.get(keys.views), ...countOf(visitorsOfRange(document, view)) },
      rows: daysListed(view).map((key) => {
        const day = readDay(document, key);
        const visitorsOf = visitorsOfHours(day);
        return {
          key,
          views: day.get(dayKeys.views),
          ...countOf(visitorsOfDay(document, key)),
          hours: hoursListed(view, key).map((hour) => ({
            key: hour,
            views: readHour(day, hour).get(hourKeys.views),
            visitors: visitorsOf(hour),
          })),
        };
      }),
      ...monthsListed(view, (key, days) => ({
        key,
        views: readDaysTogether(document, days).get(dayKeys.views),
        // a browser that came before and within the range counts in the days before
        ...(view.from <= firstDayOf(key) && countOf(visitorsOfMonth(document, days))),
      })),
    };
  },

  answer,
});

function countOf({ visitors, error }: VisitorCount): VisitorCount {
  return error === undefined ? { visitors } : { visitors, error };
}

/** The views of each day in a document, and whether browsers with a record were among its visitors. */
export function viewsByDay(document: Counters): Map<string, { views: number; hasRecord: boolean }> {
  return new Map(
    readDays(document).map(([localDay, day]) => [localDay, { views: day.get(dayKeys.views), hasRecord: hasRecord(day) }]),
  );
}
