// Reads ahead in a log and finds lines that other logs have counted. This is needed only if the log has lines from hours
// of which other logs have lines.
import type { FoldPool } from '../fold-pool.js';
import type { directivesAfter } from '../formats/w3c.js';
import type { LogStream } from '../log-stream.js';
import { wholeLines } from '../ranges.js';
import { createMatcher, type Match, mergedParts, type Part } from './match.js';
import type { StoredHours } from './stored-logs.js';
import { SECONDS, type SurveyedLines } from './surveyed-lines.js';

export interface SurveyOptions {
  readonly stored: StoredHours;
  /** Parts of the log that are known without a comparison of lines. */
  readonly counted: readonly Part[];
  readonly pool: Pick<FoldPool, 'threads' | 'survey'>;
  /** Opens the log at its start. */
  readonly open: () => LogStream;
  readonly path: string;
  readonly follow: typeof directivesAfter;
  readonly isFinal: boolean;
  /** Later lines are not counted. */
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

export interface Survey {
  /** Whether this place of the log was surveyed. */
  covers(position: number): boolean;
  /** Surveys the log from the start of a line at `position` as far as it may contain such lines. */
  from(position: number, directives: string): Promise<void>;
  /** The known parts of a range, relative to its start. */
  knownIn(from: number, to: number): Part[];
  /** See Match in match.ts. */
  besideLines(): number;
}

export function createSurvey(options: SurveyOptions): Survey {
  const known: Part[] = [];
  let [begins, ends, beside] = [0, 0, 0];
  return {
    covers: (position) => begins <= position && position < ends,
    async from(position, directives) {
      const { match, to } = await survey(position, directives, options);
      [begins, ends] = [position, to];
      known.push(...match.known);
      beside += match.besideLines;
    },
    knownIn(from, to) {
      return mergedParts([...within(options.counted, from, to), ...within(known, from, to)]);
    },
    besideLines: () => beside,
  };
}

function within(parts: readonly Part[], from: number, to: number): Part[] {
  const found: Part[] = [];
  for (let at = firstAfter(parts, from); at < parts.length; at++) {
    const [begin, end] = parts[at] as Part;
    if (begin >= to) break;
    found.push([Math.max(begin, from) - from, Math.min(end, to) - from]);
  }
  return found;
}

/** The index of the first part that ends after a place. */
function firstAfter(parts: readonly Part[], place: number): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle] as Part)[1] <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

const SKIPPED_BYTES = 4 * 1024 * 1024;

async function survey(
  position: number,
  begin: string,
  { stored, pool, open, path, follow, isFinal, untilMs, isStopped }: SurveyOptions,
): Promise<{ match: Match; to: number }> {
  const matcher = createMatcher(stored);
  const lastWatched = stored.hours().reduce((last, hour) => Math.max(last, hour), 0);
  const log = open();
  const ahead: Array<{ from: number; to: number; lines: Promise<SurveyedLines> }> = [];
  let [directives, isEnd, hasPassed, to] = [begin, false, false, position];
  try {
    while (log.position() < position) {
      const skipped = await log.take(Math.min(SKIPPED_BYTES, position - log.position()));
      if (skipped.length === 0) break;
    }
    for (;;) {
      while (!isEnd && !isStopped() && ahead.length <= pool.threads) {
        const from = log.position();
        const bytes = new Uint8Array(await log.take((await wholeLines(log, path, isFinal)).length));
        isEnd = bytes.length === 0;
        if (isEnd) break;
        const next = follow(Buffer.from(bytes.buffer), directives);
        const lines = pool.survey({ bytes, directives, untilMs });
        lines.catch(() => {}); // handled below, in order
        ahead.push({ from, to: log.position(), lines });
        directives = next;
      }
      const first = ahead.shift();
      if (first === undefined) break;
      const lines = await first.lines;
      addLines(matcher, lines, first.from);
      to = first.to;
      hasPassed = lines.seconds.length === 0 && lines.firstHour > lastWatched;
      if (hasPassed) break;
    }
    await Promise.allSettled(ahead.map(({ lines }) => lines));
    return { match: matcher.finish(), to: isEnd && !hasPassed ? Number.POSITIVE_INFINITY : to };
  } finally {
    log.close();
  }
}

/** An hour is over two hours later; hours are numbered in steps of two (see createHours). */
const HOURS_LATE = 4;

function addLines(
  matcher: ReturnType<typeof createMatcher>,
  { seconds, hashes, places, lastHour }: SurveyedLines,
  from: number,
): void {
  for (let i = 0; i < seconds.length; i++) {
    const second = seconds[i] as number;
    const hash = { a: hashes[2 * i] as number, b: hashes[2 * i + 1] as number };
    const [begin, end] = [places[2 * i] as number, places[2 * i + 1] as number];
    matcher.add(Math.floor(second / SECONDS), second % SECONDS, hash, from + begin, from + end);
  }
  if (!Number.isNaN(lastHour)) matcher.passed(lastHour - HOURS_LATE);
}
