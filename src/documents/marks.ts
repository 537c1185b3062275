// What documents say about themselves, beside what is counted. The keys are reserved: no collection counts under them.
import type { Counters } from '../counters/counters.js';

const RECEIVED = '@';
const SOURCES = '#';

const DAY_MS = 86_400_000;
/** A node's hits wait on its disk for days while the store is away; only what came later than that is written down. */
const ON_TIME_MS = 5 * DAY_MS;

/** Hits of this local day that are received after this moment leave a mark: four days after its end, or a little more, by its zone. */
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

/** Says what has gone into a year document: the months of the year's own collection (`''`) or of the hits that came late in a year. */
export function markSource(counters: Counters, source: string): void {
  counters.at(SOURCES).sum(nameOf(source));
}

/** How many parts of this source a year document holds. */
export function partsOfSource(counters: Counters, source: string): number {
  return counters.below(SOURCES).get(nameOf(source));
}

function nameOf(source: string): string {
  return source === '' ? 'year' : `late${source}`;
}
