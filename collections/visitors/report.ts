// New and returning visitors by day, the number of their earlier visits, and the time since the last one.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import { SINCE_CLASSES, VISIT_CLASSES } from '../../src/hit/observation.js';
import { firstDayOf } from '../../src/time/dates.js';
import { declareKeys, sums } from '../keys.js';
import { daysListed, monthsListed } from '../listed.js';
import { report } from '../report.js';
import { VISITORS_ERROR, visitorsOfDay, visitorsOfMonth, visitorsOfRange } from '../unique-visitors.js';

/** Classes of visits, by the text of their lower bounds. */
const keys = declareKeys({
  /** By the visit's number among all visits of its browser. */
  loyalty: sums('N'),
  /** By the days since the visit before. */
  recency: sums('A'),
});

const groups = {
  visitors: z.int().min(0).describe('Unique visitors, with and without a record: see *Visitors*.'),
  error: z.int().min(0).optional().describe(VISITORS_ERROR),
  new: z.int().min(0).describe('Visitors with a record whose first view ever was in this row or range.'),
  returning: z.int().min(0).describe('All other visitors with a record.'),
  unknown: z
    .int()
    .min(0)
    .describe('Visitors without a record, and imported visitors. `new`, `returning` and `unknown` add up to `visitors`.'),
};

const classList = (meaning: string) =>
  z
    .array(
      z.object({
        least: z.int().min(0).describe('The lower bound of the class. The next class begins where it ends.'),
        visits: z.int().min(0),
      }),
    )
    .describe(meaning);

export const answer = z.object({
  total: z.object(groups),
  rows: z.array(z.object({ key: z.string().describe('The local day, `2026-11-20`.'), ...groups })),
  months: z
    .array(
      z
        .object(groups)
        .partial()
        .extend({ key: z.string().describe('The local month, `2026-11`.') }),
    )
    .optional()
    .describe('Only with `by=day` or `by=month`. A month that begins before the range has no visitors.'),
  loyalty: classList(`Visits by their number among all visits of the browser. Classes begin at ${VISIT_CLASSES.join(', ')}.`),
  recency: classList(
    'Visits by the days (of 24 hours) since the last view of the visit before. First visits are in none. ' +
      `Classes begin at ${SINCE_CLASSES.join(', ')}.`,
  ),
});
export type Answer = z.infer<typeof answer>;

/** The traffic report counts the visitors in the same documents. This one adds `loyalty` and `recency`. */
export const visitors = report({
  name: 'visitors',
  summary: 'new and returning visitors by day, how often and how long ago they came before',
  about: `\`loyalty\` and \`recency\` are exact and count visits, not visitors: a browser that came three times this month
is in \`loyalty\` three times. A record is kept for 13 months. After that its browser counts as new.`,
  keys,

  observe(observation, times, into) {
    if (observation.kind !== 'presence' || observation.visitClass === 0) return;
    into.at(keys.loyalty).sum(String(observation.visitClass), times);
    if (observation.sinceClass >= 0) into.at(keys.recency).sum(String(observation.sinceClass), times);
  },

  report(document, view) {
    return {
      total: visitorsOfRange(document, view),
      rows: daysListed(view).map((key) => ({ key, ...visitorsOfDay(document, key) })),
      ...monthsListed(view, (key, days) => ({
        key,
        // somebody who came before and within the range is a visitor of the days before
        ...(view.from <= firstDayOf(key) && visitorsOfMonth(document, days)),
      })),
      loyalty: classesOf(document.below(keys.loyalty), VISIT_CLASSES),
      recency: classesOf(document.below(keys.recency), SINCE_CLASSES),
    };
  },

  answer,
});

function classesOf(map: Counters, bounds: readonly number[]) {
  return bounds.map((least) => ({ least, visits: map.get(String(least)) }));
}
