// The interface of a tool whose exports can be imported: which tables it has, and what their lines count.
import type { Fold } from '../../../counting/fold.js';
import type { NotCounted } from '../../../hit/hit.js';
import { amountOf, type ImportedRow, numbersOf } from '../../../hit/imported.js';
import type { MeasuredSite } from '../../../hit/prepared-site.js';
import type { ImportSettings } from '../line-to-hit.js';

/** Why a line of an export is not counted. */
export type LineLeftOut =
  | 'wrong-number-of-fields'
  | 'no-such-day'
  | 'no-such-time'
  | 'no-whole-number'
  | 'grand-total'
  | 'nothing-counted'
  /** A day on which the site counts by itself, or that is not over. */
  | 'later-day'
  /** Before the first requested day. */
  | 'earlier-day';

/** What a line counts on one day in one report. */
export interface Entry {
  /**
   * The kind of numbers. Each day is counted once in each report, so tables with the same numbers must have the same
   * report.
   */
  readonly report: string;
  /** Local, `2025-01-31`. */
  readonly day: string;
  /** All counted contents of the line as they are in the file. Entries with equal texts count the same. */
  readonly text: string;
  readonly amount: number;
  /** Counts the entry, or returns the reason why it is refused. The result depends on the entry alone. */
  count(fold: Fold, receivedAtMs: number): 'counted' | NotCounted;
}

/** A part of an export whose header was recognised. */
export interface Table {
  /** The columns that are read. */
  readonly columns: readonly string[];
  entriesOf(fields: readonly string[]): readonly Entry[] | LineLeftOut;
}

/** A part of an export that is known but not read. */
export interface TableLeftOut {
  /** The reason, and what the user can do about it. */
  readonly leftOut: string;
}

export interface Tool {
  readonly key: string;
  readonly title: string;
  /** Tells the user which files are expected. */
  readonly expected: string;
  /** Whether a line belongs to no table, such as a line above the header. */
  isRemark(fields: readonly string[]): boolean;
  /** The first line after an empty line is a header. */
  readonly emptyLineEndsTable: boolean;
  /** Undefined when it is not a table of the tool. `fileName` has no folder. */
  table(header: readonly string[], fileName: string, reading: Reading): Table | TableLeftOut | undefined;
}

/** Settings for reading lines. They are stored with the import, so that a continued import has the same results. */
export interface Reading {
  readonly settings: Pick<ImportSettings, 'site' | 'key'>;
  readonly measured: MeasuredSite;
}

/** An entry for a row of counted numbers. `texts`: the contents of the line besides its day and its numbers. */
export function entryOf(row: ImportedRow, site: string, texts: readonly string[], report: string = row.kind): Entry {
  return {
    report,
    day: row.day,
    // not the row itself, because the next version may use other names in it
    text: [row.kind, row.day, ...numbersOf(row), ...texts].join('\0'),
    amount: amountOf(row),
    count(fold, receivedAtMs) {
      fold.imported(site, row, receivedAtMs);
      return 'counted';
    },
  };
}
