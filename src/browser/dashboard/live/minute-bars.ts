// Views by minute of the last half hour. The server remembers them since its youngest process has started; for the minutes
// before, the counted five minutes are divided evenly.
import { FIVE_MINUTES_MS, MINUTE_MS } from '../../../time/units.js';

export const MINUTES_SHOWN = 30;

export interface MinuteBar {
  /** When the minute began. Milliseconds since 1970. */
  readonly atMs: number;
  readonly views: number;
}

export interface KnownMinutes {
  readonly nowMs: number;
  /** Views before this time may be missing. */
  readonly sinceMs: number;
  /** By the beginning of a minute. */
  viewsOf(atMs: number): number;
  /** By the beginning of five minutes; undefined where these are not known. */
  viewsOfFive(atMs: number): number | undefined;
}

/** Oldest first; the last one is not over. */
export function minuteBars({ nowMs, sinceMs, viewsOf, viewsOfFive }: KnownMinutes): MinuteBar[] {
  const last = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const isKnown = (atMs: number): boolean => atMs >= sinceMs;
  const estimate = (atMs: number): number => {
    const five = Math.floor(atMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
    const ofFive = [0, 1, 2, 3, 4].map((minute) => five + minute * MINUTE_MS).filter((minute) => minute <= last);
    const unknown = ofFive.filter((minute) => !isKnown(minute)).length;
    const remembered = ofFive.reduce((sum, minute) => sum + viewsOf(minute), 0);
    const others = Math.max(0, (viewsOfFive(five) ?? 0) - remembered);
    return viewsOf(atMs) + Math.round(others / unknown);
  };
  return Array.from({ length: MINUTES_SHOWN }, (_, index) => {
    const atMs = last - (MINUTES_SHOWN - 1 - index) * MINUTE_MS;
    return { atMs, views: isKnown(atMs) ? viewsOf(atMs) : estimate(atMs) };
  });
}
