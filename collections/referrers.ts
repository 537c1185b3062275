// Where views came from: by medium, by source, by host and by referring page.
import { z } from 'zod';
import { RANKING, row as rowOf } from '../src/counters/cap.js';
import type { Counters } from '../src/counters/counters.js';
import type { Referrer } from '../src/hit/hit.js';
import { collection } from './collection.js';
import { cappedRows, closedRowSchema, closedRows, rowSchema } from './rows.js';

const MEDIA = 'm';
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

const answer = z.object({
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
  sources: z.array(rowSchema),
  hosts: z.array(rowSchema),
  pages: z.array(rowSchema.extend({ key: z.string().describe('Host and path, without scheme, `www.` and query.') })),
});

export const referrers = collection({
  name: 'referrers',
  keep: { day: { months: 3 }, month: { years: 3 } },
  caps: { [SOURCES]: 1000, [HOSTS]: 1000, [PAGES]: 2000 },

  count(hit, into) {
    if (hit.kind === 'view') add(hit.referrer, 1, into);
  },

  imported(row, into) {
    if (row.kind === 'referrer') add(row.referrer, row.visits, into);
  },

  report(document, view) {
    const rows = (map: string) => cappedRows(document.below(map), view, () => ({}));
    return {
      total: { views: document.get(RANKING), referred: document.get('o') },
      media: closedRows(document.below(MEDIA), (key) => MEDIUM_TITLES[key] ?? key),
      sources: rows(SOURCES),
      hosts: rows(HOSTS),
      pages: rows(PAGES),
    };
  },

  answer,
});

function add({ medium, source, host, path }: Referrer, views: number, into: Counters): void {
  into.sum(RANKING, views);
  into.at(MEDIA).sum(medium, views);
  if (source === '') return;
  into.sum('o', views);
  rowOf(into, SOURCES, source).sum(RANKING, views);
  if (host === '') return; // another tool has named only the source
  rowOf(into, HOSTS, host).sum(RANKING, views);
  rowOf(into, PAGES, host + path).sum(RANKING, views);
}
