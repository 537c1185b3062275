// Pages, by path, with the newest title of each: how often and by how many they were viewed, and which ones visits
// began and ended with.
import { z } from 'zod';
import { DETAIL, RANKING, row as rowOf } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { cutToFiveMinutes } from '../../src/time/calendar.js';
import { report } from '../report.js';
import { countFirst } from '../row-visitors.js';
import { cappedLists, paged, rowSchema, totalRowsSchema } from '../rows.js';

const PAGES = 'p';
const TITLE = 't';
/**
 * Views by browsers without a record, of which nobody knows what they viewed before and after; rare, so that most
 * rows do without it.
 */
const UNRECORDED = `${DETAIL}o`;
/** Of the others, those after which the same visit went on to another view. The rest are exits. */
const FOLLOWED = `${DETAIL}f`;
const ENTRIES = `${DETAIL}e`;
/** Entries after which the visit went on. The rest are bounces. */
const CONTINUED = `${DETAIL}c`;
/** Milliseconds since 1970 have 13 digits until the year 2286. */
const TIME_DIGITS = 13;
/** Since 2001 they have all of them. */
const ALL_DIGITS_MS = 10 ** (TIME_DIGITS - 1);

const visits = {
  entries: z.int().min(0).describe('Visits that began here, by browsers with a record.'),
  bounces: z.int().min(0).describe('Of these, visits of this one view.'),
  exits: z.int().min(0).describe('Visits whose last view this is, as far as they have come.'),
  recorded: z.int().min(0).describe('Views by browsers with a record: what exits are a part of.'),
};
const pageRow = rowSchema.extend({
  key: z.string().describe('The path; empty for views of an unknown page.'),
  title: z.string().describe("The page's newest title; empty when none was sent."),
  ...visits,
});

export const answer = z.object({
  total: z.object({ views: z.int().min(0), ...visits }),
  rows: z.array(pageRow),
  entries: z.array(pageRow).describe('The same rows by `entries`.'),
  exits: z.array(pageRow).describe('The same rows by `exits`.'),
  totalRows: totalRowsSchema('rows', 'entries', 'exits'),
});
export type Answer = z.infer<typeof answer>;

export const content = report({
  name: 'content',
  caps: { [PAGES]: 1000 },
  rowsOf: { [PAGES]: (path) => ({ page: [path] }) },

  count(hit, into) {
    if (hit.kind !== 'view') return;
    const { visitor, path, title } = hit;
    into.sum(RANKING);
    const page = rowOf(into, PAGES, path);
    page.sum(RANKING);
    if (title !== '') page.max(TITLE, titleAt(hit.atMs, title));
    if (!visitor.record) {
      into.sum(UNRECORDED);
      page.sum(UNRECORDED);
      return;
    }
    countFirst(visitor.firstOfPage, page);
    if (!visitor.entry) return;
    into.sum(ENTRIES);
    page.sum(ENTRIES);
  },

  /**
   * On another host of the site the browser may not know which page was before: then that the visit went on is known
   * of the site only.
   */
  observe(observation, times, into) {
    if (observation.kind !== 'step' && observation.kind !== 'transition') return;
    const { from, afterEntry } = observation;
    const page = from === '' ? undefined : rowOf(into, PAGES, from);
    for (const counter of afterEntry ? [FOLLOWED, CONTINUED] : [FOLLOWED]) {
      into.sum(counter, times);
      page?.sum(counter, times);
    }
  },

  imported(row, into) {
    if (row.kind !== 'page') return;
    const page = rowOf(into, PAGES, row.path);
    for (const level of [into, page]) {
      level.sum(RANKING, row.views);
      level.sum(UNRECORDED, row.views);
    }
    if (row.title !== '') page.max(TITLE, titleAt(Date.parse(row.day), row.title));
  },

  report(document, view) {
    const pages = document.below(PAGES);
    const rows = cappedLists(pages, view, {
      extra: (page) => ({ title: titleOf(page), ...visitsOf(page) }),
      searched: (path, page) => `${path} ${titleOf(page)}`,
    });
    return {
      total: { views: document.get(RANKING), ...visitsOf(document) },
      ...paged({ rows: rows(), entries: rows((page) => page.get(ENTRIES)), exits: rows(exitsOf) }, view),
    };
  },

  answer,
});

function visitsOf(level: Counters) {
  const entries = level.get(ENTRIES);
  const bounces = Math.max(0, entries - level.get(CONTINUED));
  return { entries, bounces, exits: exitsOf(level), recorded: recordedOf(level) };
}

function exitsOf(level: Counters): number {
  return Math.max(0, recordedOf(level) - level.get(FOLLOWED));
}

function recordedOf(level: Counters): number {
  return Math.max(0, level.get(RANKING) - level.get(UNRECORDED));
}

/** Of two, the later one is the larger. Cut to the five minutes: a document does not tell when exactly a page was viewed last. */
function titleAt(exactMs: number, title: string): string {
  const atMs = cutToFiveMinutes(exactMs);
  return atMs >= ALL_DIGITS_MS ? `${atMs} ${title}` : `${String(atMs).padStart(TIME_DIGITS, '0')} ${title}`;
}

function titleOf(page: Counters): string {
  return page.text(TITLE).slice(TIME_DIGITS + 1);
}
