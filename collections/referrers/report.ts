// Where views and visitors came from: by medium, by source, by host and by referring page.
import { z } from 'zod';
import { RANKING, row as rowOf } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import type { FirstOf, Referrer } from '../../src/hit/hit.js';
import { report } from '../report.js';
import { closedList, countClosed, countFirst } from '../row-visitors.js';
import {
  cappedRows,
  closedRowSchema,
  closedRows,
  paged,
  readableTitle,
  readableTitleSchema,
  rowSchema,
  totalRowsSchema,
} from '../rows.js';

const MEDIA = closedList('m');
const SOURCES = 's';
const HOSTS = 'h';
const PAGES = 'p';

const MEDIUM_TITLES: Readonly<Record<string, string>> = {
  direct: 'Direct or unknown',
  internal: 'From the site itself',
  search: 'Search engines',
  social: 'Social networks',
  mail: 'Mail',
  chat: 'Chat',
  ai: 'AI assistants',
  other: 'Other sites',
};

const referrerRow = rowSchema.extend({
  title: readableTitleSchema,
});

export const answer = z.object({
  total: z.object({
    views: z.int().min(0).describe('Views; of imported days visits, since other tools say of a visit only where it came from.'),
    referred: z
      .int()
      .min(0)
      .describe(
        'Views that came from another site: the sum of `sources`, and of `hosts` and of `pages` but for imported ones that name no host.',
      ),
  }),
  media: z.array(closedRowSchema).describe('Every view is in one of these; they add up to `views`.'),
  sources: z.array(referrerRow),
  hosts: z.array(referrerRow),
  pages: z.array(referrerRow.extend({ key: z.string().describe('Host and path, without scheme, `www.` and query.') })),
  totalRows: totalRowsSchema('media', 'sources', 'hosts', 'pages'),
});
export type Answer = z.infer<typeof answer>;

export const referrers = report({
  name: 'referrers',
  caps: { [SOURCES]: 1000, [HOSTS]: 1000, [PAGES]: 2000 },
  rowsOf: Object.fromEntries([SOURCES, HOSTS, PAGES].map((map) => [map, (referrer: string) => ({ referrer: [referrer] })])),

  count(hit, into) {
    if (hit.kind === 'view') add(hit.referrer, 1, hit.visitor.first, into);
  },

  imported(row, into) {
    if (row.kind === 'referrer') add(row.referrer, row.visits, '', into);
  },

  report(document, view) {
    const rows = (map: string) =>
      cappedRows(document.below(map), view, {
        extra: (_row, key) => readableTitle(key),
        searched: (key) => `${key} ${readableTitle(key).title ?? ''}`,
      });
    return {
      total: { views: document.get(RANKING), referred: document.get('o') },
      ...paged(
        {
          media: closedRows(document, MEDIA, view, (key) => MEDIUM_TITLES[key] ?? key),
          sources: rows(SOURCES),
          hosts: rows(HOSTS),
          pages: rows(PAGES),
        },
        view,
      ),
    };
  },

  answer,
});

/** A visitor counts where the first view of the day, month or year came from: in one row of each list. */
function add({ medium, source, host, path }: Referrer, views: number, first: FirstOf, into: Counters): void {
  const addRow = (map: string, key: string): void => {
    const row = rowOf(into, map, key);
    row.sum(RANKING, views);
    countFirst(first, row);
  };
  into.sum(RANKING, views);
  countClosed(MEDIA, medium, first, into, views);
  if (source === '') return;
  into.sum('o', views);
  addRow(SOURCES, source);
  if (host === '') return; // another tool has named only the source
  addRow(HOSTS, host);
  addRow(PAGES, host + path);
}
