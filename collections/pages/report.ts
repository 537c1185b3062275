// The days of one page: its views, visitors and reading time by the hour, the sources and devices of its views, and the pages
// that were viewed right before and after it. A site may have very many pages, so a hash of the path distributes them over
// sixteen shards.
import { z } from 'zod';
import { REMOVED, VIEWS } from '../../src/counters/cap.js';
import type { Counters } from '../../src/counters/counters.js';
import type { SumKey } from '../../src/counters/keys.js';
import { deviceTitle } from '../../src/hit/agent.js';
import { type Hit, isSplit } from '../../src/hit/hit.js';
import type { Reading, Step } from '../../src/hit/observation.js';
import { memoize } from '../../src/time/memo.js';
import { engagedSeconds } from '../engagement/report.js';
import { type CappedMap, cappedMap, type Details, declareKeys, details, family } from '../keys.js';
import { type ReportView, report } from '../report.js';
import {
  cappedRows,
  closedRowSchema,
  paged,
  readableTitle,
  readableTitleSchema,
  readRow,
  rowIn,
  rowSchema,
  searched,
  totalRowsSchema,
  viewsErrorOf,
} from '../rows.js';

/** A shard's letter ends the name of its document kind. */
export const SHARD_LETTERS = 'abcdefghijklmnop';

/** Separates the two names in the key of a row. No path contains it. */
const BETWEEN = '\x1f';

/** The ends of the keys for a day in the row of a page. A key begins with an hour, or with nothing for an imported day. */
const HOUR_KEYS = {
  views: 'v',
  /** First views of the page on this day by browsers with a record. */
  firsts: 'u',
  /** Views with at least one ping, and their engaged seconds. */
  known: 'k',
  seconds: 's',
};

const pageKeys = {
  views: VIEWS,
  days: family('*-*-*'),
  devices: details('e'),
  /**
   * Sources that have a name of ours, and `(direct)` or another medium for views without a source. All others are pairs,
   * since there is no limit to them.
   */
  sources: details('s', (source) => (source.startsWith('(') ? {} : { referrer: [source] })),
};

const keys = declareKeys({
  pages: cappedMap('p', { rowsMax: 64, row: pageKeys, subjectsOf: (path) => ({ page: [path] }) }),
  /** Pairs of a page and a host that its views came from. */
  sources: cappedMap('s', {
    rowsMax: 256,
    row: { views: VIEWS },
    subjectsOf: (key) => {
      const [path = '', source = ''] = key.split(BETWEEN);
      return { page: [path], referrer: [source] };
    },
  }),
  /** Pairs of a page and the page that was viewed next. */
  next: cappedMap('n', { rowsMax: 256, row: { views: VIEWS }, subjectsOf: (key) => ({ page: key.split(BETWEEN) }) }),
  /** The same the other way round: pairs of a page and the page that was viewed before it. */
  previous: cappedMap('b', { rowsMax: 256, row: { views: VIEWS }, subjectsOf: (key) => ({ page: key.split(BETWEEN) }) }),
});

const numbers = {
  views: z.int().min(0).describe('Views of the page.'),
  visitors: z.int().min(0).describe('Browsers with a record whose first view of the page on its day this was.'),
  known: z.int().min(0).describe('Views with a known reading time, by the hour of the view.'),
  seconds: z.int().min(0).describe('Engaged seconds of these views, by the hour of the view.'),
};
const pairRow = rowSchema.pick({ key: true, views: true, error: true });

export const answer = z.object({
  page: z.string().describe('The path of the page that was found.'),
  total: z.object({
    views: numbers.views,
    known: numbers.known,
    seconds: numbers.seconds,
    error: rowSchema.shape.error,
    followed: z.int().min(0).describe('The views in `next`, together.'),
    preceded: z.int().min(0).describe('The views in `previous`, together.'),
  }),
  rows: z.array(
    z.object({
      key: z.string().describe('The local day, `2026-11-20`.'),
      ...numbers,
      hours: z.array(z.object({ key: z.string().describe('The local hour, `02` or `02+`.'), ...numbers })),
    }),
  ),
  sources: z
    .array(pairRow.extend({ title: readableTitleSchema }))
    .describe('Views by source, or by medium in brackets if they have none: `(direct)`, `(internal)`.'),
  devices: z.array(closedRowSchema.pick({ key: true, title: true, views: true })).describe('Views by type of device.'),
  next: z
    .array(pairRow)
    .describe('Pages that were viewed after this one in the same visit. The page itself: a reload, or a way back to it.'),
  previous: z
    .array(pairRow)
    .describe('Pages that were viewed right before this one in the same visit. Days that an earlier version counted have none.'),
  totalRows: totalRowsSchema('sources', 'devices', 'next', 'previous'),
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
  summary: 'one page (`page=/path`) by day and hour, its sources, devices, previous and next pages',
  about: `One page through its days, which are kept for three months. A range has at most 100 days. \`next\` and
\`previous\` count views by browsers with a record, on the day of the earlier of the two views.

Pages are spread over sixteen shards by a hash of the path. Each shard keeps the 64 largest pages of a day, 256
pairs of a page and a host, 256 pairs of a page and the next one, and 256 of a page and the one before it. All
numbers are exact for a page that was never dropped. For one that was dropped and counted again, \`error\` is the
number of views by which it may be too low, and its hours, devices and reading cover only the time since then. Hits
that were received more than 100 days after their day (an old log) are in neither the pages nor the minutes.`,
  keys,
  count: countView,

  observe(observation, times, into, page) {
    if (observation.kind === 'reading') countReading(observation, times, into);
    if (observation.kind === 'page-device')
      rowIn(into, keys.pages, observation.path).sum(pageKeys.devices.keyOf(observation.device), times);
    if (observation.kind === 'step' || observation.kind === 'transition') countStep(observation, times, into, page);
  },

  imported(row, into) {
    if (row.kind !== 'page') return;
    const page = rowIn(into, keys.pages, row.path);
    page.sum(pageKeys.views, row.views);
    page.at(row.day).sum(keysOfHour(NO_HOUR).views, row.views);
  },

  report: reportOf,
  answer,
});

function countView({ kind, path, at, visitor, referrer, technology }: Hit, into: Counters): void {
  if (kind !== 'view') return;
  const page = rowIn(into, keys.pages, path);
  const day = page.at(at.day);
  const hour = keysOfHour(at.hour);
  page.sum(pageKeys.views);
  day.sum(hour.views);
  if (visitor.firstOfPage !== '') day.sum(hour.firsts);
  if (!isSplit(technology)) page.sum(pageKeys.devices.keyOf(technology.device));
  const { medium, source } = referrer;
  if (medium === 'other') rowIn(into, keys.sources, path + BETWEEN + source).sum(VIEWS);
  else if (source !== REMOVED) page.sum(pageKeys.sources.keyOf(source === '' ? `(${medium})` : source));
}

function countReading({ path, day: viewDay, hour: viewHour, first, seconds }: Reading, times: number, into: Counters): void {
  const day = rowIn(into, keys.pages, path).at(viewDay);
  const hour = keysOfHour(viewHour);
  if (first) day.sum(hour.known, times);
  if (seconds > 0) day.sum(hour.seconds, seconds * times);
}

/** Each of the two pages has the pair in its own shard; both may be in the same one, or the same page. */
function countStep({ from, to }: Pick<Step, 'from' | 'to'>, times: number, into: Counters, page: string): void {
  if (from === '') return;
  if (page === from) rowIn(into, keys.next, from + BETWEEN + to).sum(VIEWS, times);
  if (page === to) rowIn(into, keys.previous, to + BETWEEN + from).sum(VIEWS, times);
}

type HourKeys = Readonly<Record<keyof typeof HOUR_KEYS, SumKey>>;

/** In place of the hour, for an imported day. */
const NO_HOUR = '';
/** A day has at most 31 hours. */
const HOURS_MAX = 100;

/** The keys of an hour. They are cached, because joining texts for every hit takes longer than counting it. */
const keysOfHour = memoize(
  (hour: string): HourKeys => ({
    views: hour + HOUR_KEYS.views,
    firsts: hour + HOUR_KEYS.firsts,
    known: hour + HOUR_KEYS.known,
    seconds: hour + HOUR_KEYS.seconds,
  }),
  HOURS_MAX,
);

function reportOf(document: Counters, view: ReportView) {
  const { page: path } = view;
  const page = readRow(document, keys.pages, path);
  const error = viewsErrorOf(document, keys.pages, path);
  const rows = view.days.map((key) => {
    const day = page.below(key);
    const hours = view.hoursOf(key).map((hour) => ({ key: hour, ...numbersOf(day, keysOfHour(hour)) }));
    const sums = sumOf([...hours, numbersOf(day, keysOfHour(NO_HOUR))]);
    return { key, ...sums, seconds: engagedSeconds(sums.known, sums.seconds), hours };
  });
  const { visitors: _, ...total } = sumOf(rows);
  const sources = [...detailsOf(page, pageKeys.sources), ...pairsOf(document, keys.sources, view)]
    .sort(byViews)
    .map((source) => ({ ...source, ...readableTitle(source.key) }));
  const devices = detailsOf(page, pageKeys.devices).map(({ key, views }) => ({ key, title: deviceTitle(key), views }));
  const [next, previous] = [pairsOf(document, keys.next, view), pairsOf(document, keys.previous, view)];
  const lists = {
    sources: searched(sources, view),
    devices: searched(devices, view),
    next: searched(next, view),
    previous: searched(previous, view),
  };
  return {
    page: path,
    total: {
      ...{ ...total, views: page.get(pageKeys.views), ...(error > 0 && { error }) },
      ...{ followed: viewsIn(next), preceded: viewsIn(previous) },
    },
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

function numbersOf(day: Counters, { views, firsts, known, seconds }: HourKeys): Numbers {
  return { views: day.get(views), visitors: day.get(firsts), known: day.get(known), seconds: day.get(seconds) };
}

function sumOf(rows: readonly Numbers[]): Numbers {
  const sum = (of: keyof Numbers) => rows.reduce((total, row) => total + row[of], 0);
  return { views: sum('views'), visitors: sum('visitors'), known: sum('known'), seconds: sum('seconds') };
}

function detailsOf(page: Counters, details: Details): Array<{ key: string; views: number }> {
  return page
    .sums()
    .flatMap(([key, views]) => {
      const name = details.nameIn(key);
      return name === undefined ? [] : [{ key: name, views }];
    })
    .sort(byViews);
}

function viewsIn(rows: ReadonlyArray<{ readonly views: number }>): number {
  return rows.reduce((sum, { views }) => sum + views, 0);
}

function byViews(a: { key: string; views: number }, b: { key: string; views: number }): number {
  return b.views - a.views || (a.key < b.key ? -1 : 1);
}

/** The pairs that begin with the page, each by its second name. */
function pairsOf(document: Counters, map: CappedMap, view: ReportView) {
  const mine = view.page + BETWEEN;
  const pairs = cappedRows(document, map, { ...view, search: '' });
  return pairs
    .slice(0, pairs.length)
    .filter(({ key }) => key.startsWith(mine))
    .map(({ key, views, error }) => ({ key: key.slice(mine.length), views, ...(error !== undefined && { error }) }));
}
