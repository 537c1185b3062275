// Turns the rows of an answer into those of a list: views, with visitors and changes beside them.
import type { ComponentChildren } from 'preact';
import type { Row } from './answers.js';
import type { ListsBefore } from './ask.js';
import { changeText } from './change.js';
import { number, rangeName } from './format.js';
import { type Cell, type ListAnswer, type ListRow, type ListView, type RowAction, rowsInAll } from './list-view.js';
import { visitorsCell } from './row-visitors.js';
import { LISTS, UNKNOWN } from './texts.js';

/** The same list of two parts of periods, of the same length. */
export interface Change<One extends Row = Row> {
  readonly nowName: string;
  readonly beforeName: string;
  readonly now: RowsOf<One>;
  readonly before: RowsOf<One>;
  /** Whether the list names both parts. */
  readonly isNamed: boolean;
}

interface RowsOf<One extends Row> {
  readonly rows: readonly One[];
  /** Whether these are all rows of the list. */
  readonly isWhole: boolean;
}

/** Undefined where the report is not compared. `list` takes the list called `name` out of a report. */
export function changeOf<Body, One extends Row>(
  before: ListsBefore | undefined,
  report: string,
  name: string,
  list: (answer: Body) => readonly One[],
): Change<One> | undefined {
  if (before === undefined || !isComparedIn(before, report)) return undefined;
  const rowsOf = (answer: unknown): RowsOf<One> => {
    const rows = list(answer as Body);
    return { rows, isWhole: rows.length >= (rowsInAll(answer as ListAnswer, name) ?? 0) };
  };
  return {
    nowName: rangeName(before.here, before.today),
    beforeName: rangeName(before.there, before.today),
    now: rowsOf(before.nowLists[report]),
    before: rowsOf(before.beforeLists[report]),
    isNamed: before.isNamedByLists === true,
  };
}

/** Whether all days of the report are still kept that are compared. */
export function isComparedIn({ nowLists, beforeLists }: ListsBefore, report: string): boolean {
  return nowLists[report] !== undefined && beforeLists[report] !== undefined;
}

export interface ViewsList<One extends Row> {
  /** The field of the list in the report. */
  readonly name: string;
  readonly rows: readonly One[];
  /** The views that the shares are parts of. */
  readonly total: number;
  /** Not a link. */
  readonly label: (row: One) => ComponentChildren;
  /** Before the name of each row: see icons.tsx. */
  readonly icon?: (row: One) => ComponentChildren;
  readonly change?: Change<One> | undefined;
  /** Of the whole site in the same range, where they are known. */
  readonly siteVisitors?: number | undefined;
  /** What choosing a row does. */
  readonly onRow?: (row: One) => RowAction | undefined;
  /** The web address that a row is about. */
  readonly outside?: (row: One) => string | undefined;
  /** Rows that open below a row. */
  readonly inner?: (row: One) => readonly Row[];
}

/** A list of views, and of visitors where the answer has any, unless most of them are too uncertain. */
export function viewsAndVisitors<One extends Row>(list: ViewsList<One>): ListView {
  const { name, rows, total, label, icon, change, siteVisitors, onRow, outside, inner } = list;
  const uncertain = rows.filter((row) => visitorsCell(row, siteVisitors).text === UNKNOWN).length;
  const hasVisitors = 2 * uncertain <= rows.length && rows.some(({ visitors }) => visitors !== undefined);
  const changeCellOf = changeCells(change, ({ views }) => views);
  const rowOf = (row: Row, shown: ComponentChildren): ListRow => ({
    key: row.key,
    label: shown,
    value: row.views,
    error: row.error,
    cells: hasVisitors ? [visitorsCell(row, siteVisitors)] : [],
  });
  return {
    name,
    rows: rows.map((row) => ({
      ...rowOf(row, label(row)),
      icon: icon?.(row),
      change: changeCellOf(row),
      action: onRow?.(row),
      outside: outside?.(row),
      ...(inner && { inner: inner(row).map((one) => rowOf(one, label(one as One))) }),
    })),
    total,
    unit: LISTS.views,
    columns: hasVisitors ? [LISTS.visitors] : [],
    isCompared: change !== undefined,
    note: changeNote(change),
  };
}

export function changeNote(change: Change | undefined): string {
  return change?.isNamed ? LISTS.changeNote(change.nowName, change.beforeName) : '';
}

/** Nothing is known of a row that is missing in a part of a list: it may have been further down. */
export function changeCells<One extends Row>(
  change: Change<One> | undefined,
  numberOf: (row: One) => number,
): (row: Row) => Cell | undefined {
  if (change === undefined) return () => undefined;
  const numbersIn = ({ rows, isWhole }: RowsOf<One>) => {
    const values = new Map(rows.map((row) => [row.key, numberOf(row)]));
    return (key: string) => values.get(key) ?? (isWhole ? 0 : undefined);
  };
  const [nowOf, beforeOf] = [numbersIn(change.now), numbersIn(change.before)];
  return ({ key }) => {
    const [now, before] = [nowOf(key), beforeOf(key)];
    if (now === undefined || before === undefined) return { text: UNKNOWN, title: LISTS.notInBoth };
    const title = LISTS.changeOf(change.nowName, number(now), change.beforeName, number(before));
    return { text: changeText({ now, before }), title };
  };
}
