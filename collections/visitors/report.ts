// Who came: new and returning visitors by day, how often they had come before, and how long ago.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import { SINCE_CLASSES, VISIT_CLASSES } from '../../src/hit/observation.js';
import { declareKeys, sums } from '../keys.js';
import { report } from '../report.js';
import { visitorsOfDay, visitorsOfRange } from '../unique-visitors.js';

/** Classes of visits, by the text of their lower bounds. */
const keys = declareKeys({
  /** By the visit's number among all visits of its browser. */
  loyalty: sums('N'),
  /** By the days since the visit before. */
  recency: sums('A'),
});

const people = {
  visitors: z.int().min(0).describe('Unique visitors, with and without a record in their browser.'),
  error: z
    .int()
    .min(0)
    .optional()
    .describe('One standard error of `visitors` where it is an estimate, in visitors. Never more than it can be off at all.'),
  new: z.int().min(0).describe('Visitors with a record whose first view ever lies in this row or range.'),
  returning: z.int().min(0).describe('The other visitors with a record.'),
  unknown: z
    .int()
    .min(0)
    .describe('Visitors without a record, and imported ones: neither new nor returning. The three add up to `visitors`.'),
};

const classes = (least: string) => z.array(z.object({ least: z.int().min(0).describe(least), visits: z.int().min(0) }));

export const answer = z.object({
  total: z.object(people),
  rows: z.array(z.object({ key: z.string().describe('The local day, 2026-11-20.'), ...people })),
  loyalty: classes("Visits whose number, of the browser's visits ever, is at least this and less than that of the next class."),
  recency: classes(
    'Visits that began at least so many days (of 24 hours) after the last view of the visit before. First visits are in none.',
  ),
});
export type Answer = z.infer<typeof answer>;

/** The traffic report counts the visitors, in the same documents. This one adds how often and how long ago they came. */
export const visitors = report({
  name: 'visitors',
  keys,

  observe(observation, times, into) {
    if (observation.kind !== 'presence' || observation.visitClass === 0) return;
    into.at(keys.loyalty).sum(String(observation.visitClass), times);
    if (observation.sinceClass >= 0) into.at(keys.recency).sum(String(observation.sinceClass), times);
  },

  report(document, view) {
    return {
      total: visitorsOfRange(document, view),
      rows: view.days.map((key) => ({ key, ...visitorsOfDay(document, key) })),
      loyalty: classesOf(document.below(keys.loyalty), VISIT_CLASSES),
      recency: classesOf(document.below(keys.recency), SINCE_CLASSES),
    };
  },

  answer,
});

function classesOf(map: Counters, bounds: readonly number[]) {
  return bounds.map((least) => ({ least, visits: map.get(String(least)) }));
}
