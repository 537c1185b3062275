// From the rows of an answer to those of a list: views, and visitors beside them where the answer has any.
import { ROWS_MAX, type Row } from './answers.js';
import { counted, number } from './format.js';
import type { Cell, ListRow, ListView } from './lists.js';

/** The same list of the period that this one is compared with. */
export interface Other<Kind extends Row = Row> {
  /** What the period is called. */
  readonly name: string;
  readonly rows: readonly Kind[];
}

/** A list of views and visitors, with their parts of `total` views. */
export function viewsAndVisitors<Kind extends Row>(
  rows: readonly Kind[],
  total: number,
  label: (row: Kind) => Node,
  other?: Other<Kind>,
  innerOf?: (row: Kind) => readonly Row[],
): ListView {
  const hasVisitors = rows.some(({ visitors }) => visitors !== undefined);
  const otherOf = otherCells(other, ({ views }) => views);
  const rowOf = (row: Row, shown: Node, others: readonly Cell[]): ListRow => ({
    key: row.key,
    label: shown,
    value: row.views,
    error: row.error,
    cells: hasVisitors ? [...others, visitorsCell(row)] : others,
  });
  return {
    rows: rows.map((row) => ({
      ...rowOf(row, label(row), otherOf(row)),
      ...(innerOf && { inner: innerOf(row).map((inner) => rowOf(inner, label(inner as Kind), other ? [EMPTY] : [])) }),
    })),
    total,
    unit: 'views',
    columns: [...otherColumns(other), ...(hasVisitors ? ['visitors'] : [])],
  };
}

const EMPTY: Cell = { text: '' };

export function otherColumns(other: Other | undefined): readonly string[] {
  return other === undefined ? [] : [other.name];
}

/** What a row had in the other period. One that is not in a list that is full may have been further down. */
export function otherCells<Kind extends Row>(
  other: Other<Kind> | undefined,
  numberOf: (row: Kind) => number,
): (row: Kind) => readonly Cell[] {
  if (other === undefined) return () => [];
  const values = new Map(other.rows.map((row) => [row.key, number(numberOf(row))]));
  const missing = other.rows.length < ROWS_MAX ? '0' : '–';
  return ({ key }) => [{ text: values.get(key) ?? missing, title: `All of ${other.name}` }];
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
