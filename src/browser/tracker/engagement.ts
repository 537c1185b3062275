// How long a page was really read, and how far down. A second counts when the page is visible and there was a sign of life in the
// half minute before it: a page left open counts nothing.

import type { Fields } from './send.js';

/** People read this long without touching anything. */
const STILL_SECONDS_MAX = 30;

let engagedSeconds = 0;
let stillSeconds = 0;
let deepest = 0;
/** What has been told of the view. */
let told: [seconds?: number, depth?: number] = [];

/** A new view begins. */
export function begin(): void {
  engagedSeconds = stillSeconds = deepest = 0;
  told = [];
}

/** `tick` is called each second, and is to call `second`. */
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

/** Looked at once a second, since a page's height can be dear to measure. */
export function second(): void {
  if (!document.hidden && stillSeconds++ < STILL_SECONDS_MAX) {
    engagedSeconds++;
    measure();
  }
}

/** How far down the page the lower edge of the window is, 0 to 100. */
export function measure(): void {
  deepest = Math.max(deepest, Math.min(100, Math.round((100 * (scrollY + innerHeight)) / document.documentElement.scrollHeight)));
}

/**
 * All that is known of the view, and what of it was told before: a view is told in several pings, and counted once.
 * Undefined: nothing is new.
 */
export function take(): Fields | undefined {
  const [o, d] = told;
  if (engagedSeconds > (o || 0) || deepest > (d || 0)) {
    told = [engagedSeconds, deepest];
    return { x: engagedSeconds, y: deepest, o, d };
  }
}
