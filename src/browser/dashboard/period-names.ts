// What the shown range is called.
import { rangeName } from './format.js';
import type { Shown } from './ranges.js';
import { KEPT, NOTHING, PERIODS } from './texts.js';

/** `Last 7 days`, `1–19 November` */
export function periodName(shown: Shown, today: string): string {
  return typeof shown === 'string' ? PERIODS[shown] : rangeName(shown, today);
}

/** Says that nothing was counted in it. */
export function nothingIn(shown: Shown, today: string): string {
  return typeof shown === 'string' ? NOTHING[shown] : KEPT.nothingIn(rangeName(shown, today));
}
