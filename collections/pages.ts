// One page through a day: its views, visitors and reading time by the hour, where its views came from, with which devices, and which page was
// viewed next. A site may have very many pages, so each of sixteen collections takes those whose path hashes to it.
import { z } from 'zod';
import { RANKING, ROWS, errorOf, row as rowOf } from '../src/counters/cap.js';
import type { Counters } from '../src/counters/counters.js';
import type { Hit, LocalTime } from '../src/hit/hit.js';
import { deviceTitle } from '../src/hit/technology.js';
import { type Collection, type ReportView, collection } from './collection.js';
import { DAYS, dayNode } from './people.js';
import { cappedRows, closedRowSchema, rowSchema } from './rows.js';

const REPORT = 'pages';
/** One letter each at the end of their names. */
const PARTS = 'abcdefghijklmnop';

const PAGES = 'p';
/** Keys are of two parts: a page and where its views came from; a page and the one that was viewed after it. No path holds the character between. */
const SOURCES = 's';
const NEXT = 'n';
const BETWEEN = '\x1f';

const VIEWS = RANKING;
const FIRSTS = 'u';
const HOURS = 'h';
const DEVICES = 'e';
/** Views whose reading is known, and their engaged seconds. */
const KNOWN = 'k';
const SECONDS = 's';

const numbers = {
  views: z.int().min(0),
  visitors: z.int().min(0).describe('Browsers with a record whose first view of the page on its day this was.'),
  known: z.int().min(0).describe('Views of which it is known how long they were read.'),
  seconds: z.int().min(0).describe('Engaged seconds of these, counted when the view was.'),
};
const pairRow = rowSchema.pick({ key: true, views: true, error: true });

const answer = z.object({
  page: z.string(),
  total: z.object({ views: numbers.views, known: numbers.known, seconds: numbers.seconds, error: rowSchema.shape.error }),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, 2026-11-20.'),
      ...numbers,
      hours: z.array(z.object({ key: z.string().describe('The local hour, 02 or 02+.'), ...numbers })),
    }),
  ),
  sources: z.array(pairRow).describe('A source by its name, else the medium: `(direct)`, `(internal)`.'),
  devices: z.array(closedRowSchema.pick({ key: true, title: true, views: true })),
  next: z.array(pairRow).describe('Which page was viewed after this one, in the same visit and by browsers with a record.'),
});

/** FNV-1a of the UTF-16 units: the same in every version, since documents are found by it. */
function partOf(path: string): number {
  if (path === lastPath) return lastPart;
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  lastPath = path;
  lastPart = (hash ^ (hash >>> 16)) & (PARTS.length - 1);
  return lastPart;
}

/** Sixteen collections ask about the same path, one after the other. */
let lastPath = '';
let lastPart = 0;

export const pages: readonly Collection[] = [...PARTS].map((letter, part) =>
  collection({
    name: REPORT + letter,
    part: { report: REPORT, holds: (path) => partOf(path) === part },
    keep: { day: { months: 3 } },
    caps: { [PAGES]: 64, [SOURCES]: 256, [NEXT]: 256 },
    rowsOf: {
      [PAGES]: (path) => ({ page: [path] }),
      [SOURCES]: (key) => {
        const [path = '', source = ''] = key.split(BETWEEN);
        return { page: [path], referrer: source.startsWith('(') ? [] : [source] };
      },
      [NEXT]: (key) => ({ page: key.split(BETWEEN) }),
    },

    count(hit, into) {
      if (hit.kind === 'view' && partOf(hit.path) === part) countView(hit, into);
    },

    countEarlier({ kind, path, visitor, engagement }, viewAt, into) {
      const { previousPath } = visitor;
      if (kind === 'view' && previousPath !== '' && partOf(previousPath) === part) {
        rowOf(into, NEXT, previousPath + BETWEEN + path).sum(RANKING);
      }
      if (kind !== 'ping' || engagement === undefined || partOf(path) !== part) return;
      for (const level of levelsOf(rowOf(into, PAGES, path), viewAt)) {
        if (engagement.first) level.sum(KNOWN);
        if (engagement.engagedSeconds > 0) level.sum(SECONDS, engagement.engagedSeconds);
      }
    },

    imported(row, into) {
      if (row.kind !== 'page' || partOf(row.path) !== part) return;
      const page = rowOf(into, PAGES, row.path);
      for (const level of [page, dayNode(page, row.day)]) level.sum(VIEWS, row.views);
    },

    report: reportOf,
    answer,
  }),
);

function countView({ path, at, visitor, referrer, technology }: Hit, into: Counters): void {
  const page = rowOf(into, PAGES, path);
  for (const level of levelsOf(page, at)) {
    level.sum(VIEWS);
    if (visitor.firstOfPage !== '') level.sum(FIRSTS);
  }
  page.at(DEVICES).sum(technology.device);
  rowOf(into, SOURCES, path + BETWEEN + (referrer.source || `(${referrer.medium})`)).sum(RANKING);
}

function levelsOf(page: Counters, { day, hour }: LocalTime): [page: Counters, day: Counters, hour: Counters] {
  const ofDay = dayNode(page, day);
  return [page, ofDay, ofDay.at(HOURS).at(hour)];
}

function reportOf(document: Counters, view: ReportView) {
  const { page: path } = view;
  const page = document.below(PAGES).below(ROWS).below(path);
  const { visitors: _, ...total } = numbersOf(page);
  const error = errorOf(document.below(PAGES), path, RANKING);
  return {
    page: path,
    total: { ...total, ...(error > 0 && { error }) },
    rows: view.days.map((key) => {
      const day = page.below(DAYS).below(key);
      const hours = view.hoursOf(key).map((hour) => ({ key: hour, ...numbersOf(day.below(HOURS).below(hour)) }));
      return { key, ...numbersOf(day), hours };
    }),
    sources: pairsOf(document.below(SOURCES), view),
    devices: [...(page.below(DEVICES).fields as Map<string, number>)]
      .map(([key, views]) => ({ key, title: deviceTitle(key), views }))
      .sort((a, b) => b.views - a.views || (a.key < b.key ? -1 : 1)),
    next: pairsOf(document.below(NEXT), view),
  };
}

function numbersOf(level: Counters) {
  return { views: level.get(VIEWS), visitors: level.get(FIRSTS), known: level.get(KNOWN), seconds: level.get(SECONDS) };
}

/** The page's own, each by the second part of its key. */
function pairsOf(map: Counters, view: ReportView) {
  const mine = view.page + BETWEEN;
  const pairs = cappedRows(map, { ...view, search: '', limit: Number.POSITIVE_INFINITY });
  return pairs
    .filter(({ key }) => key.startsWith(mine))
    .slice(0, view.limit)
    .map(({ key, views, error }) => ({ key: key.slice(mine.length), views, ...(error !== undefined && { error }) }));
}
