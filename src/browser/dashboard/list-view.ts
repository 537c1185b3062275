// What a list shows: rows with numbers. Cards make these of the answers of the API; list-rows.tsx draws them.
import type { ComponentChildren } from 'preact';
import type { Address } from './address.js';
import type { Answered } from './answers.js';
import type { Shown } from './ranges.js';

/** Beside a row's number, in a column of its own. */
export interface Cell {
  readonly text: string;
  /** The tooltip. */
  readonly title?: string;
  /** Readers of screens read the tooltip out, too. */
  readonly isReadOut?: boolean;
}

/**
 * What happens when a row is chosen: these parts of the page's address change. So the row is a link, Back undoes it, and a
 * reload keeps it.
 */
export type RowAction = Partial<Address>;

export interface ListRow {
  readonly key: string;
  /** The name of the row. Not a link. */
  readonly label: ComponentChildren;
  /** Before the name: see icons.tsx. The rows of a list have one, or none of them has. */
  readonly icon?: ComponentChildren;
  readonly value: number;
  /** The true value is at most this much larger. */
  readonly error?: number | undefined;
  /** One for each of the list's columns. */
  readonly cells: readonly Cell[];
  /** How the value has changed. */
  readonly change?: Cell | undefined;
  readonly action?: RowAction | undefined;
  /** The address on the web that the row is about, or the path of a page of the site. */
  readonly outside?: string | undefined;
  /** Rows that open below it. */
  readonly inner?: readonly ListRow[];
}

export interface ListView {
  /** Its field in the report, by which the API gives it as CSV. */
  readonly name: string;
  readonly rows: readonly ListRow[];
  /** The shares are parts of it; the difference to the sum of the rows is shown as the rest. */
  readonly total: number;
  /** What `value` counts. */
  readonly unit: string;
  readonly columns: readonly string[];
  readonly isCompared?: boolean;
  /** One thing may be in several rows: bars are parts of the total, and there is no rest. */
  readonly overlap?: boolean;
  readonly note?: string;
  /** Default: the card's. */
  readonly whenEmpty?: string;
}

/** By the names of tabs, in order. */
export type Tabs = Readonly<Record<string, ListView>>;

/** Where the lists of a card are from. */
export interface ListSource {
  readonly report: string;
  readonly shown: Shown;
  /** The page that the report is about. */
  readonly page?: string;
  readonly answer: ListAnswer;
}

/** The parts of an answer that all reports with lists have. */
export interface ListAnswer extends Pick<Answered<object>, 'asOf'> {
  /** How many rows each list has. Absent where lists have a fixed number of rows, and cannot be searched. */
  readonly totalRows?: Readonly<Record<string, number>>;
}

/** How many rows a list has in all; undefined if its number of rows is fixed. */
export function rowsInAll({ totalRows }: ListAnswer, list: string): number | undefined {
  return totalRows?.[list];
}

/** What the rows leave of the total. */
export function restOf({ rows, total, overlap = false }: Pick<ListView, 'rows' | 'total' | 'overlap'>): number {
  return overlap ? 0 : Math.max(0, total - rows.reduce((sum, { value }) => sum + value, 0));
}
