// The visitors of a row of a list. Of a range that is no whole day, month or year, only the least and the most possible is known.
import type { Row } from './answers.js';
import { number } from './format.js';
import type { Cell } from './list-view.js';
import { LISTS, UNKNOWN } from './texts.js';

/** In parts of the number: a smaller error is only in the tooltip, and with a larger one the number is not shown. */
const ERROR_SHOWN_MIN = 0.03;
const ERROR_MAX = 0.25;

/** `siteVisitors`: those of the whole site in the same range, where they are known. No row has more. */
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
  const most = Math.min(visitors + visitorsError, views + error, siteVisitors);
  return { least: Math.max(0, Math.min(visitors - visitorsError, most)), most };
}
