// What a view or a ping tells about its visit, and, once a view is counted, its browser. It is counted, but kept
// apart from the view: in lines and files of its own, so that nobody can read off a journal which view came after
// which.

import type { LocalTime } from '../time/calendar.js';
import type { ApartValues } from './facets/index.js';
import type { FirstOf } from './record.js';
import type { PingTaken, Presence, Reading, Step, Told, Transition } from './visit.js';

export type { PingTaken, Presence, Reading, Step, Transition } from './visit.js';
export { classOf, DEPTH_CLASSES, READING_CLASSES, SINCE_CLASSES, VISIT_CLASSES } from './visit.js';

/** What steps tell of time. Names no page. */
export interface Pauses extends Told {
  readonly kind: 'pauses';
  readonly hour: LocalTime['hour'];
  /** How many there were, and how long they were together. */
  readonly pauses: number;
  readonly seconds: number;
  readonly afterEntry: boolean;
}

/** What a view, on this local day, was made with. Names no page. */
export interface TechnologySeen extends Told, ApartValues {
  readonly kind: 'technology';
  /** The longest period of which the view is the browser's first. */
  readonly first: FirstOf;
}

/** A page was viewed, on this local day, with such a device. */
export interface PageDevice extends Told {
  readonly kind: 'page-device';
  readonly path: string;
  readonly device: string;
}

export type Observation = Presence | Step | Pauses | Transition | TechnologySeen | PageDevice | Reading | PingTaken;

/** The page that an observation counts for; undefined where it counts for none. */
export function pageOf(observation: Observation): string | undefined {
  if (observation.kind === 'reading' || observation.kind === 'page-device') return observation.path;
  return observation.kind === 'step' || observation.kind === 'transition' ? observation.from : undefined;
}
