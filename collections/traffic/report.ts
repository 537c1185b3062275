// Views and visitors by day and hour.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import {
  countFirstEver,
  countFirsts,
  countImportedVisitors,
  countPoint,
  DAYS,
  dayNode,
  FIRSTS_OF_HOUR,
  HOURS,
  hasRecord,
  type People,
  peopleOfDay,
  peopleOfRange,
  VIEWS,
  visitorsOfHours,
} from '../people.js';
import { report } from '../report.js';

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

  count(hit, into) {
    if (hit.kind !== 'view') return;
    const day = dayNode(into, hit.at.day);
    into.sum(VIEWS);
    day.sum(VIEWS);
    day.at(HOURS).at(hit.at.hour).sum(VIEWS);
    countFirsts(hit.visitor, day);
  },

  observe(observation, times, into) {
    if (observation.kind !== 'presence') return;
    const day = dayNode(into, observation.day);
    if (observation.firstOfHour) day.at(HOURS).at(observation.hour).sum(FIRSTS_OF_HOUR, times);
    if (observation.firstEver) countFirstEver(day, times);
  },

  point: countPoint,

  /** Days without hours: what is counted elsewhere by the day is in no hour. */
  imported(row, into) {
    if (row.kind === 'visitors') countImportedVisitors(row.visitors, dayNode(into, row.day));
    if (row.kind !== 'views') return;
    into.sum(VIEWS, row.views);
    dayNode(into, row.day).sum(VIEWS, row.views);
  },

  report(document, view) {
    return {
      total: { views: document.get(VIEWS), ...visitorsIn(peopleOfRange(document, view)) },
      rows: view.days.map((key) => {
        const day = document.below(DAYS).below(key);
        const hours = day.below(HOURS);
        const visitorsOf = visitorsOfHours(day);
        return {
          key,
          views: day.get(VIEWS),
          ...visitorsIn(peopleOfDay(document, key)),
          hours: view
            .hoursOf(key)
            .map((hour) => ({ key: hour, views: hours.below(hour).get(VIEWS), visitors: visitorsOf(hour) })),
        };
      }),
    };
  },

  answer,
});

function visitorsIn({ visitors, error }: People): People {
  return error === undefined ? { visitors } : { visitors, error };
}

/** Of a document of a day or a month: the views of each of its days, and whether browsers with a record are among them. */
export function viewsByDay(document: Counters): Map<string, { views: number; hasRecord: boolean }> {
  const days = document.below(DAYS);
  return new Map(
    [...days.fields.keys()].map((day) => [day, { views: days.below(day).get(VIEWS), hasRecord: hasRecord(days.below(day)) }]),
  );
}
