// One page through a day: its views, visitors and reading time by the hour, where its views came from, with which devices, and which page was
// viewed next. A site may have very many pages, so each of sixteen collections takes those whose path hashes to it.
import { z } from 'zod';
import { DETAIL, RANKING, REMOVED, ROWS, errorOf, row as rowOf } from '../src/counters/cap.js';
import type { Counters } from '../src/counters/counters.js';
import type { Hit, LocalTime } from '../src/hit/hit.js';
import { deviceTitle } from '../src/hit/technology.js';
import { type Collection, type ReportView, collection } from './collection.js';
import { cappedRows, closedRowSchema, rowSchema } from './rows.js';

const REPORT = 'pages';
/** One letter each at the end of their names. */
const PARTS = 'abcdefghijklmnop';

const PAGES = 'p';
/** Keys are of two parts: a page and a host that views came from; a page and the one that was viewed after it. No path holds the character between. */
const SOURCES = 's';
const NEXT = 'n';
const BETWEEN = '\x1f';

/** Of a row: its views, and its details. By hour there are views and more, under names that end with these. */
const VIEWS = RANKING;
const FIRSTS = 'u';
/** Views whose reading is known, and their engaged seconds. */
const KNOWN = 'k';
const SECONDS = 's';
const DEVICE = `${DETAIL}e`;
/** Of sources that have a name, of which there is a list, and of views without a source by their medium. Others are pairs. */
const SOURCE = `${DETAIL}s`;
const MEDIUM = `${SOURCE}(`;

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
        return { page: [path], referrer: [source] };
      },
      [NEXT]: (key) => ({ page: key.split(BETWEEN) }),
    },

    detailsOf: {
      [PAGES]: (detail) =>
        detail.startsWith(SOURCE) && !detail.startsWith(MEDIUM) ? { referrer: [detail.slice(SOURCE.length)] } : {},
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
      const page = rowOf(into, PAGES, path);
      const hour = hourOf(viewAt);
      if (engagement.first) page.sum(hour.known);
      if (engagement.engagedSeconds > 0) page.sum(hour.seconds, engagement.engagedSeconds);
    },

    imported(row, into) {
      if (row.kind !== 'page' || partOf(row.path) !== part) return;
      const page = rowOf(into, PAGES, row.path);
      page.sum(VIEWS, row.views);
      page.sum(namesOf(row.day, '').views, row.views);
    },

    report: reportOf,
    answer,
  }),
);

function countView({ path, at, visitor, referrer, technology }: Hit, into: Counters): void {
  const page = rowOf(into, PAGES, path);
  const hour = hourOf(at);
  page.sum(VIEWS);
  page.sum(hour.views);
  if (visitor.firstOfPage !== '') page.sum(hour.firsts);
  page.sum(deviceName(technology.device));
  const { medium, source } = referrer;
  if (medium === 'other') rowOf(into, SOURCES, path + BETWEEN + source).sum(RANKING);
  else if (source !== REMOVED) page.sum(sourceName(source === '' ? `(${medium})` : source));
}

/** The names of a row's counters for an hour; of an imported day, which has none, the hour is empty. */
interface HourNames {
  readonly views: string;
  readonly firsts: string;
  readonly known: string;
  readonly seconds: string;
}

function namesOf(day: string, hour: string): HourNames {
  const name = `${DETAIL}${day} ${hour}`;
  return { views: name + VIEWS, firsts: name + FIRSTS, known: name + KNOWN, seconds: name + SECONDS };
}

let lastAt: LocalTime | undefined;
let lastNames = namesOf('', '');

/** Hits come hour by hour, and those of five minutes share their time: joining texts for each would take longer than counting it. */
function hourOf(at: LocalTime): HourNames {
  if (at !== lastAt) {
    lastAt = at;
    lastNames = namesOf(at.day, at.hour);
  }
  return lastNames;
}

const deviceName = joinedTo(DEVICE);
const sourceName = joinedTo(SOURCE);

/** For names from closed lists. */
function joinedTo(beginning: string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    let whole = known.get(name);
    if (whole === undefined) {
      whole = beginning + name;
      known.set(name, whole);
    }
    return whole;
  };
}

function reportOf(document: Counters, view: ReportView) {
  const { page: path } = view;
  const page = document.below(PAGES).below(ROWS).below(path);
  const error = errorOf(document.below(PAGES), path, RANKING);
  const rows = view.days.map((key) => {
    const hours = view.hoursOf(key).map((hour) => ({ key: hour, ...numbersOf(page, namesOf(key, hour)) }));
    return { key, ...sumOf([...hours, numbersOf(page, namesOf(key, ''))]), hours };
  });
  const { visitors: _, ...total } = sumOf(rows);
  return {
    page: path,
    total: { ...total, views: page.get(VIEWS), ...(error > 0 && { error }) },
    rows,
    sources: [...detailsOf(page, SOURCE), ...pairsOf(document.below(SOURCES), view)].sort(byViews).slice(0, view.limit),
    devices: detailsOf(page, DEVICE).map(({ key, views }) => ({ key, title: deviceTitle(key), views })),
    next: pairsOf(document.below(NEXT), view).slice(0, view.limit),
  };
}

interface Numbers {
  readonly views: number;
  readonly visitors: number;
  readonly known: number;
  readonly seconds: number;
}

function numbersOf(page: Counters, { views, firsts, known, seconds }: HourNames): Numbers {
  return { views: page.get(views), visitors: page.get(firsts), known: page.get(known), seconds: page.get(seconds) };
}

function sumOf(rows: readonly Numbers[]): Numbers {
  const sum = (of: keyof Numbers) => rows.reduce((total, row) => total + row[of], 0);
  return { views: sum('views'), visitors: sum('visitors'), known: sum('known'), seconds: sum('seconds') };
}

function detailsOf(page: Counters, beginning: string): Array<{ key: string; views: number }> {
  return [...(page.fields as Map<string, number>)]
    .filter(([name]) => name.startsWith(beginning))
    .map(([name, views]) => ({ key: name.slice(beginning.length), views }))
    .sort(byViews);
}

function byViews(a: { key: string; views: number }, b: { key: string; views: number }): number {
  return b.views - a.views || (a.key < b.key ? -1 : 1);
}

/** The page's own, each by the second part of its key. */
function pairsOf(map: Counters, view: ReportView) {
  const mine = view.page + BETWEEN;
  const pairs = cappedRows(map, { ...view, search: '', limit: Number.POSITIVE_INFINITY });
  return pairs
    .filter(({ key }) => key.startsWith(mine))
    .map(({ key, views, error }) => ({ key: key.slice(mine.length), views, ...(error !== undefined && { error }) }));
}
