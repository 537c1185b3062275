// Pages by path, with their newest titles, their views and visitors, and the number of visits that began or ended there.
import { z } from 'zod';
import { VIEWS } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { roundDownToFiveMinutes } from '../../src/time/calendar.js';
import { cappedMap, declareKeys, detail, text } from '../keys.js';
import { report } from '../report.js';
import { countFirst, firstKeys } from '../row-visitors.js';
import { cappedLists, namedRows, paged, rowIn, rowSchema, totalRowsSchema } from '../rows.js';

/** The same keys for the document and for each page. */
const levelKeys = {
  views: VIEWS,
  /** Views by browsers without a record. They are rare, so most rows have no such counter. */
  unrecorded: detail('o'),
  /** Recorded views after which the visit went on to another view. The other recorded views are exits. */
  followed: detail('f'),
  /** Recorded views that began a visit. */
  entries: detail('e'),
  /** Entries after which the visit went on. The other entries are bounces. */
  continued: detail('c'),
};

const pageKeys = {
  ...levelKeys,
  ...firstKeys,
  /** When the page was viewed, and its title then. */
  title: text('t'),
};

const keys = declareKeys({
  ...levelKeys,
  pages: cappedMap('p', { rowsMax: 1000, row: pageKeys, subjectsOf: (path) => ({ page: [path] }) }),
});

/** Milliseconds since 1970 have 13 digits until the year 2286. */
const TIME_DIGITS = 13;
/** They have had 13 digits since 2001. */
const ALL_DIGITS_MS = 10 ** (TIME_DIGITS - 1);

const numbers = {
  entries: z.int().min(0).describe('Visits by browsers with a record that began with this page.'),
  bounces: z.int().min(0).describe('Entries with a single view so far. The bounce rate of a page is `bounces` ÷ `entries`.'),
  exits: z
    .int()
    .min(0)
    .describe('Visits whose last view so far is of this page. When the visit goes on, the exit is removed where it was counted.'),
  recorded: z.int().min(0).describe('Views by browsers with a record. The exit rate of a page is `exits` ÷ `recorded`.'),
};
const pageRow = rowSchema.extend({
  key: z.string().describe('The path. Empty for views of an unknown page.'),
  title: z.string().describe('The newest title that was sent for the page. Empty if none was.'),
  ...numbers,
});

export const answer = z.object({
  total: z.object({ views: rowSchema.shape.views, ...numbers }),
  rows: z.array(pageRow).describe('Pages by `views`.'),
  entries: z.array(pageRow).describe('The same pages by `entries`.'),
  exits: z.array(pageRow).describe('The same pages by `exits`.'),
  titles: z
    .array(
      rowSchema.pick({ key: true, views: true, error: true }).extend({
        key: z.string().describe('The title.'),
        pages: z.int().min(1).describe('The number of pages with this title.'),
      }),
    )
    .describe('Views by title: the views of all pages whose newest title it is. Pages without a title are in no row.'),
  totalRows: totalRowsSchema('rows', 'entries', 'exits', 'titles'),
});
export type Answer = z.infer<typeof answer>;

export const content = report({
  name: 'content',
  summary: 'pages: views, visitors, entries, bounces and exits',
  about: `Pages by path, with their newest titles. A path is percent-decoded for reading where that cannot make one page
of two: letters, digits, \`-._~\`, spaces and everything beyond ASCII are decoded, so \`/caf%C3%A9\` is
\`/café\`. Everything else stays escaped, so \`/a%2Fb\` is not \`/a/b\`, and \`/a%2520b\` is not \`/a b\`. The
query is dropped, except for the parameters that the site lists. \`/a\` and \`/a/\` are two pages, and so are
composed and decomposed accents (\`é\`). An empty path is an *unknown page*: a plain pixel whose Referer was
only an origin.

\`titles\` adds up the rows of pages by their newest titles, so all views of a page are under its newest title, also
those from before the title changed. Nothing is counted by title: the title of a deleted page is deleted with it.

At most 1,000 pages a day and 1,000 a month are kept: see *Lists with a cap*. All numbers are exact for pages
that were never dropped.

Where a site has several hosts, a browser may not know which page it viewed on the other host. Then the total counts
that the visit went on, and the page keeps an exit, and perhaps a bounce, too many. Where the site lists
query parameters, the page before is known with them if the browser sends the whole address of the page it came
from. Browsers do so within a site by default.`,
  keys,

  count(hit, into) {
    if (hit.kind !== 'view') return;
    const { visitor, path, title } = hit;
    into.sum(keys.views);
    const page = rowIn(into, keys.pages, path);
    page.sum(pageKeys.views);
    if (title !== '') page.max(pageKeys.title, titleAt(hit.atMs, title));
    if (!visitor.record) {
      into.sum(keys.unrecorded);
      page.sum(pageKeys.unrecorded);
      return;
    }
    countFirst(visitor.firstOfPage, page);
    if (!visitor.entry) return;
    into.sum(keys.entries);
    page.sum(pageKeys.entries);
  },

  // `from` is empty if the page before was on another host of the site. Then only the document counts that the visit
  // went on.
  observe(observation, times, into) {
    if (observation.kind !== 'step' && observation.kind !== 'transition') return;
    const { from, afterEntry } = observation;
    const page = from === '' ? undefined : rowIn(into, keys.pages, from);
    for (const counter of afterEntry ? [keys.followed, keys.continued] : [keys.followed]) {
      into.sum(counter, times);
      page?.sum(counter, times);
    }
  },

  imported(row, into) {
    if (row.kind !== 'page') return;
    const page = rowIn(into, keys.pages, row.path);
    for (const level of [into, page]) {
      level.sum(levelKeys.views, row.views);
      level.sum(levelKeys.unrecorded, row.views);
    }
    if (row.title !== '') page.max(pageKeys.title, titleAt(Date.parse(row.day), row.title));
  },

  report(document, view) {
    const rows = cappedLists(document, keys.pages, view, {
      extra: (page) => ({ title: titleOf(page), ...visitsOf(page) }),
      searched: (path, page) => `${path} ${titleOf(page)}`,
    });
    return {
      total: { views: document.get(keys.views), ...visitsOf(document) },
      ...paged(
        {
          rows: rows(),
          entries: rows((page) => page.get(pageKeys.entries)),
          exits: rows(exitsOf),
          titles: namedRows(document, keys.pages, view, titleOf).map(({ rows, ...title }) => ({ ...title, pages: rows })),
        },
        view,
      ),
    };
  },

  answer,
});

function visitsOf(level: Counters) {
  const entries = level.get(levelKeys.entries);
  const bounces = Math.max(0, entries - level.get(levelKeys.continued));
  return { entries, bounces, exits: exitsOf(level), recorded: recordedOf(level) };
}

function exitsOf(level: Counters): number {
  return Math.max(0, recordedOf(level) - level.get(levelKeys.followed));
}

function recordedOf(level: Counters): number {
  return Math.max(0, level.get(levelKeys.views) - level.get(levelKeys.unrecorded));
}

/**
 * Begins with the time, so that the later of two titles is the larger text. The time is rounded down to five minutes, so
 * that a document does not contain exactly when a page was last viewed.
 */
function titleAt(exactMs: number, title: string): string {
  const atMs = roundDownToFiveMinutes(exactMs);
  return atMs >= ALL_DIGITS_MS ? `${atMs} ${title}` : `${String(atMs).padStart(TIME_DIGITS, '0')} ${title}`;
}

function titleOf(page: Counters): string {
  return page.text(pageKeys.title).slice(TIME_DIGITS + 1);
}
