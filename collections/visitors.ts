// Who came: new and returning visitors by day.
import { z } from 'zod';
import { collection } from './collection.js';
import {
  type People,
  countFirsts,
  countImportedVisitors,
  countPoint,
  dayNode,
  newAndReturning,
  newAndReturningOfDay,
  peopleOfDay,
  peopleOfRange,
} from './people.js';

const people = {
  visitors: z.int().min(0).describe('Unique visitors, with and without a record in their browser.'),
  error: z.int().min(0).optional().describe('One standard error of `visitors` where it is an estimate, in visitors.'),
  new: z.int().min(0).describe('Visitors with a record whose first view ever lies in this row or range.'),
  returning: z.int().min(0).describe('The other visitors with a record.'),
  unknown: z
    .int()
    .min(0)
    .describe('Visitors without a record, and imported ones: neither new nor returning. The three add up to `visitors`.'),
};

const answer = z.object({
  total: z.object(people),
  rows: z.array(z.object({ key: z.string().describe('The local day, 2026-11-20.'), ...people })),
});

export const visitors = collection({
  name: 'visitors',
  keep: { day: { years: 3 }, month: 'always' },
  caps: {},

  count(hit, into) {
    if (hit.kind === 'view' && hit.visitor.record) countFirsts(hit.visitor, dayNode(into, hit.at.day));
  },

  point: countPoint,

  imported(row, into) {
    if (row.kind === 'visitors') countImportedVisitors(row.visitors, dayNode(into, row.day));
  },

  report(document, view) {
    return {
      total: withUnknown(peopleOfRange(document, view), newAndReturning(document, view)),
      rows: view.days.map((key) => ({ key, ...withUnknown(peopleOfDay(document, key), newAndReturningOfDay(document, key)) })),
    };
  },

  answer,
});

function withUnknown(people: People, known: { new: number; returning: number }) {
  return { ...people, ...known, unknown: Math.max(0, people.visitors - known.new - known.returning) };
}
