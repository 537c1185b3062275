// Notes what moves on a page by itself, as Chromium measures it. What somebody has chosen may move things, but is noted, too.
import type { Page } from 'playwright-core';

interface Shift {
  readonly value: number;
  readonly what: string;
}

/** Runs in the page, before its own scripts. */
export function watchShifts(): void {
  const shifts: Shift[] = [];
  Object.assign(globalThis, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Array<PerformanceEntry & { value: number; sources: Array<{ node?: Element }> }>) {
      const what = entry.sources.map(({ node }) => node?.id || node?.className || node?.nodeName).join();
      shifts.push({ value: entry.value, what });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** `largest`: what has moved most, for the message of a test that fails. */
export async function readShifts(page: Page): Promise<{ readonly sum: number; readonly largest: readonly string[] }> {
  const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: readonly Shift[] }).shifts);
  const largest = [...shifts].sort((a, b) => b.value - a.value).slice(0, 3);
  return {
    sum: shifts.reduce((sum, { value }) => sum + value, 0),
    largest: largest.map(({ value, what }) => `${value.toFixed(4)} ${what}`),
  };
}
