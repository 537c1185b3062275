// Hits that were answered and not counted, by reason.
import { z } from 'zod';
import { declareKeys, sum, sums } from '../keys.js';
import { report } from '../report.js';
import { paged, searched, totalRowsSchema } from '../rows.js';

const keys = declareKeys({ counted: sum('k'), refused: sum('x'), reasons: sums('r') });

export const answer = z.object({
  total: z.object({
    received: z.int().min(0).describe('Requests to the beacon for this site and lines of imported logs: `counted` + `refused`.'),
    counted: z.int().min(0).describe('Hits that were counted.'),
    refused: z.int().min(0).describe('Hits that were answered and not counted.'),
  }),
  rows: z.array(
    z.object({
      key: z.string().describe('The reason; [beacon.md](beacon.md) lists all of them.'),
      hits: z.int().min(0).describe('Hits that were not counted for this reason.'),
    }),
  ),
  totalRows: totalRowsSchema('rows'),
});
export type Answer = z.infer<typeof answer>;

export const refusals = report({
  name: 'refusals',
  summary: 'hits that were not counted, by reason',
  about: `Every request to the beacon that was answered and not counted, by reason. Requests that name no known site are
only in \`/health\`.`,
  keys,

  count(_hit, into) {
    into.sum(keys.counted);
  },

  observe({ kind }, times, into) {
    if (kind === 'ping') into.sum(keys.counted, times);
  },

  refusal(refusal, into) {
    into.sum(keys.refused, refusal.hits);
    into.at(keys.reasons).sum(refusal.reason, refusal.hits);
  },

  report(document, view) {
    const counted = document.get(keys.counted);
    const refused = document.get(keys.refused);
    const rows = document
      .below(keys.reasons)
      .sums()
      .map(([key, hits]) => ({ key, hits }))
      .sort((a, b) => b.hits - a.hits || (a.key < b.key ? -1 : 1));
    return {
      total: { received: counted + refused, counted, refused },
      ...paged({ rows: searched(rows, view) }, view),
    };
  },

  answer,
});
