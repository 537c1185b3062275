// Views and visitors by day and hour.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import { dayIn, hourIn, readDay, readDays, readHour } from '../days.js';
import { report } from '../report.js';
import {
  countFirsts,
  countPoint,
  hasRecord,
  trafficKeys,
  type VisitorCount,
  visitorsOfDay,
  visitorsOfHours,
  visitorsOfRange,
} from '../unique-visitors.js';

const keys = trafficKeys;
const dayKeys = keys.days.each;
const hourKeys = dayKeys.hours.each;

const people = {
  visitors: z.int().min(0).describe('Unique visitors of this row or range; of a range, not the sum of its rows.'),
  error: z
    .int()
    .min(0)
    .optional()
    .describe('One standard error of `visitors` where it is an estimate, in visitors. Never more than it can be off at all.'),
};
const views = z.int().min(0).describe('Page views.');

export const answer = z.object({
  total: z.object({ views, ...people }),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, 2026-11-20.'),
      views,
      ...people,
      hours: z.array(
        z.object({
          key: z.string().describe('The local hour, 02; 02+ in the second pass of an hour that a clock change repeats.'),
          views,
          visitors: z.int().min(0).describe('Browsers whose record says that this was their first view of the hour.'),
        }),
      ),
    }),
  ),
});
export type Answer = z.infer<typeof answer>;

export const traffic = report({
  name: 'traffic',
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
      rows: view.days.map((key) => {
        const day = readDay(document, key);
        const visitorsOf = visitorsOfHours(day);
        return {
          key,
          views: day.get(dayKeys.views),
          ...countOf(visitorsOfDay(document, key)),
          hours: view
            .hoursOf(key)
            .map((hour) => ({ key: hour, views: readHour(day, hour).get(hourKeys.views), visitors: visitorsOf(hour) })),
        };
      }),
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
