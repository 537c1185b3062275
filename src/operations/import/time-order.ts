// Whether the times of a log go back within it. Logs are written in order of time; where one begins again, it was
// joined of several, and what is in two of them is counted twice: only lines of different files are compared.

/** Requests are logged when they end: so much earlier one may have begun. */
const BACK_MS = 3_600_000;
/** A few that took longer still are in every log. */
const LINES_IN_A_ROW = 3;

export interface GoesBack {
  /** From 1. */
  readonly line: number;
  readonly ms: number;
}

/** Of a part of a log. */
export interface TimeOrder {
  /** All that there are in the part. */
  readonly lines: number;
  /** The number of the first line with a time, and the latest time of the first few; with fewer of them nothing is told. */
  readonly firstLine: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Where it does so first. */
  readonly back?: GoesBack;
}

/** `lastMs`: what came before is not later than this. */
export function orderFrom(lastMs: number): TimeOrder {
  return { lines: 0, firstLine: 0, firstMs: Number.POSITIVE_INFINITY, lastMs };
}

/** The second one follows the first. */
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
    /** Of the line that was told last. */
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
      const isTold = timed >= LINES_IN_A_ROW;
      return { lines, firstLine, firstMs: isTold ? firstMs : Number.POSITIVE_INFINITY, lastMs, ...(back && { back }) };
    },
  };
}
