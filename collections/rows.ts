// How lists read: a capped map, which may hold estimates, and a closed list, which is exact.
import { z } from 'zod';
import { errorOf, FLOOR, RANKING, ROWS } from '../src/counters/cap.js';
import type { Counters } from '../src/counters/counters.js';
import { readableAddress } from '../src/hit/host.js';
import type { ReportView } from './report.js';
import { type ClosedList, FIRSTS, firstsIn, firstsOf, type RowVisitors, rowVisitorsIn, visitorsSchema } from './row-visitors.js';

export const rowSchema = z.object({
  key: z.string(),
  views: z.int().min(0),
  ...visitorsSchema,
  error: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Present where the row is an estimate: the true number of views is at least `views` and at most `views` + `error`. Its other counts are at least what they say.',
    ),
});
export type Row = z.infer<typeof rowSchema>;

export const closedRowSchema = z.object({ key: z.string(), title: z.string(), views: z.int().min(0), ...visitorsSchema });
export type ClosedRow = z.infer<typeof closedRowSchema>;

export const readableTitleSchema = z
  .string()
  .optional()
  .describe('For people, where the key holds an internationalised domain name: the key with that name in its own letters.');

/** How a key reads to people that is a source, a host, or a host with a path; nothing where that is the key itself. */
export function readableTitle(key: string): { readonly title?: string } {
  const title = readableAddress(key);
  return title === key ? {} : { title };
}

interface RowsOptions<Extra extends object> {
  readonly extra?: (row: Counters, key: string) => Extra;
  /** What a search looks at. Default: the key. */
  readonly searched?: (key: string, row: Counters) => string;
}

/** By which a list is ranked, largest first; rows without it are left out. */
type Rank = (row: Counters) => number;

/** Rows in their order, as an array is one. Of a capped map only those that are asked for are made. */
export interface Ranked<One> {
  readonly length: number;
  slice(start: number, end: number): One[];
}

/** The part of each list that is asked for, and how many rows each has in all. */
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
    .describe(
      'How many rows each list has in all, of which `limit` and `offset` take out a part. With `search`: how many were found.',
    );
}

/** Those rows whose key or title holds what is searched for. */
export function searched<One extends { readonly key: string; readonly title?: string }>(
  rows: readonly One[],
  { search }: ReportView,
): readonly One[] {
  return search === '' ? rows : rows.filter(({ key, title = '' }) => `${key} ${title}`.toLowerCase().includes(search));
}

/** The rows of a capped map, with what they may be off by. `extra` adds a row's other fields. */
export function cappedRows<Extra extends object = object>(
  map: Counters,
  view: ReportView,
  options: RowsOptions<Extra> = {},
): Ranked<Row & Extra> {
  return cappedLists(map, view, options)();
}

/** The same rows as several lists, each by another number. Default: views. */
export function cappedLists<Extra extends object = object>(
  map: Counters,
  view: ReportView,
  { extra = () => ({}) as Extra, searched = (key) => key }: RowsOptions<Extra> = {},
): (rank?: Rank) => Ranked<Row & Extra> {
  const exact = map.below(FLOOR).fields.size === 0;
  const all = [...(map.below(ROWS).fields as Map<string, Counters>)];
  const hasVisitors = all.some(([, row]) => FIRSTS.some((first) => row.get(first) > 0));
  const found = view.search === '' ? all : all.filter(([key, row]) => searched(key, row).toLowerCase().includes(view.search));
  const visitorsOf = rowVisitorsIn(view);
  const made = new Map<string, Row & Extra>();

  const make = (key: string, row: Counters): Row & Extra => {
    const error = exact ? 0 : errorOf(map, key, RANKING);
    const missing = exact ? 0 : FIRSTS.reduce((sum, first) => sum + errorOf(map, key, first), 0);
    const views = row.get(RANKING);
    const visitors: RowVisitors = hasVisitors ? visitorsOf(firstsOf(row), { views, error, missing }) : {};
    return { key, ...extra(row, key), views, ...visitors, ...(error > 0 ? { error } : {}) };
  };

  return (rank = (row) => row.get(RANKING)) => {
    // A row may be there for what was told of an earlier view alone.
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

/** The rows of a closed list, largest first. */
export function closedRows(
  document: Counters,
  list: ClosedList,
  view: ReportView,
  title: (key: string) => string,
): readonly ClosedRow[] {
  const hasVisitors = FIRSTS.some((first) => document.below(list[first]).fields.size > 0);
  const visitorsOf = rowVisitorsIn(view);
  const rows = [...(document.below(list.views).fields as Map<string, number>)]
    .map(([key, views]) => ({
      key,
      title: title(key),
      views,
      ...(hasVisitors ? visitorsOf(firstsIn(document, list, key), { views }) : {}),
    }))
    .sort((a, b) => b.views - a.views || (a.key < b.key ? -1 : 1));
  return searched(rows, view);
}
