// What documents say about themselves, beside what is counted. The keys are reserved: no collection counts under them.

import { fromJson } from '../counters/codec/json.js';
import { type Counter, Counters } from '../counters/counters.js';
import { UnusableFile } from '../system/untrusted-files.js';
import { isDay } from '../time/dates.js';
import { DAY_MS } from '../time/units.js';

const RECEIVED = '@';
const SOURCES = '#';
/** What stands under these keys is no counter of hits. */
export const RESERVED: readonly string[] = [RECEIVED, SOURCES];

/** A node's hits wait on its disk for days while the store is away; only what came later than that is written down. */
const ON_TIME_MS = 5 * DAY_MS;

/**
 * Hits of this local day that are received after this moment leave a mark: four days after its end, or a little more,
 * by its zone.
 */
export function onTimeUntilMs(day: string): number {
  return Date.parse(day) + ON_TIME_MS;
}

/** Says that something in this delta was received on that day, long after its own. */
export function markReceived(counters: Counters, receivedDay: string): void {
  counters.max(RECEIVED, receivedDay);
}

/** The last UTC day on which something of this document was received, where that was long after its own; empty else. */
export function receivedOf(counters: Counters): string {
  return counters.text(RECEIVED);
}

/**
 * The year document, saying what has gone into it: the months of the year's own collection (`''`), or of the hits
 * that came late in a year, up to those that go into this part of the year's archive.
 */
export function withSource(counters: Counters, source: string, part: number): Counters {
  return withSources(counters, (sources) => sources.set(nameOf(source), part));
}

/** The last part of this source that a year document holds; 0: none. */
export function partOfSource(counters: Counters, source: string): number {
  return counters.below(SOURCES).get(nameOf(source));
}

function nameOf(source: string): string {
  return source === '' ? 'year' : `late${source}`;
}

/** Validates a document that was parsed from an untrusted file. Throws an UnusableFile that names the place. */
export function documentFromJson(place: string, value: unknown): Counters {
  let problem: string | undefined;
  try {
    const counters = fromJson(value);
    problem = problemOfMarks(counters);
    if (problem === undefined) return counters;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problem = error.message;
  }
  throw new UnusableFile(`${place} is not a document of counters: ${problem}`);
}

function problemOfMarks(counters: Counters): string | undefined {
  const received = counters.fields.get(RECEIVED);
  if (received !== undefined && !(typeof received === 'string' && isDay(received))) return `"${RECEIVED}" does not hold a day`;
  const sources = counters.fields.get(SOURCES);
  if (sources === undefined) return undefined;
  const isLevel = sources instanceof Counters && [...sources.fields.values()].every((part) => typeof part === 'number');
  return isLevel ? undefined : `"${SOURCES}" does not hold the parts of a document`;
}

const STAMP = 'archived';
const RESTORED = 'restored';

/** The document, saying that an archive holds it as it is: what is counted into it from now on is not in that. */
export function stamped(counters: Counters): Counters {
  return withSources(counters, (sources) => sources.set(STAMP, 1));
}

export function isStamped(counters: Counters): boolean {
  return counters.below(SOURCES).get(STAMP) > 0;
}

/** The document, saying which parts of an archive were put back into it: all up to this one. */
export function restored(counters: Counters, part: number): Counters {
  return withSources(counters, (sources) => sources.set(RESTORED, part));
}

export function restoredParts(counters: Counters): number {
  return counters.below(SOURCES).get(RESTORED);
}

/** The document without what archiving and restoring write into it. */
export function withoutMarks(counters: Counters): Counters {
  return withSources(counters, (sources) => {
    sources.delete(STAMP);
    sources.delete(RESTORED);
  });
}

/** More than an archive of a year ever has parts. */
const ALL_PARTS = 1000;

/**
 * The document as it goes to another installation, where archives have other parts: what is in a summary is in it
 * there, whatever was archived.
 */
export function withoutPlace(counters: Counters): Counters {
  return withSources(counters, (sources) => {
    sources.delete(STAMP);
    sources.delete(RESTORED);
    for (const name of sources.keys()) sources.set(name, ALL_PARTS);
  });
}

/** A copy; all other levels are shared. */
function withSources(counters: Counters, change: (sources: Map<string, Counter>) => void): Counters {
  const copy = new Counters();
  for (const [key, value] of counters.fields) copy.fields.set(key, value);
  const sources = new Counters();
  for (const [name, value] of counters.below(SOURCES).fields) sources.fields.set(name, value);
  change(sources.fields);
  if (sources.fields.size > 0) copy.fields.set(SOURCES, sources);
  else copy.fields.delete(SOURCES);
  return copy;
}
