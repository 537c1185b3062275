// What is left of a request once it has been parsed: no address, no user agent, nothing that names a person.
// Counting is a pure function of these values, so every setting of the site has been applied before.
import type { LocalTime } from '../time/calendar.js';
import type { HitKind } from './draft.js';
import type { Facet } from './facet.js';
import { FACETS, type FacetValues } from './facets/index.js';
import type { Observation } from './observation.js';
import type { Refusal } from './refusal.js';

export type { Technology } from './agent.js';
export type { HitKind } from './draft.js';
export type { SiteEvent } from './facets/event.js';
export type { Referrer } from './facets/referrer.js';
export type { Sizes } from './facets/sizes.js';
export { isSplit } from './facets/technology.js';
export type { FirstOf, Visitor } from './record.js';
export { NO_SITE, NOT_COUNTED, type NotCounted, type Refusal } from './refusal.js';
export type { Medium } from './tables/sources.js';

export interface HitCore {
  readonly kind: HitKind;
  readonly site: string;
  /**
   * When the server took it, in a journal cut to the five minutes; for a line of an imported log, when its byte range was read.
   * Milliseconds since 1970, UTC.
   */
  readonly receivedAtMs: number;
  /** When it happened; the same as `receivedAtMs` except for an imported log. Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly at: LocalTime;
}

export type Hit = HitCore & FacetValues;

/** A hit that is being built. */
export type HitDraft = { -readonly [Field in keyof Hit]: Hit[Field] };

/** Of a list of facets other than the usual one: for tests. */
export type AnyFacet = Facet<string, unknown>;

/** A view of which nothing is known: neither site nor times, and every facet is empty. To be filled in. */
export function emptyHit(): HitDraft {
  return { ...EMPTY };
}

/** The same for a list of facets. All copies have one shape, so that the code that reads hits stays fast. */
export function emptyHitOf(facets: readonly AnyFacet[]): HitDraft {
  const values = Object.fromEntries(facets.map(({ name, empty }) => [name, empty]));
  const core: HitCore = { kind: 'view', site: '', receivedAtMs: Number.NaN, atMs: Number.NaN, at: NO_TIME };
  return { ...core, ...(values as FacetValues) };
}

const NO_TIME: LocalTime = { day: '', hour: '', minute: '' };
const EMPTY = emptyHitOf(FACETS);

/**
 * One point of a unique-visitor sketch. It is kept in the sketch of its site and day alone: no file says which hit it
 * came with.
 */
export interface Point {
  readonly site: string;
  readonly day: string;
  readonly receivedAtMs: number;
  /** `first`: from the browser's own record; `second`: from a keyed hash, for hits without a record. */
  readonly sketch: 'first' | 'second';
  /** 0 to 4095. */
  readonly register: number;
  /** 1 to 32. */
  readonly rank: number;
}

/** What the beacon makes of a request that it counts. */
export interface Taken {
  /** A ping is not counted as a hit: it is only shown to people who are watching the site. */
  readonly hit: Hit;
  readonly observations: readonly Observation[];
  readonly point: Point | undefined;
}

export type Parsed = Taken | { readonly refused: Refusal };
