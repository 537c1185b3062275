// Views by minute of the last half hour. The server remembers them since its youngest process has started. Of the minutes
// before, only the counted five minutes are known: what they have beyond the remembered views is one bar.
import { FIVE_MINUTES_MS, MINUTE_MS } from '../../../time/units.js';

export const MINUTES_SHOWN = 30;

export interface MinuteBar {
  /** When the first of its minutes began. Milliseconds since 1970. */
  readonly atMs: number;
  readonly minutes: number;
  readonly views: number;
  /** Counted in five minutes: it is not known in which of them the views were. */
  readonly isEstimated?: boolean;
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
  const first = last - (MINUTES_SHOWN - 1) * MINUTE_MS;
  const barsOfFive = (five: number): MinuteBar[] => {
    const all = [0, 1, 2, 3, 4].map((minute) => five + minute * MINUTE_MS).filter((atMs) => atMs <= last);
    const shown = all.filter((atMs) => atMs >= first);
    const singles = (of: readonly number[]) => of.map((atMs) => ({ atMs, minutes: 1, views: viewsOf(atMs) }));
    const others = (viewsOfFive(five) ?? 0) - sum(all.map(viewsOf));
    const unknown = all.filter((atMs) => atMs < sinceMs);
    const inBlock = shown.filter((atMs) => atMs < sinceMs);
    if (others <= 0 || inBlock.length === 0) return singles(shown);
    const views = Math.round((others * inBlock.length) / unknown.length) + sum(inBlock.map(viewsOf));
    const block = { atMs: inBlock[0] as number, minutes: inBlock.length, views, isEstimated: unknown.length > 1 };
    return [block, ...singles(shown.slice(inBlock.length))];
  };
  const fives: number[] = [];
  for (let at = startOfFive(first); at <= last; at += FIVE_MINUTES_MS) fives.push(at);
  return fives.flatMap(barsOfFive);
}

function startOfFive(atMs: number): number {
  return Math.floor(atMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
}

export interface Summary {
  readonly views: number;
  /** In a single minute; absent where not all of them are known. */
  readonly most?: number;
  /** When the last estimated bar ends. */
  readonly estimatedUntilMs?: number;
  /** Some of these views may have been before the half hour. */
  readonly isRough?: boolean;
}

export function summaryOf(bars: readonly MinuteBar[]): Summary {
  const views = sum(bars.map((bar) => bar.views));
  const estimated = bars.filter(({ isEstimated }) => isEstimated);
  const [first, last] = [estimated[0], estimated.at(-1)];
  if (first === undefined || last === undefined) return { views, most: Math.max(0, ...bars.map((bar) => bar.views)) };
  const isRough = first === bars[0] && startOfFive(first.atMs) !== first.atMs;
  return { views, estimatedUntilMs: last.atMs + last.minutes * MINUTE_MS, isRough };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
