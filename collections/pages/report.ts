// One page through a day: its views, visitors and reading time by the hour, where its views came from, with which
// devices, and which page was viewed next. A site may have very many pages, so each of sixteen collections takes
// those whose path hashes to it.
import { z } from 'zod';
import { DETAIL, errorOf, RANKING, REMOVED, ROWS, row as rowOf } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import { deviceTitle } from '../../src/hit/agent.js';
import { type Hit, isParted } from '../../src/hit/hit.js';
import type { Reading } from '../../src/hit/observation.js';
import { memoize } from '../../src/time/memo.js';
import { engagedSeconds } from '../engagement/report.js';
import { type ReportView, report } from '../report.js';
import {
  cappedRows,
  closedRowSchema,
  paged,
  readableTitle,
  readableTitleSchema,
  rowSchema,
  searched,
  totalRowsSchema,
} from '../rows.js';

/** A shard's letter ends the name of its document kind. */
export const SHARD_LETTERS = 'abcdefghijklmnop';

const PAGES = 'p';
/**
 * Keys are of two parts: a page and a host that views came from; a page and the one that was viewed after it. No path
 * holds the character between.
 */
const SOURCES = 's';
const NEXT = 'n';
const BETWEEN = '\x1f';

/**
 * Of a row: its views, its details, and a level for each day, in which each hour has views and more under names that
 * end with these.
 */
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

export const answer = z.object({
  page: z.string(),
  total: z.object({ views: numbers.views, known: numbers.known, seconds: numbers.seconds, error: rowSchema.shape.error }),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, 2026-11-20.'),
      ...numbers,
      hours: z.array(z.object({ key: z.string().describe('The local hour, 02 or 02+.'), ...numbers })),
    }),
  ),
  sources: z
    .array(pairRow.extend({ title: readableTitleSchema }))
    .describe('A source by its name, else the medium: `(direct)`, `(internal)`.'),
  devices: z.array(closedRowSchema.pick({ key: true, title: true, views: true })),
  next: z.array(pairRow).describe('Which page was viewed after this one, in the same visit and by browsers with a record.'),
  totalRows: totalRowsSchema('sources', 'devices', 'next'),
});
export type Answer = z.infer<typeof answer>;

/** FNV-1a of the UTF-16 units. It must never change, since documents are found by it. */
export function shardOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (SHARD_LETTERS.length - 1);
}

export const pages = report({
  name: 'pages',
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

  count: countView,

  observe(observation, times, into) {
    if (observation.kind === 'reading') countReading(observation, times, into);
    if (observation.kind === 'page-device') rowOf(into, PAGES, observation.path).sum(deviceName(observation.device), times);
    const isStep = observation.kind === 'step' || observation.kind === 'transition';
    if (isStep && observation.from !== '') rowOf(into, NEXT, observation.from + BETWEEN + observation.to).sum(RANKING, times);
  },

  imported(row, into) {
    if (row.kind !== 'page') return;
    const page = rowOf(into, PAGES, row.path);
    page.sum(VIEWS, row.views);
    page.at(row.day).sum(namesOf(NO_HOUR).views, row.views);
  },

  report: reportOf,
  answer,
});

function countView({ kind, path, at, visitor, referrer, technology }: Hit, into: Counters): void {
  if (kind !== 'view') return;
  const page = rowOf(into, PAGES, path);
  const day = page.at(at.day);
  const hour = namesOf(at.hour);
  page.sum(VIEWS);
  day.sum(hour.views);
  if (visitor.firstOfPage !== '') day.sum(hour.firsts);
  if (!isParted(technology)) page.sum(deviceName(technology.device));
  const { medium, source } = referrer;
  if (medium === 'other') rowOf(into, SOURCES, path + BETWEEN + source).sum(RANKING);
  else if (source !== REMOVED) page.sum(sourceName(source === '' ? `(${medium})` : source));
}

function countReading({ path, day: viewDay, hour: viewHour, first, seconds }: Reading, times: number, into: Counters): void {
  const day = rowOf(into, PAGES, path).at(viewDay);
  const hour = namesOf(viewHour);
  if (first) day.sum(hour.known, times);
  if (seconds > 0) day.sum(hour.seconds, seconds * times);
}

/** The names of an hour's counters. */
interface HourNames {
  readonly views: string;
  readonly firsts: string;
  readonly known: string;
  readonly seconds: string;
}

/** Of an imported day. */
const NO_HOUR = '';
/** There are as many hours as a day has, and names come from closed lists. */
const NAMES_MAX = 10_000;

/** Made once for each of the hours there are: joining texts for every hit takes longer than counting it. */
const namesOf = memoize(
  (hour: string): HourNames => ({ views: hour + VIEWS, firsts: hour + FIRSTS, known: hour + KNOWN, seconds: hour + SECONDS }),
  NAMES_MAX,
);

const deviceName = joinedTo(DEVICE);
const sourceName = joinedTo(SOURCE);

function joinedTo(beginning: string): (name: string) => string {
  return memoize((name: string) => beginning + name, NAMES_MAX);
}

function reportOf(document: Counters, view: ReportView) {
  const { page: path } = view;
  const page = document.below(PAGES).below(ROWS).below(path);
  const error = errorOf(document.below(PAGES), path, RANKING);
  const rows = view.days.map((key) => {
    const day = page.below(key);
    const hours = view.hoursOf(key).map((hour) => ({ key: hour, ...numbersOf(day, namesOf(hour)) }));
    const sums = sumOf([...hours, numbersOf(day, namesOf(NO_HOUR))]);
    return { key, ...sums, seconds: engagedSeconds(sums.known, sums.seconds), hours };
  });
  const { visitors: _, ...total } = sumOf(rows);
  const sources = [...detailsOf(page, SOURCE), ...pairsOf(document.below(SOURCES), view)]
    .sort(byViews)
    .map((source) => ({ ...source, ...readableTitle(source.key) }));
  const devices = detailsOf(page, DEVICE).map(({ key, views }) => ({ key, title: deviceTitle(key), views }));
  const next = pairsOf(document.below(NEXT), view);
  const lists = { sources: searched(sources, view), devices: searched(devices, view), next: searched(next, view) };
  return {
    page: path,
    total: { ...total, views: page.get(VIEWS), ...(error > 0 && { error }) },
    rows,
    ...paged(lists, view),
  };
}

interface Numbers {
  readonly views: number;
  readonly visitors: number;
  readonly known: number;
  readonly seconds: number;
}

function numbersOf(day: Counters, { views, firsts, known, seconds }: HourNames): Numbers {
  return { views: day.get(views), visitors: day.get(firsts), known: day.get(known), seconds: day.get(seconds) };
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
  const pairs = cappedRows(map, { ...view, search: '' });
  return pairs
    .slice(0, pairs.length)
    .filter(({ key }) => key.startsWith(mine))
    .map(({ key, views, error }) => ({ key: key.slice(mine.length), views, ...(error !== undefined && { error }) }));
}
