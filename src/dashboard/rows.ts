// From the rows of an answer to those of a list: views, and visitors beside them where the answer has any.
import type { Row } from './answers.js';
import { estimate } from './format.js';
import type { Cell, ListRow, ListView } from './lists.js';

/** A list of views and visitors, with their parts of `total` views. */
export function viewsAndVisitors<Kind extends Row>(
  rows: readonly Kind[],
  total: number,
  label: (row: Kind) => Node,
  innerOf?: (row: Kind) => readonly Row[],
): ListView {
  const hasVisitors = rows.some(({ visitors }) => visitors !== undefined);
  const rowOf = (row: Row, shown: Node): ListRow => ({
    key: row.key,
    label: shown,
    value: row.views,
    error: row.error,
    cells: hasVisitors ? [visitorsCell(row)] : [],
  });
  return {
    rows: rows.map((row) => ({
      ...rowOf(row, label(row)),
      ...(innerOf && { inner: innerOf(row).map((inner) => rowOf(inner, label(inner as Kind))) }),
    })),
    total,
    unit: 'views',
    columns: hasVisitors ? ['visitors'] : [],
  };
}

export function visitorsCell({ visitors = 0, visitorsError }: Row): Cell {
  return {
    text: estimate(visitors, visitorsError),
    title:
      visitorsError === undefined
        ? 'Browsers with a record'
        : `Browsers with a record: at least ${visitors - visitorsError} and at most ${visitors + visitorsError}`,
  };
}
