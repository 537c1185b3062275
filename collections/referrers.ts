// Where views came from: by medium, by source, by host and by referring page.
import { z } from 'zod';
import { RANKING, row } from '../src/counters/cap.js';
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
    views: z.int().min(0),
    referred: z.int().min(0).describe('Views that came from another site: the sum of `hosts`, of `pages` and of `sources`.'),
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
    if (hit.kind !== 'view') return;
    const { medium, source, host, path } = hit.referrer;
    into.sum(RANKING);
    into.at(MEDIA).sum(medium);
    if (host === '') return;
    into.sum('o');
    row(into, SOURCES, source).sum(RANKING);
    row(into, HOSTS, host).sum(RANKING);
    row(into, PAGES, host + path).sum(RANKING);
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
