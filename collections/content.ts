// Pages, by path, with the newest title of each.
import { z } from 'zod';
import { RANKING, row as rowOf } from '../src/counters/cap.js';
import type { Counters } from '../src/counters/counters.js';
import { collection } from './collection.js';
import { cappedRows, rowSchema } from './rows.js';

const PAGES = 'p';
const TITLE = 't';
/** Milliseconds since 1970 have 13 digits until the year 2286. */
const TIME_DIGITS = 13;

const answer = z.object({
  total: z.object({ views: z.int().min(0) }),
  rows: z.array(
    rowSchema.extend({
      key: z.string().describe('The path; empty for views of an unknown page.'),
      title: z.string().describe("The page's newest title; empty when none was sent."),
    }),
  ),
});

export const content = collection({
  name: 'content',
  keep: { day: { months: 3 }, month: { years: 3 } },
  caps: { [PAGES]: 1000 },

  count(hit, into) {
    if (hit.kind !== 'view') return;
    into.sum(RANKING);
    const page = rowOf(into, PAGES, hit.path);
    page.sum(RANKING);
    if (hit.title !== '') page.max(TITLE, titleAt(hit.atMs, hit.title));
  },

  imported(row, into) {
    if (row.kind !== 'page') return;
    into.sum(RANKING, row.views);
    const page = rowOf(into, PAGES, row.path);
    page.sum(RANKING, row.views);
    if (row.title !== '') page.max(TITLE, titleAt(Date.parse(row.day), row.title));
  },

  report(document, view) {
    return {
      total: { views: document.get(RANKING) },
      rows: cappedRows(
        document.below(PAGES),
        view,
        (page) => ({ title: titleOf(page) }),
        (path, page) => `${path} ${titleOf(page)}`,
      ),
    };
  },

  answer,
});

/** Of two, the later one is the larger. */
function titleAt(atMs: number, title: string): string {
  return `${String(atMs).padStart(TIME_DIGITS, '0')} ${title}`;
}

function titleOf(page: Counters): string {
  return page.text(TITLE).slice(TIME_DIGITS + 1);
}
