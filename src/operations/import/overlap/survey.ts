// Looks through a log for lines that other logs have counted, before it counts them: only when it has lines of hours
// that others have lines of.
import type { FoldPool } from '../fold-pool.js';
import type { directivesAfter } from '../formats/w3c.js';
import type { LogStream } from '../log-stream.js';
import { wholeLines } from '../ranges.js';
import { createMatcher, joined, type Match, type Part } from './match.js';
import type { StoredHours } from './stored-logs.js';
import { SECONDS, type SurveyedLines } from './surveyed-lines.js';

export interface SurveyOptions {
  readonly stored: StoredHours;
  /** Parts of the log that are known before it is looked at. */
  readonly counted: readonly Part[];
  readonly pool: Pick<FoldPool, 'threads' | 'survey'>;
  /** The log from its beginning. */
  readonly open: () => LogStream;
  readonly path: string;
  readonly follow: typeof directivesAfter;
  readonly isFinal: boolean;
  /** Later lines are not counted. */
  readonly untilMs: number;
  readonly isStopped: () => boolean;
}

export interface Survey {
  /** Whether it is known of this place of the log. */
  covers(position: number): boolean;
  /** Looks from a place at which a line begins as far as there may be such lines. */
  from(position: number, directives: string): Promise<void>;
  /** The parts of a range that are known, from its beginning. */
  knownIn(from: number, to: number): Part[];
  /** New lines from between the lines of other logs. */
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
      return joined([...within(options.counted, from, to), ...within(known, from, to)]);
    },
    besideLines: () => beside,
  };
}

function within(parts: readonly Part[], from: number, to: number): Part[] {
  const found: Part[] = [];
  for (let at = firstBehind(parts, from); at < parts.length; at++) {
    const [begin, end] = parts[at] as Part;
    if (begin >= to) break;
    found.push([Math.max(begin, from) - from, Math.min(end, to) - from]);
  }
  return found;
}

/** The first part that ends behind a place. */
function firstBehind(parts: readonly Part[], place: number): number {
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
        lines.catch(() => {}); // met below, when its turn comes
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

/** An hour is over when no line of it has come for two others; see HourTrace. */
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
