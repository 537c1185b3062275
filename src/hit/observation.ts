// Observations: what a view or a ping reveals about its visit, and, once the view is counted, about its browser. They are
// counted, but stored separately from the view, in their own lines and files. So a journal does not show which view
// followed which.

import type { LocalTime } from '../time/calendar.js';
import type { SplitOffValues } from './facets/index.js';
import type { NewInPeriod } from './record.js';
import type { AcceptedPing, ObservationCore, Presence, Reading, Step, Transition } from './visit.js';

export type { AcceptedPing, Presence, Reading, Step, Transition } from './visit.js';
export { classOf, DEPTH_CLASSES, READING_CLASSES, SINCE_CLASSES, VISIT_CLASSES } from './visit.js';

/** The durations of steps. It contains no page. */
export interface Pauses extends ObservationCore {
  readonly kind: 'pauses';
  readonly hour: LocalTime['hour'];
  /** The number of pauses. `seconds`: their duration together. */
  readonly pauses: number;
  readonly seconds: number;
  readonly afterEntry: boolean;
}

/** The technology of a view on this local day. It contains no page. */
export interface TechnologySeen extends ObservationCore, SplitOffValues {
  readonly kind: 'technology';
  /** The longest period of which the view is the browser's first. */
  readonly first: NewInPeriod;
}

/** A page was viewed on this local day with a device of this kind. */
export interface PageDevice extends ObservationCore {
  readonly kind: 'page-device';
  readonly path: string;
  readonly device: string;
}

export type Observation = Presence | Step | Pauses | Transition | TechnologySeen | PageDevice | Reading | AcceptedPing;

const NONE: readonly string[] = [];

/** The pages that an observation is about, each of them once. */
export function pagesOf(observation: Observation): readonly string[] {
  if (observation.kind === 'reading' || observation.kind === 'page-device') return [observation.path];
  if (observation.kind !== 'step' && observation.kind !== 'transition') return NONE;
  const { from, to } = observation;
  return from === to ? [from] : [from, to];
}
