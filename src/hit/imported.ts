// Rows of another tool's export: what that tool has counted for a day. They are counted without being hits.
import type { Technology } from './agent.js';
import type { Referrer } from './facets/referrer.js';

/**
 * `day` is the local day, `2026-11-20`; counts are whole numbers above 0. Names are from the same closed lists as
 * those of hits.
 */
export type ImportedRow = { readonly day: string } & (
  | { readonly kind: 'views'; readonly views: number }
  /** Visitors that are unique within the day, by the rules of the tool. */
  | { readonly kind: 'visitors'; readonly visitors: number }
  /**
   * `bounces`: visits with one view. `views`: in all visits together. `seconds`: from the first to the last view of each
   * visit, for all visits together.
   */
  | {
      readonly kind: 'visits';
      readonly visits: number;
      readonly bounces: number;
      readonly views: number;
      readonly seconds: number;
    }
  /** The title is empty if the export does not contain it. */
  | { readonly kind: 'page'; readonly path: string; readonly title: string; readonly views: number }
  /** Visits that came from this referrer. Tools do not export the referrers of other views. */
  | { readonly kind: 'referrer'; readonly referrer: Referrer; readonly visits: number }
  | {
      readonly kind: 'browser';
      readonly browser: Technology['browser'];
      readonly version: Technology['version'];
      readonly views: number;
    }
  | { readonly kind: 'platform'; readonly platform: Technology['platform']; readonly views: number }
  | { readonly kind: 'device'; readonly device: Technology['device']; readonly views: number }
  | { readonly kind: 'language'; readonly language: string; readonly views: number }
);

/** The number of views, visits or visitors that the row counts. */
export function amountOf(row: ImportedRow): number {
  return row.kind === 'visitors' ? row.visitors : row.kind === 'referrer' || row.kind === 'visits' ? row.visits : row.views;
}

/** All numbers of the row, the amount first. */
export function numbersOf(row: ImportedRow): readonly number[] {
  return row.kind === 'visits' ? [row.visits, row.bounces, row.views, row.seconds] : [amountOf(row)];
}
