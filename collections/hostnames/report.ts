// The hosts on which the pages of a site were viewed.
import { z } from 'zod';
import { VIEWS } from '../../src/counters/cap.js';
import { cappedMap, declareKeys, sum } from '../keys.js';
import { report } from '../report.js';
import { countFirst, firstKeys } from '../row-visitors.js';
import { cappedRows, paged, readableTitle, readableTitleSchema, rowIn, rowSchema, totalRowsSchema } from '../rows.js';

const keys = declareKeys({
  /** Views whose host is known. */
  views: sum('hv'),
  /** Few sites have more than three; one that lists no hosts may be copied by many others. */
  hosts: cappedMap('hn', { rowsMax: 100, row: { views: VIEWS, ...firstKeys } }),
});

const views = z.int().min(0);

export const answer = z.object({
  total: z.object({
    views: views.describe(
      'Views whose host is known: the sum of `rows`. It is unknown for a page that sent only a path, and for imported data.',
    ),
  }),
  rows: z
    .array(
      rowSchema.extend({
        key: z.string().describe('The host, in lower case and without a port.'),
        title: readableTitleSchema,
      }),
    )
    .describe('The hosts on which pages were viewed.'),
  totalRows: totalRowsSchema('rows'),
});
export type Answer = z.infer<typeof answer>;

export const hostnames = report({
  name: 'hostnames',
  summary: 'views and visitors by the host of the page',
  about: `A site may have several hosts: with \`www.\` and without, one for each language, or a staging copy. A host that
is not among the site's own is refused instead (\`foreign-host\`), so a site that lists no hosts also sees copies
of its pages here.

A visitor is counted in one row, as in *referrers*: the host of the first view of the day, month or year. The host of a
view has been stored since this report exists. Imports of logs and other tools' exports do not contain it.`,
  keys,

  count({ kind, host, visitor }, into) {
    if (kind !== 'view' || host === '') return;
    into.sum(keys.views);
    const row = rowIn(into, keys.hosts, host);
    row.sum(VIEWS);
    countFirst(visitor.first, row);
  },

  report(document, view) {
    const rows = cappedRows(document, keys.hosts, view, {
      extra: (_row, key) => readableTitle(key),
      searched: (key) => `${key} ${readableTitle(key).title ?? ''}`,
    });
    return { total: { views: document.get(keys.views) }, ...paged({ rows }, view) };
  },

  answer,
});
