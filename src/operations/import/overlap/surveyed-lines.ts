// Finds the lines of a range that other logs may have counted, and hashes them: lines from hours of which other logs
// have lines.
import { createSiteReader } from '../../../hit/prepared-site.js';
import { emptyLine } from '../formats/log-line.js';
import { createLogReader } from '../formats/reader.js';
import { createDayRule } from '../limits.js';
import type { ImportSettings } from '../line-to-hit.js';
import { createHours, createLineHasher, secondOf } from './fingerprint.js';

/** The seconds of an hour. */
export const SECONDS = 3600;

export interface SurveyedLines {
  /** For each line its hour times 3600, plus the second within the hour. */
  readonly seconds: Float64Array<ArrayBuffer>;
  /** Two halves of a hash for each line. */
  readonly hashes: Uint32Array<ArrayBuffer>;
  /** Two numbers for each line: where it begins, and where the next line begins. */
  readonly places: Uint32Array<ArrayBuffer>;
  /** The hours of all lines of the range that would be counted if none were known; NaN when there are none. */
  readonly firstHour: number;
  readonly lastHour: number;
}

export function createRangeSurveyor(
  { site, key, format, days }: ImportSettings,
  isWatched: (hour: number) => boolean,
): (text: string, directives: string, untilMs: number) => SurveyedLines {
  const { calendar } = createSiteReader()(site);
  const line = emptyLine();
  const hash = { a: 0, b: 0 };
  const hashLine = createLineHasher(key);
  const hourOf = createHours();
  const notTakenOn = createDayRule(days);

  return (text, directives, untilMs) => {
    const read = createLogReader(format, { timezone: site.timezone }, directives);
    const seconds: number[] = [];
    const hashes: number[] = [];
    const places: number[] = [];
    let [firstHour, lastHour] = [Number.NaN, Number.NaN];
    for (let start = 0, next = 0; start < text.length; start = next) {
      const lineEnd = text.indexOf('\n', start);
      const end = lineEnd < 0 ? text.length : lineEnd;
      next = end + 1;
      if (read(text, start, end, line) !== 'request' || line.atMs > untilMs) continue;
      const { day } = calendar.localTime(line.atMs);
      if (notTakenOn(day) !== undefined) continue;
      const hour = hourOf(line.atMs, day);
      if (!(firstHour <= hour)) firstHour = hour;
      if (!(lastHour >= hour)) lastHour = hour;
      if (!isWatched(hour)) continue;
      hashLine(line, hash);
      seconds.push(hour * SECONDS + secondOf(line.atMs));
      hashes.push(hash.a, hash.b);
      places.push(start, next);
    }
    return {
      seconds: Float64Array.from(seconds),
      hashes: Uint32Array.from(hashes),
      places: Uint32Array.from(places),
      firstHour,
      lastHour,
    };
  };
}
