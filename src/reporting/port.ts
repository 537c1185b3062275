// Reports, as the web requests them.
import type { By } from '../../collections/report.js';
import type { Comparison } from '../time/comparison.js';

export interface ReportQuery {
  /** The name of a report. */
  readonly report: string;
  readonly site: string;
  readonly timezone: string;
  /** Local dates, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** The range begins with the first month in which the site was viewed, rather than at `from`. */
  readonly isAll?: boolean | undefined;
  /** The shortest periods that reports with days list. */
  readonly by?: By | undefined;
  /** At most this many rows of each list. */
  readonly limit: number;
  /** The number of rows to skip at the start of each list. */
  readonly offset?: number | undefined;
  /** Only rows whose key or title contains this text, in upper or lower case. Empty: all rows. */
  readonly search: string;
  /** The path of the page that the report is about; empty for reports about the whole site. */
  readonly page: string;
  /** Other spellings of the path: if `page` has no views, the first of these that has some is used. */
  readonly otherSpellings?: readonly string[];
  /** Adds the same report for another range. */
  readonly compare?: Comparison | undefined;
  /** Moves that range to the same days of the week: see `comparedRange`. */
  readonly isByWeekday?: boolean | undefined;
  /** The list that is answered as CSV, one of `listsOf`. Absent: the whole report as JSON. Not with `compare`. */
  readonly csv?: string | undefined;
  /** Every hit received before this time is in the documents. */
  readonly asOfMs: number;
}

/** A report of several sites. Each has a range of its own, since a day such as today begins earlier in some time zones. */
export interface RollupQuery extends Omit<ReportQuery, 'site' | 'timezone' | 'from' | 'to'> {
  readonly sites: ReadonlyArray<Pick<ReportQuery, 'site' | 'timezone' | 'from' | 'to'>>;
}

/** More documents than a roll-up reads. The message is a sentence for the reader. */
export class RollupTooLarge extends Error {
  /** Identifies the error after another thread has thrown it. */
  override readonly name = 'RollupTooLarge';
}

/** An overview has the views of this number of days, today included. */
export const OVERVIEW_DAYS = 30;

/** A site in an overview. */
export interface OverviewSite {
  readonly site: string;
  readonly title: string;
  readonly timezone: string;
  readonly createdAtMs: number;
}

/** The numbers of today and yesterday, and the views of a month, of many sites. */
export interface OverviewQuery {
  readonly sites: readonly OverviewSite[];
  /** Whether the number of visitors online is read, too. */
  readonly withOnline: boolean;
  /** Whether it is answered as CSV, with a row for each site. */
  readonly isCsv?: boolean;
  /** Every hit received before this time is in the documents. */
  readonly asOfMs: number;
}

/** A report cannot be generated now, but may be a little later. The message is a sentence for the reader. */
export class ReportsUnavailable extends Error {}

/** Too many reports are waiting to be made. */
export class ReportsBusy extends ReportsUnavailable {
  constructor() {
    super('Too many reports are being made right now. Try again in a few seconds.');
  }
}

/** Several reports of a site, made right after one another. */
export interface SeveralReports {
  /** JSON as UTF-8: an object of the reports by their names, each exactly as `report` returns it. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly parts: ReadonlyArray<{
    readonly report: string;
    /** Where its text is in the body. The end is exclusive. */
    readonly begin: number;
    readonly end: number;
    /** Changes when the report does, except for the times up to which it is complete. */
    readonly tag: string;
  }>;
  /** How long it took to make them, without the time for which they waited until others were made. */
  readonly tookMs: number;
}

export interface Reports {
  /**
   * Returns the report as text, JSON or CSV. Another thread than the one that answers beacons generates it. Rejects with a
   * ReportsUnavailable while the store does not answer.
   */
  report(query: ReportQuery): Promise<string>;
  /**
   * Returns a report of the merged documents of several sites. Rejects as `report` does, with a RollupTooLarge, or with a
   * ReportsBusy. `signal`: aborted when nobody waits for it any more.
   */
  rollup(query: RollupQuery, signal?: AbortSignal): Promise<string>;
  /** Returns the overview as JSON or CSV. Rejects as `report` does. */
  overview(query: OverviewQuery): Promise<string>;
  /** Returns several reports of one site. Rejects as `report` does. */
  several(queries: readonly ReportQuery[]): Promise<SeveralReports>;
  close(): Promise<void>;
}
