// Every hit that was answered and not counted, by reason: received = counted + refused.
import { z } from 'zod';
import { report } from '../report.js';
import { paged, searched, totalRowsSchema } from '../rows.js';

/** Beside those of traffic, visits and visitors. */
const COUNTED = 'k';
const REFUSED = 'x';
const REASONS = 'r';

export const answer = z.object({
  total: z.object({
    received: z.int().min(0).describe('Requests to the beacon for this site, or lines of an imported log: counted + refused.'),
    counted: z.int().min(0),
    refused: z.int().min(0),
  }),
  rows: z.array(z.object({ key: z.string().describe('The reason.'), hits: z.int().min(0) })),
  totalRows: totalRowsSchema('rows'),
});
export type Answer = z.infer<typeof answer>;

export const refusals = report({
  name: 'refusals',

  count(_hit, into) {
    into.sum(COUNTED);
  },

  observe({ kind }, times, into) {
    if (kind === 'ping') into.sum(COUNTED, times);
  },

  refusal(refusal, into) {
    into.sum(REFUSED, refusal.hits);
    into.at(REASONS).sum(refusal.reason, refusal.hits);
  },

  report(document, view) {
    const counted = document.get(COUNTED);
    const refused = document.get(REFUSED);
    const rows = [...(document.below(REASONS).fields as Map<string, number>)]
      .map(([key, hits]) => ({ key, hits }))
      .sort((a, b) => b.hits - a.hits || (a.key < b.key ? -1 : 1));
    return {
      total: { received: counted + refused, counted, refused },
      ...paged({ rows: searched(rows, view) }, view),
    };
  },

  answer,
});
