// What there is to say of a tool whose exports are read: which of its tables are known, and what a line of one counts.
import type { Fold } from '../../../counting/fold.js';
import type { NotCounted } from '../../../hit/hit.js';
import { amountOf, type ImportedRow, numbersOf } from '../../../hit/imported.js';
import type { MeasuredSite } from '../../../hit/prepared-site.js';
import type { ImportSettings } from '../line-to-hit.js';

/** Why a line of an export counts nothing. */
export type LineLeftOut =
  | 'wrong-number-of-fields'
  | 'no-such-day'
  | 'no-such-time'
  | 'no-whole-number'
  | 'grand-total'
  | 'nothing-counted'
  /** Days on which the site counts by itself, and such as are not over. */
  | 'later-day'
  /** Before the first day that was asked for. */
  | 'earlier-day';

/** What a line counts of one day, in one report. */
export interface Entry {
  /**
   * The kind of numbers, by which a day is known to have been counted: it is counted once in each. Two tables that
   * tell the same thing of a day have the same report.
   */
  readonly report: string;
  /** Local, `2025-01-31`. */
  readonly day: string;
  /** Everything that is counted of the line, as the file has it: equal texts count the same. */
  readonly text: string;
  readonly amount: number;
  /** Counts it, or gives the reason why not. A pure function of the entry. */
  count(fold: Fold, receivedAtMs: number): 'counted' | NotCounted;
}

/** A part of an export that is read: its header has been recognised. */
export interface Table {
  /** Those that are read. */
  readonly columns: readonly string[];
  entriesOf(fields: readonly string[]): readonly Entry[] | LineLeftOut;
}

/** A part of an export that is known, and not read. */
export interface TableLeftOut {
  /** Why, and what to do where something can be done. */
  readonly leftOut: string;
}

export interface Tool {
  readonly key: string;
  readonly title: string;
  /** What must be there for a table to be recognised, for people. */
  readonly expected: string;
  /** Lines above the header, and between tables, that belong to none. */
  isRemark(fields: readonly string[]): boolean;
  /** What comes after an empty line begins with a header again. */
  readonly emptyLineEndsTable: boolean;
  /** Undefined for what is none of the tool's tables. `fileName` is without its folder. */
  table(header: readonly string[], fileName: string, reading: Reading): Table | TableLeftOut | undefined;
}

/** What lines are read with: that of the import, so that it gives the same whenever it goes on. */
export interface Reading {
  readonly settings: Pick<ImportSettings, 'site' | 'key'>;
  readonly measured: MeasuredSite;
}

/** An entry of what a tool has counted. `texts` are what the file says of it beside its day and its numbers. */
export function entryOf(row: ImportedRow, site: string, texts: readonly string[], report: string = row.kind): Entry {
  return {
    report,
    day: row.day,
    // not the row itself, in which the next version may have other names for the same
    text: [row.kind, row.day, ...numbersOf(row), ...texts].join('\0'),
    amount: amountOf(row),
    count(fold, receivedAtMs) {
      fold.imported(site, row, receivedAtMs);
      return 'counted';
    },
  };
}
