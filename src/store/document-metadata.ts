// What documents say about themselves. The keys are reserved: no report counts under them.

import { fromJson } from '../counters/codec/json.js';
import { type Counter, Counters } from '../counters/counters.js';
import { UnusableFile } from '../system/untrusted-files.js';
import { isDay } from '../time/dates.js';
import { DAY_MS } from '../time/units.js';

const RECEIVED = '@';
const SOURCES = '#';
/** The values under these keys are not counts. */
export const RESERVED: readonly string[] = [RECEIVED, SOURCES];

/** While the store is unavailable, hits may wait for days on a node's disk. Only later hits are recorded as late. */
const ON_TIME_MS = 5 * DAY_MS;

/**
 * Hits of this local day that are received after this time are recorded as late: four days after the end of the day,
 * or a few hours more or less, depending on its time zone.
 */
export function onTimeUntilMs(day: string): number {
  return Date.parse(day) + ON_TIME_MS;
}

/** Records that hits in this delta were received late, on that UTC day. */
export function markReceived(counters: Counters, receivedDay: string): void {
  counters.max(RECEIVED, receivedDay);
}

/** The last UTC day on which late hits of this document were received; empty if there were none. */
export function receivedOf(counters: Counters): string {
  return counters.text(RECEIVED);
}

/**
 * The year document, with a record of what was added to it: the months of the year's own collection (`source` is
 * empty) or of a late collection (its year), up to this part of the year's archive.
 */
export function withSource(counters: Counters, source: string, part: number): Counters {
  return withSources(counters, (sources) => sources.set(nameOf(source), part));
}

/** The last part of this source that a year document contains; 0: none. */
export function partOfSource(counters: Counters, source: string): number {
  return counters.below(SOURCES).get(nameOf(source));
}

function nameOf(source: string): string {
  return source === '' ? 'year' : `late${source}`;
}

/** Validates a document that was parsed from an untrusted file. Throws an UnusableFile that contains `location`. */
export function documentFromJson(location: string, value: unknown): Counters {
  let problem: string | undefined;
  try {
    const counters = fromJson(value);
    problem = problemOfMetadata(counters);
    if (problem === undefined) return counters;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problem = error.message;
  }
  throw new UnusableFile(`${location} is not a document of counters: ${problem}`);
}

function problemOfMetadata(counters: Counters): string | undefined {
  const received = counters.fields.get(RECEIVED);
  if (received !== undefined && !(typeof received === 'string' && isDay(received))) return `"${RECEIVED}" does not contain a day`;
  const sources = counters.fields.get(SOURCES);
  if (sources === undefined) return undefined;
  const isLevel = sources instanceof Counters && [...sources.fields.values()].every((part) => typeof part === 'number');
  return isLevel ? undefined : `"${SOURCES}" does not contain the parts of a document`;
}

const ARCHIVED = 'archived';
const RESTORED = 'restored';

/**
 * The document, with a record that an archive contains it in its current state. Later hits are not in that archive.
 */
export function asArchived(counters: Counters): Counters {
  return withSources(counters, (sources) => sources.set(ARCHIVED, 1));
}

export function isArchived(counters: Counters): boolean {
  return counters.below(SOURCES).get(ARCHIVED) > 0;
}

/** The document, with a record that all parts of an archive up to this one were restored into it. */
export function restored(counters: Counters, part: number): Counters {
  return withSources(counters, (sources) => sources.set(RESTORED, part));
}

export function restoredParts(counters: Counters): number {
  return counters.below(SOURCES).get(RESTORED);
}

/** The document without what archiving and restoring have recorded in it. */
export function withoutArchiveState(counters: Counters): Counters {
  return withSources(counters, (sources) => {
    sources.delete(ARCHIVED);
    sources.delete(RESTORED);
  });
}

/** More than the number of parts that an archive of a year ever has. */
const ALL_PARTS = 1000;

/**
 * The document for another installation, whose archives have other parts. The summary remains complete there,
 * regardless of what was archived here.
 */
export function forOtherInstallation(counters: Counters): Counters {
  return withSources(counters, (sources) => {
    sources.delete(ARCHIVED);
    sources.delete(RESTORED);
    for (const name of sources.keys()) sources.set(name, ALL_PARTS);
  });
}

/** Returns a copy that shares all other levels. */
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
