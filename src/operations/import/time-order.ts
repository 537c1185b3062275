// Detects whether the times of a log go back. Servers write logs in order of time, so a log that starts over was
// joined from several logs. Lines that two of these have in common are counted twice, because only the lines of
// different files are compared.

/** A request is logged when it ends, but with the time when it began, which may be this much earlier. */
const BACK_MS = 3_600_000;
/** Every log has a few requests that took even longer, so fewer lines than this do not matter. */
const LINES_IN_A_ROW = 3;

export interface GoesBack {
  /** The line, counted from 1, at which the times go back. */
  readonly line: number;
  /** How far they go back. */
  readonly ms: number;
}

/** The order of times in one part of a log. */
export interface TimeOrder {
  /** All lines of the part. */
  readonly lines: number;
  /** The number of the first line with a time. */
  readonly firstLine: number;
  /** The latest time of the first few lines; infinite when there are fewer lines than that. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The first place where the times go back. */
  readonly back?: GoesBack;
}

/** The order of an empty part. Everything before it happened at `lastMs` at the latest. */
export function orderFrom(lastMs: number): TimeOrder {
  return { lines: 0, firstLine: 0, firstMs: Number.POSITIVE_INFINITY, lastMs };
}

/** Adds the part that follows. */
export function addOrder(one: TimeOrder, other: TimeOrder): TimeOrder {
  const behind = other.back && { ...other.back, line: one.lines + other.back.line };
  const isBack = other.firstMs < one.lastMs - BACK_MS;
  const back = one.back ?? (isBack ? { line: one.lines + other.firstLine, ms: one.lastMs - other.firstMs } : behind);
  return {
    lines: one.lines + other.lines,
    firstLine: one.firstLine,
    firstMs: one.firstMs,
    lastMs: Math.max(one.lastMs, other.lastMs),
    ...(back && { back }),
  };
}

export function createTimeOrder(): { line(): void; at(atMs: number): void; found(): TimeOrder } {
  let [lines, timed, firstLine, firstMs, lastMs] = [0, 0, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let inARow = 0;
  let begins: GoesBack = { line: 0, ms: 0 };
  let back: GoesBack | undefined;
  return {
    line() {
      lines++;
    },
    /** The time of the line that was added last. */
    at(atMs) {
      if (++timed === 1) firstLine = lines;
      if (timed <= LINES_IN_A_ROW) firstMs = Math.max(firstMs, atMs);
      if (atMs >= lastMs - BACK_MS) {
        inARow = 0;
        if (atMs > lastMs) lastMs = atMs;
        return;
      }
      if (++inARow === 1) begins = { line: lines, ms: lastMs - atMs };
      if (inARow === LINES_IN_A_ROW) back ??= begins;
    },
    found() {
      const hasEnough = timed >= LINES_IN_A_ROW;
      return { lines, firstLine, firstMs: hasEnough ? firstMs : Number.POSITIVE_INFINITY, lastMs, ...(back && { back }) };
    },
  };
}
