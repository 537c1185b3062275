// Who came: new and returning visitors by day, how often they had come before, and how long ago.
import { z } from 'zod';
import type { Counters } from '../../src/counters/counters.js';
import { SINCE_CLASSES, VISIT_CLASSES } from '../../src/hit/observation.js';
import { peopleOfDay, peopleOfRange } from '../people.js';
import { report } from '../report.js';

/** Visits by their number, and by the days since the visit before: classes by their lower bounds. */
const NUMBERS = 'N';
const SINCE = 'A';

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

/** Read from the documents of traffic, which counts who came; this adds how often and how long ago. */
export const visitors = report({
  name: 'visitors',

  observe(observation, times, into) {
    if (observation.kind !== 'presence' || observation.visitClass === 0) return;
    into.at(NUMBERS).sum(String(observation.visitClass), times);
    if (observation.sinceClass >= 0) into.at(SINCE).sum(String(observation.sinceClass), times);
  },

  report(document, view) {
    return {
      total: peopleOfRange(document, view),
      rows: view.days.map((key) => ({ key, ...peopleOfDay(document, key) })),
      loyalty: classesOf(document.below(NUMBERS), VISIT_CLASSES),
      recency: classesOf(document.below(SINCE), SINCE_CLASSES),
    };
  },

  answer,
});

function classesOf(map: Counters, bounds: readonly number[]) {
  return bounds.map((least) => ({ least, visits: map.get(String(least)) }));
}
