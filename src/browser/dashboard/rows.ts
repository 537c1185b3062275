// Turns the rows of an answer into those of a list: views, with visitors and changes beside them.
import type { ComponentChildren } from 'preact';
import type { Row } from './answers.js';
import { type ListsBefore, ROWS_MAX } from './ask.js';
import { changeText } from './change.js';
import { counted, number, rangeName } from './format.js';
import type { Cell, ListRow, ListView } from './list.js';
import { LISTS, UNKNOWN } from './texts.js';

/** The same list of two parts of periods, of the same length. */
export interface Change<One extends Row = Row> {
  readonly nowName: string;
  readonly beforeName: string;
  readonly now: readonly One[];
  readonly before: readonly One[];
}

/** Undefined where nothing is compared. `list` takes the list out of a report. */
export function changeOf<Body, One extends Row>(
  before: ListsBefore | undefined,
  report: string,
  list: (answer: Body) => readonly One[],
): Change<One> | undefined {
  return (
    before && {
      nowName: rangeName(before.here, before.today),
      beforeName: rangeName(before.there, before.today),
      now: list(before.nowLists[report] as Body),
      before: list(before.beforeLists[report] as Body),
    }
  );
}

export interface ViewsList<One extends Row> {
  /** The field of the list in the report. */
  readonly name: string;
  readonly rows: readonly One[];
  /** The views that the shares are parts of. */
  readonly total: number;
  readonly label: (row: One) => ComponentChildren;
  readonly change?: Change<One> | undefined;
  /** Rows that open below a row. */
  readonly inner?: ((row: One) => readonly Row[]) | undefined;
}

/** A list of views, and of visitors where the answer has any. */
export function viewsAndVisitors<One extends Row>({ name, rows, total, label, change, inner }: ViewsList<One>): ListView {
  const hasVisitors = rows.some(({ visitors }) => visitors !== undefined);
  const changeCellsOf = changeCells(change, ({ views }) => views);
  const rowOf = (row: Row, shown: ComponentChildren, others: readonly Cell[]): ListRow => ({
    key: row.key,
    label: shown,
    value: row.views,
    error: row.error,
    cells: hasVisitors ? [...others, visitorsCell(row)] : others,
  });
  return {
    name,
    rows: rows.map((row) => ({
      ...rowOf(row, label(row), changeCellsOf(row)),
      ...(inner && { inner: inner(row).map((one) => rowOf(one, label(one as One), change ? [{ text: '' }] : [])) }),
    })),
    total,
    unit: LISTS.views,
    columns: [...changeColumns(change), ...(hasVisitors ? [LISTS.visitors] : [])],
    note: changeNote(change),
  };
}

export function changeColumns(change: Change | undefined): readonly string[] {
  return change === undefined ? [] : [LISTS.change];
}

export function changeNote(change: Change | undefined): string {
  return change === undefined ? '' : LISTS.changeNote(change.nowName, change.beforeName);
}

/** Nothing is known of a row that is missing in a full list: it may have been further down. */
export function changeCells<One extends Row>(
  change: Change<One> | undefined,
  numberOf: (row: One) => number,
): (row: Row) => readonly Cell[] {
  if (change === undefined) return () => [];
  const numbersIn = (rows: readonly One[]) => {
    const values = new Map(rows.map((row) => [row.key, numberOf(row)]));
    return (key: string) => values.get(key) ?? (rows.length < ROWS_MAX ? 0 : undefined);
  };
  const [nowOf, beforeOf] = [numbersIn(change.now), numbersIn(change.before)];
  return ({ key }) => {
    const [now, before] = [nowOf(key), beforeOf(key)];
    if (now === undefined || before === undefined) return [{ text: UNKNOWN, title: LISTS.notInBoth }];
    const title = LISTS.changeOf(change.nowName, number(now), change.beforeName, number(before));
    return [{ text: changeText({ now, before }), title }];
  };
}

function visitorsCell(row: Row): Cell {
  const { least, most } = visitorsBetween(row);
  return {
    text: visitorsText(row),
    title: least === most ? LISTS.withRecord : LISTS.withRecordBetween(number(least), number(most)),
  };
}

/** The middle of what is possible, and how far it may be off. */
export function visitorsText(row: Row): string {
  const { least, most } = visitorsBetween(row);
  return counted(least, most - least);
}

function visitorsBetween({ views, error = 0, visitors = 0, visitorsError = 0 }: Row): { least: number; most: number } {
  return { least: Math.max(0, visitors - visitorsError), most: Math.min(visitors + visitorsError, views + error) };
}
