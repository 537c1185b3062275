// How visits go on at a page, or at all pages of the site.
import type { PageRow } from './answers.js';

export interface Rates {
  /** The part of the visits that began here and had no other view; null where none began here. */
  readonly bounces: number | null;
  /** The part of the views that were the last of their visit. */
  readonly exits: number | null;
}

export function ratesOf({
  entries,
  bounces,
  exits,
  recorded,
}: Pick<PageRow, 'entries' | 'bounces' | 'exits' | 'recorded'>): Rates {
  return { bounces: part(bounces, entries), exits: part(exits, recorded) };
}

function part(some: number, all: number): number | null {
  return all === 0 ? null : some / all;
}
