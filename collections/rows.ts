// Turns counters into lists: capped maps, whose rows may be estimates, and closed lists, which are exact.
import { z } from 'zod';
import { errorOf, FLOOR, ROWS, row, VIEWS } from '../src/counters/cap.js';
import type { Counters } from '../src/counters/counters.js';
import { readableAddress } from '../src/hit/host.js';
import type { CappedMap, ClosedList } from './keys.js';
import type { ReportView } from './report.js';
import { FIRSTS, firstKeys, firstsInList, firstsOf, type RowVisitors, rowVisitorsIn, visitorsSchema } from './row-visitors.js';

export const rowSchema = z.object({
  key: z.string(),
  views: z.int().min(0).describe('Page views.'),
  ...visitorsSchema,
  error: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Present if the row is an estimate: the true number is between the number and the number + `error`. ' +
        'The true values of the other counts of the row are never lower.',
    ),
});
export type Row = z.infer<typeof rowSchema>;

export const closedRowSchema = z.object({ key: z.string(), title: z.string(), views: rowSchema.shape.views, ...visitorsSchema });
export type ClosedRow = z.infer<typeof closedRowSchema>;

export const readableTitleSchema = z
  .string()
  .optional()
  .describe('The key for people, where it contains an internationalised domain name: with that name in its own letters.');

/** The title of a key that is a source, a host, or a host with a path. Empty if people read the key itself. */
export function readableTitle(key: string): { readonly title?: string } {
  const title = readableAddress(key);
  return title === key ? {} : { title };
}

/** The row of a key, which is created if there is none. */
export function rowIn(into: Counters, map: CappedMap, rowKey: string): Counters {
  return row(into, map.key, rowKey);
}

/** The row of a key; empty if there is none. Must not be changed. */
export function readRow(document: Counters, map: CappedMap, rowKey: string): Counters {
  return document.below(map.key).below(ROWS).below(rowKey);
}

/** By how many views a row may be too low. */
export function viewsErrorOf(document: Counters, map: CappedMap, rowKey: string): number {
  return errorOf(document.below(map.key), rowKey, VIEWS);
}

interface RowsOptions<Extra extends object> {
  /** Further fields of a row. */
  readonly extra?: (row: Counters, key: string) => Extra;
  /** The text that is searched. Default: the key. */
  readonly searched?: (key: string, row: Counters) => string;
}

/** The number by which a list is sorted, largest first. Rows for which it is 0 are omitted. */
type Rank = (row: Counters) => number;

/** Rows in order. Those of a capped map are created only when they are read. */
export interface Ranked<One> {
  readonly length: number;
  slice(start: number, end: number): One[];
}

/** The requested part of each list, and how many rows each list has in all. */
export function paged<Lists extends Readonly<Record<string, Ranked<unknown>>>>(lists: Lists, { limit, offset = 0 }: ReportView) {
  const entries = Object.entries(lists);
  return {
    ...(Object.fromEntries(entries.map(([name, list]) => [name, list.slice(offset, offset + limit)])) as {
      [Name in keyof Lists]: ReturnType<Lists[Name]['slice']>;
    }),
    totalRows: Object.fromEntries(entries.map(([name, list]) => [name, list.length])) as Record<keyof Lists, number>,
  };
}

/** The field of an answer that `paged` adds. A report that has it takes `limit`, `offset` and `search`. */
export function totalRowsSchema<Name extends string>(...lists: readonly Name[]) {
  const count = z.int().min(0);
  return z
    .object(Object.fromEntries(lists.map((name) => [name, count])) as Record<Name, typeof count>)
    .describe('The number of rows of each list, of which `limit` and `offset` select a part. With `search`: of the rows found.');
}

/** The rows whose key or title contains the searched text. */
export function searched<One extends { readonly key: string; readonly title?: string }>(
  rows: readonly One[],
  { search }: ReportView,
): readonly One[] {
  return search === '' ? rows : rows.filter(({ key, title = '' }) => `${key} ${title}`.toLowerCase().includes(search));
}

/** The rows of a capped map by views, with their errors. */
export function cappedRows<Extra extends object = object>(
  document: Counters,
  map: CappedMap,
  view: ReportView,
  options: RowsOptions<Extra> = {},
): Ranked<Row & Extra> {
  return cappedLists(document, map, view, options)();
}

/** Returns a function that makes lists of the same rows, each sorted by another number. Default: views. */
export function cappedLists<Extra extends object = object>(
  document: Counters,
  { key: mapKey }: CappedMap,
  view: ReportView,
  { extra = () => ({}) as Extra, searched = (key) => key }: RowsOptions<Extra> = {},
): (rank?: Rank) => Ranked<Row & Extra> {
  const map = document.below(mapKey);
  const exact = map.below(FLOOR).fields.size === 0;
  const all = map.below(ROWS).levels();
  const hasVisitors = all.some(([, row]) => FIRSTS.some((first) => row.get(firstKeys[first]) > 0));
  const found = view.search === '' ? all : all.filter(([key, row]) => searched(key, row).toLowerCase().includes(view.search));
  const visitorsOf = rowVisitorsIn(view);
  const made = new Map<string, Row & Extra>();

  const make = (key: string, row: Counters): Row & Extra => {
    const error = exact ? 0 : errorOf(map, key, VIEWS);
    const missing = exact ? 0 : FIRSTS.reduce((sum, first) => sum + errorOf(map, key, firstKeys[first]), 0);
    const views = row.get(VIEWS);
    const visitors: RowVisitors = hasVisitors ? visitorsOf(firstsOf(row), { views, error, missing }) : {};
    return { key, ...extra(row, key), views, ...visitors, ...(error > 0 ? { error } : {}) };
  };

  return (rank = (row) => row.get(VIEWS)) => {
    // An observation about an earlier view creates a row that has no views of its own.
    const ranked = found.map(([key, row]) => ({ key, row, value: rank(row) })).filter(({ value }) => value > 0);
    ranked.sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
    const rowOf = ({ key, row }: (typeof ranked)[number]): Row & Extra => {
      let one = made.get(key);
      if (one === undefined) {
        one = make(key, row);
        made.set(key, one);
      }
      return one;
    };
    return { length: ranked.length, slice: (start, end) => ranked.slice(start, end).map(rowOf) };
  };
}

interface NamedRow extends Pick<Row, 'key' | 'views' | 'error'> {
  /** How many rows have the name. */
  readonly rows: number;
}

/** The views of a capped map by a name that several of its rows may have, largest first. Rows without a name are omitted. */
export function namedRows(
  document: Counters,
  { key: mapKey }: CappedMap,
  view: ReportView,
  nameOf: (row: Counters) => string,
): readonly NamedRow[] {
  const map = document.below(mapKey);
  const isExact = map.below(FLOOR).fields.size === 0;
  const named = new Map<string, { views: number; error: number; rows: number }>();
  for (const [key, row] of map.below(ROWS).levels()) {
    const [name, views] = [nameOf(row), row.get(VIEWS)];
    if (name === '' || views === 0) continue;
    const sums = named.get(name) ?? { views: 0, error: 0, rows: 0 };
    named.set(name, sums);
    sums.views += views;
    sums.rows++;
    if (!isExact) sums.error += errorOf(map, key, VIEWS);
  }
  const rows = [...named].map(([key, { error, ...sums }]) => ({ key, ...sums, ...(error > 0 && { error }) }));
  return searched(
    rows.sort((a, b) => b.views - a.views || (a.key < b.key ? -1 : 1)),
    view,
  );
}

/** The rows of a closed list, largest first. */
export function closedRows(
  document: Counters,
  list: ClosedList,
  view: ReportView,
  title: (key: string) => string,
): readonly ClosedRow[] {
  const hasVisitors = FIRSTS.some((first) => document.below(list[first]).fields.size > 0);
  const visitorsOf = rowVisitorsIn(view);
  const rows = document
    .below(list.views)
    .sums()
    .map(([key, views]) => ({
      key,
      title: title(key),
      views,
      ...(hasVisitors ? visitorsOf(firstsInList(document, list, key), { views }) : {}),
    }))
    .sort((a, b) => b.views - a.views || (a.key < b.key ? -1 : 1));
  return searched(rows, view);
}
