// Where views and visitors came from: media, sources, hosts and referring pages.
import { z } from 'zod';
import { VIEWS } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import type { NewInPeriod, Referrer } from '../../src/hit/hit.js';
import { type CappedMap, cappedMap, closedList, declareKeys, sum } from '../keys.js';
import { report } from '../report.js';
import { countFirst, countInList, firstKeys } from '../row-visitors.js';
import {
  cappedRows,
  closedRowSchema,
  closedRows,
  paged,
  readableTitle,
  readableTitleSchema,
  rowIn,
  rowSchema,
  totalRowsSchema,
} from '../rows.js';

const rows = (rowsMax: number) => ({
  rowsMax,
  row: { views: VIEWS, ...firstKeys },
  subjectsOf: (referrer: string) => ({ referrer: [referrer] }),
});

const keys = declareKeys({
  views: VIEWS,
  /** Views that came from another site. */
  referred: sum('o'),
  media: closedList('m'),
  sources: cappedMap('s', rows(1000)),
  hosts: cappedMap('h', rows(1000)),
  /** Referring pages: a host with a path. */
  pages: cappedMap('p', rows(2000)),
});

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
  key: z.string().describe('The source, the host in ASCII, or the host and path without scheme, `www.` and query.'),
  title: readableTitleSchema,
});

export const answer = z.object({
  total: z.object({
    views: z.int().min(0).describe('Views; for imported days visits, since other tools export only where a visit came from.'),
    referred: z.int().min(0).describe('Views that came from another site.'),
  }),
  media: z.array(closedRowSchema).describe(
    `Views by medium: ${Object.keys(MEDIUM_TITLES)
      .map((medium) => `\`${medium}\``)
      .join(', ')}. They add up to \`views\`.`,
  ),
  sources: z
    .array(referrerRow)
    .describe('Views by source: a name such as Google, or the registrable domain. They add up to `referred`.'),
  hosts: z.array(referrerRow).describe('Views by host. Imported visits may have a source and no host.'),
  pages: z.array(referrerRow).describe('Views by the referring page.'),
  totalRows: totalRowsSchema('media', 'sources', 'hosts', 'pages'),
});
export type Answer = z.infer<typeof answer>;

export const referrers = report({
  name: 'referrers',
  summary: 'where views and visitors came from: media, sources, hosts and pages',
  about: `A page on somebody's own computer or network (\`localhost\`, \`192.168.…\`, \`file:\`) is no referrer: the view
is \`direct\`, or \`internal\` if the site names its host.

The \`key\` of a host is in ASCII (\`xn--mller-kva.example\`), as browsers send it. Where people read it
differently, \`title\` has that form (\`müller.example\`). Names that could be mistaken for another one, such as
those with letters of several scripts, have no title.

A visitor is counted in one row of each list: where the first view of the day, of the month or of the year came
from, depending on the periods that make up the range. So the media of a day add up to its visitors with a
record.`,
  keys,

  count(hit, into) {
    if (hit.kind === 'view') add(hit.referrer, 1, hit.visitor.first, into);
  },

  imported(row, into) {
    if (row.kind === 'referrer') add(row.referrer, row.visits, '', into);
  },

  report(document, view) {
    const rowsOf = (map: CappedMap) =>
      cappedRows(document, map, view, {
        extra: (_row, key) => readableTitle(key),
        searched: (key) => `${key} ${readableTitle(key).title ?? ''}`,
      });
    return {
      total: { views: document.get(keys.views), referred: document.get(keys.referred) },
      ...paged(
        {
          media: closedRows(document, keys.media, view, (key) => MEDIUM_TITLES[key] ?? key),
          sources: rowsOf(keys.sources),
          hosts: rowsOf(keys.hosts),
          pages: rowsOf(keys.pages),
        },
        view,
      ),
    };
  },

  answer,
});

/** A visitor is counted in one row of each list: where the first view of the day, month or year came from. */
function add({ medium, source, host, path }: Referrer, views: number, first: NewInPeriod, into: Counters): void {
  const addRow = (map: CappedMap, key: string): void => {
    const row = rowIn(into, map, key);
    row.sum(VIEWS, views);
    countFirst(first, row);
  };
  into.sum(keys.views, views);
  countInList(keys.media, medium, first, into, views);
  if (source === '') return;
  into.sum(keys.referred, views);
  addRow(keys.sources, source);
  if (host === '') return; // another tool named only the source
  addRow(keys.hosts, host);
  addRow(keys.pages, host + path);
}
