// Writes hits, observations and refusals as lines of the journal, and reads them back. Tabs separate the fields. Texts
// of a request contain no tabs, because parsing replaces control characters (src/hit/text.ts).
//
// A view is one line (line-format.ts). Its observations (src/hit/observation.ts) are separate lines, which contain
// neither the view's browser nor its title. Times are rounded down to five minutes or to the UTC day before they are
// written. Equal lines may be written as one line that ends with their number.
import type { AcceptedHit, Hit, NotCounted, Refusal } from '../hit/hit.js';
import type { Observation } from '../hit/observation.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { LINE_FORMAT, type LineFormat } from './line-format.js';
import { FIELDS, observationLine, readObservation } from './observation-line.js';

export type Parsed =
  | { readonly hit: Hit }
  /** `times`: the number of equal lines that this line represents. */
  | { readonly observation: Observation; readonly times: number }
  | { readonly refusal: Refusal };

/** No line is longer, because src/hit/text.ts and src/hit/facets/event.ts limit the length of texts. */
export const LINE_BYTES_MAX = 4096;

/** The lines of a hit and its observations. A ping itself has no line, only its observations do. */
export function linesOf({ hit, observations }: Pick<AcceptedHit, 'hit' | 'observations'>): string {
  let lines = hit.kind === 'ping' ? '' : hitLine(hit);
  for (const observation of observations) lines += observationLine(observation);
  return lines;
}

export const hitLine: (hit: Hit) => string = LINE_FORMAT.hitLine;

export function refusalLine(refusal: Refusal): string {
  const line = `r\t${refusal.site}\t${Math.floor(refusal.receivedAtMs / FIVE_MINUTES_MS)}\t${refusal.day}\t${refusal.reason}`;
  return refusal.hits === 1 ? `${line}\n` : `${line}\t${refusal.hits}\n`;
}

/** Reads the lines of segments. The function returns undefined for a text that is not a line. */
export function createLineReader(format: LineFormat = LINE_FORMAT): (line: string) => Parsed | undefined {
  const reader = format.createReader();
  return (line) => {
    const fields = line.split('\t');
    const kind = fields[0] as string;
    if (kind === 'v' || kind === 'e') {
      const hit = reader.hit(fields);
      return hit && { hit };
    }
    const count = FIELDS[kind];
    if (count === undefined || fields.length < count || fields.length > count + 1) return undefined;
    const times = fields.length === count ? 1 : Number(fields[count]);
    if (kind === 'r') return { refusal: refusalOf(fields, times) };
    return { observation: readObservation(fields, reader), times };
  };
}

function refusalOf(f: string[], hits: number): Refusal {
  const [, site, fiveMinutes, day, reason] = f as [string, string, string, string, NotCounted];
  return { site, day, receivedAtMs: Number(fiveMinutes) * FIVE_MINUTES_MS, reason, hits };
}

/**
 * When the hit of a line was received, rounded down to five minutes; undefined if the line contains only the day.
 * Milliseconds since 1970.
 */
export function receivedAtMs(line: string): number | undefined {
  if (!'verh'.includes(line[0] as string)) return undefined;
  const start = line.indexOf('\t', 2) + 1;
  return Number(line.slice(start, line.indexOf('\t', start))) * FIVE_MINUTES_MS;
}
