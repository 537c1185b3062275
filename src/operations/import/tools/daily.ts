// Reads tables of daily numbers: one column has the day, some have counts, and some tell what is counted.
import { amountOf, type ImportedRow } from '../../../hit/imported.js';
import { type Columns, countOf, dayOf } from './columns.js';
import { entryOf, type Table } from './tool.js';

/** A line. A missing column (-1) has an empty text and the count 0. */
export interface Line {
  readonly day: string;
  text(place: number): string;
  count(place: number): number;
}

export interface DailyTable {
  readonly columns: Columns;
  readonly day: number;
  /** The places of columns that must contain whole numbers; -1 for a missing column. */
  readonly counts: readonly number[];
  readonly texts: readonly number[];
  readonly site: string;
  /** See Entry.report; by default the kind of each row. */
  readonly report?: string;
  rowsOf(line: Line): readonly ImportedRow[];
}

export function dailyTable({ columns, day, counts, texts, site, report, rowsOf }: DailyTable): Table {
  const used = (places: readonly number[]) => places.filter((place) => place >= 0);
  return {
    columns: [day, ...used(counts), ...used(texts)].map((place) => columns.names[place] as string),
    entriesOf(fields) {
      if (fields.length !== columns.names.length) return 'wrong-number-of-fields';
      const name = dayOf((fields[day] as string).trim());
      if (name === undefined) return 'no-such-day';
      const numbers = new Map(used(counts).map((place) => [place, countOf((fields[place] as string).trim())]));
      if ([...numbers.values()].includes(undefined)) return 'no-whole-number';
      const rows = rowsOf({ day: name, text: (place) => fields[place] ?? '', count: (place) => numbers.get(place) ?? 0 });
      const counted = rows.filter((row) => amountOf(row) > 0);
      const words = used(texts).map((place) => fields[place] as string);
      return counted.length === 0 ? 'nothing-counted' : counted.map((row) => entryOf(row, site, words, report));
    },
  };
}
