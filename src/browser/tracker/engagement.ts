// Measures how long a page is read, and how far down. A second counts if the page is visible and the visitor did something
// in the half minute before it, so that a page left open does not count.

import type { Fields } from './send.js';

/** People read for this long without touching anything. */
const STILL_SECONDS_MAX = 30;

let engagedSeconds = 0;
let stillSeconds = 0;
let deepest = 0;
/** What was already sent for this view. */
let sent: [seconds?: number, depth?: number] = [];

/** A new view begins. */
export function begin(): void {
  engagedSeconds = stillSeconds = deepest = 0;
  sent = [];
}

/** `tick` is called every second and must call `second`. */
export function watch(tick: () => void): void {
  for (const type of ['scroll', 'keydown', 'pointerdown', 'pointermove', 'visibilitychange']) {
    addEventListener(
      type,
      () => {
        stillSeconds = 0;
      },
      true,
    );
  }
  setInterval(tick, 1000);
}

/** Measured only once a second, since reading the height of a page can be expensive. */
export function second(): void {
  if (!document.hidden && stillSeconds++ < STILL_SECONDS_MAX) {
    engagedSeconds++;
    measure();
  }
}

/** Measures how far down the page the lower edge of the window is, from 0 to 100 percent. */
export function measure(): void {
  deepest = Math.max(deepest, Math.min(100, Math.round((100 * (scrollY + innerHeight)) / document.documentElement.scrollHeight)));
}

/** * Returns the totals of the view and the totals that were sent before, so that several pings of a view count once. Returns
 * `undefined` if nothing is new.
 */
export function take(): Fields | undefined {
  const [o, d] = sent;
  if (engagedSeconds > (o || 0) || deepest > (d || 0)) {
    sent = [engagedSeconds, deepest];
    return { x: engagedSeconds, y: deepest, o, d };
  }
}
