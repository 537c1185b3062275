// From the rows of an answer to those of a list: views, and visitors beside them where the answer has any.
import { ROWS_MAX, type Row } from './answers.js';
import { changeText } from './change-text.js';
import { counted, number } from './format.js';
import type { Cell, ListRow, ListView } from './lists.js';

/** The same list of two periods of the same length, of which this one is the later. */
export interface Change<Kind extends Row = Row> {
  readonly nowName: string;
  readonly beforeName: string;
  readonly now: readonly Kind[];
  readonly before: readonly Kind[];
}

/** A list of views and visitors, with their parts of `total` views. */
export function viewsAndVisitors<Kind extends Row>(
  rows: readonly Kind[],
  total: number,
  label: (row: Kind) => Node,
  change?: Change<Kind>,
  innerOf?: (row: Kind) => readonly Row[],
): ListView {
  const hasVisitors = rows.some(({ visitors }) => visitors !== undefined);
  const changeOf = changeCells(change, ({ views }) => views);
  const rowOf = (row: Row, shown: Node, others: readonly Cell[]): ListRow => ({
    key: row.key,
    label: shown,
    value: row.views,
    error: row.error,
    cells: hasVisitors ? [...others, visitorsCell(row)] : others,
  });
  return {
    rows: rows.map((row) => ({
      ...rowOf(row, label(row), changeOf(row)),
      ...(innerOf && { inner: innerOf(row).map((inner) => rowOf(inner, label(inner as Kind), change ? [EMPTY] : [])) }),
    })),
    total,
    unit: 'views',
    columns: [...changeColumns(change), ...(hasVisitors ? ['visitors'] : [])],
    note: changeNote(change),
  };
}

const EMPTY: Cell = { text: '' };

export function changeColumns(change: Change | undefined): readonly string[] {
  return change === undefined ? [] : ['change'];
}

export function changeNote(change: Change | undefined): string {
  return change === undefined ? '' : `Change: ${change.nowName}, compared with ${change.beforeName}.`;
}

/**
 * In per cent, or from how many to how many where these are few. One that is not in a list that is full may have been
 * further down.
 */
export function changeCells<Kind extends Row>(
  change: Change<Kind> | undefined,
  numberOf: (row: Kind) => number,
): (row: Row) => readonly Cell[] {
  if (change === undefined) return () => [];
  const numbersIn = (rows: readonly Kind[]) => {
    const values = new Map(rows.map((row) => [row.key, numberOf(row)]));
    return (key: string) => values.get(key) ?? (rows.length < ROWS_MAX ? 0 : undefined);
  };
  const [nowOf, beforeOf] = [numbersIn(change.now), numbersIn(change.before)];
  return ({ key }) => {
    const [now, before] = [nowOf(key), beforeOf(key)];
    if (now === undefined || before === undefined) return [{ text: '–', title: 'Not in both lists' }];
    const title = `${change.nowName}: ${number(now)}; ${change.beforeName}: ${number(before)}`;
    return [{ text: changeText({ now, before }), title }];
  };
}

export function visitorsCell(row: Row): Cell {
  const { least, most } = visitorsBetween(row);
  return {
    text: visitorsText(row),
    title: `Browsers with a record${least === most ? '' : `: at least ${number(least)} and at most ${number(most)}`}`,
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
