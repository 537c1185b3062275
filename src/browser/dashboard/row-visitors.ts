// The visitors of a row of a list. Of a range that is no whole day, month or year, only the least and the most possible is known.
import type { Row, Traffic } from './answers.js';
import { number } from './format.js';
import type { Cell } from './list-view.js';
import { LISTS, UNKNOWN } from './texts.js';

/** In parts of the number: a smaller error is only in the tooltip, and with a larger one the number is not shown. */
const ERROR_SHOWN_MIN = 0.03;
const ERROR_MAX = 0.25;

/** The most visitors that a site can have, by all odds where they are estimated. No row of a list has more in the same range. */
export function mostVisitors({ visitors, error = 0 }: Traffic['total']): number {
  return visitors + 2 * error;
}

/** `siteVisitors`: see above. */
export function visitorsCell(row: Row, siteVisitors: number | undefined): Cell {
  const { least, most } = visitorsBetween(row, siteVisitors);
  if (least === most) return { text: number(least), title: LISTS.withRecord };
  const half = Math.ceil((most - least) / 2);
  const middle = least + half;
  const [shownLeast, shownMost] = [number(least), number(most)];
  if (half > ERROR_MAX * middle) {
    return { text: UNKNOWN, title: LISTS.visitorsUncertain(shownLeast, shownMost), isReadOut: true };
  }
  const text = half > ERROR_SHOWN_MIN * middle ? `≈ ${number(middle)}` : number(middle);
  return { text, title: LISTS.withRecordBetween(shownLeast, shownMost), isReadOut: true };
}

function visitorsBetween(row: Row, siteVisitors = Number.POSITIVE_INFINITY): { least: number; most: number } {
  const { views, error = 0, visitors = 0, visitorsError = 0 } = row;
  const certain = Math.max(0, visitors - visitorsError);
  const most = Math.min(visitors + visitorsError, views + error, Math.max(siteVisitors, certain));
  return { least: Math.min(certain, most), most };
}
