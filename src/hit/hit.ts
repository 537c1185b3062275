// A parsed request. It contains no address, no user agent and nothing else that identifies a person. Counting is a pure
// function of these values, so all settings of the site must have been applied before.
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
export type { NewInPeriod, Visitor } from './record.js';
export { NO_SITE, NOT_COUNTED, type NotCounted, type Refusal } from './refusal.js';
export type { Medium } from './tables/sources.js';

export interface HitCore {
  readonly kind: HitKind;
  readonly site: string;
  /**
   * When the server accepted the hit; in a journal rounded down to five minutes. For a line of an imported log, when its
   * byte range was read. Milliseconds since 1970, UTC.
   */
  readonly receivedAtMs: number;
  /** When the hit happened. Differs from `receivedAtMs` only for an imported log. Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly at: LocalTime;
}

export type Hit = HitCore & FacetValues;

/** A hit whose fields are still being set. */
export type HitDraft = { -readonly [Field in keyof Hit]: Hit[Field] };

/** A facet of any list. Only tests use other lists than the usual one. */
export type AnyFacet = Facet<string, unknown>;

/** Returns a view to be filled in: it has neither a site nor times, and every facet is empty. */
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
 * One point of a sketch of visitors. Only the sketch of its site and day contains it. No file contains which hit it
 * belongs to.
 */
export interface Point {
  readonly site: string;
  readonly day: string;
  readonly receivedAtMs: number;
  /** `first`: the browser's record has sent the point. `second`: it is a keyed hash, for hits without a record. */
  readonly sketch: 'first' | 'second';
  /** 0 to 4095. */
  readonly register: number;
  /** 1 to 32. */
  readonly rank: number;
}

/** The result of parsing a request that is counted. */
export interface AcceptedHit {
  /** For a ping this is not counted. It is only shown to people who are watching the site. */
  readonly hit: Hit;
  readonly observations: readonly Observation[];
  readonly point: Point | undefined;
}

export interface RefusedHit {
  readonly refused: Refusal;
  /** The host of a page that is refused for its host. It is not part of the refusal, which is stored. */
  readonly foreignHost?: string;
}

export type Parsed = AcceptedHit | RefusedHit;
