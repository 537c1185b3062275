// What another tool has counted of a day, as its export says. It becomes counters without ever having been hits.
import type { Technology } from './agent.js';
import type { Referrer } from './facets/referrer.js';

/**
 * `day` is the local day, `2026-11-20`; counts are whole numbers above 0. Names are from the same closed lists as
 * those of hits.
 */
export type ImportedRow = { readonly day: string } & (
  | { readonly kind: 'views'; readonly views: number }
  /** Unique within the day, as the tool tells visitors apart. */
  | { readonly kind: 'visitors'; readonly visitors: number }
  /**
   * `bounces`: of the visits, those of one view. `views` in all visits, and `seconds` from the first to the last view
   * of each.
   */
  | {
      readonly kind: 'visits';
      readonly visits: number;
      readonly bounces: number;
      readonly views: number;
      readonly seconds: number;
    }
  /** The title is empty where the tool does not say it. */
  | { readonly kind: 'page'; readonly path: string; readonly title: string; readonly views: number }
  /** Visits that began with a view from there; of other views a tool does not say from where they came. */
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

/** What the row counts. */
export function amountOf(row: ImportedRow): number {
  return row.kind === 'visitors' ? row.visitors : row.kind === 'referrer' || row.kind === 'visits' ? row.visits : row.views;
}

/** All numbers that are counted of the row, the amount first. */
export function numbersOf(row: ImportedRow): readonly number[] {
  return row.kind === 'visits' ? [row.visits, row.bounces, row.views, row.seconds] : [amountOf(row)];
}
