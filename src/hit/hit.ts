// What is left of a request once it has been parsed: no address, no user agent, nothing that names a person.
// Counting is a pure function of these values, so whatever a setting decides is decided before and stands here.

import type { LocalTime } from '../time/calendar.js';
import type { Observation } from './observation.js';

export type HitKind = 'view' | 'event' | 'ping';

/**
 * The longest period whose first view something is: `y` the year's (so also the month's and the day's), `m`, `d`;
 * empty: of none.
 */
export type FirstOf = 'y' | 'm' | 'd' | '';

export type Medium = 'direct' | 'internal' | 'search' | 'social' | 'mail' | 'chat' | 'ai' | 'other';

export interface Referrer {
  readonly medium: Medium;
  /** A name from our own table (`Google`), else the registrable domain; empty when there is no outside referrer. */
  readonly source: string;
  /** Host name without `www.`; empty when there is no outside referrer. */
  readonly host: string;
  /** Path of the referring page, beginning with `/`; empty when there is no outside referrer. */
  readonly path: string;
}

/**
 * Everything here comes from closed lists, `other` included, except `version` (digits only). All of it is empty where
 * a view has been parted from its technology (observation.ts).
 */
export interface Technology {
  readonly browser: string;
  /** Major and minor version, `12-0`; empty when unknown. */
  readonly version: string;
  readonly platform: string;
  readonly device: string;
}

export function isParted({ browser }: Technology): boolean {
  return browser === '';
}

export interface Sizes {
  /** The classes are the lower bounds of ranges of CSS pixels, as text; `other` below the least, `unknown` when not sent. */
  readonly screenWidth: string;
  readonly windowWidth: string;
  readonly windowHeight: string;
}

/**
 * What may stand beside a view of the browser's own record. All else that the record says is kept apart from the view
 * (observation.ts). Everything is false or empty when there is no record.
 */
export interface Visitor {
  /** The browser keeps a record. Without one, none of the rest is known. */
  readonly record: boolean;
  /** Nothing but the view may be counted: the browser asks for it, and the site heeds that. */
  readonly viewsOnly: boolean;
  /** The longest period of which this is the browser's first view on the site. */
  readonly first: FirstOf;
  /** The same for the page, as far as the browser remembers its pages. */
  readonly firstOfPage: FirstOf;
  /** The first view of a visit. */
  readonly entry: boolean;
}

export interface SiteEvent {
  readonly name: string;
  readonly properties: ReadonlyArray<readonly [name: string, value: string]>;
}

export interface Hit {
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
  /** The page's path, beginning with `/`; empty for an unknown page. */
  readonly path: string;
  readonly title: string;
  readonly referrer: Referrer;
  readonly technology: Technology;
  readonly sizes: Sizes;
  /** Primary language subtag from a closed list, or `other`. */
  readonly language: string;
  readonly visitor: Visitor;
  readonly event: SiteEvent | undefined;
}

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

/** Why a hit was answered but not counted. The same words stand in the journal, in /health, in reports and in the docs. */
export const NOT_COUNTED = [
  'unknown-site',
  'foreign-host',
  'local-page',
  'excluded-address',
  'bot',
  'prefetch',
  'stale-ping',
  'bad-event',
  'too-large',
  'method',
  'too-many',
  // only from an imported log
  'asset',
  'status',
  'unreadable-line',
  'not-a-page',
  'future-line',
] as const;
export type NotCounted = (typeof NOT_COUNTED)[number];

/** The site under which refusals are kept that belong to none. Not a possible site id. */
export const NO_SITE = '-';

export interface Refusal {
  readonly site: string;
  readonly day: string;
  readonly receivedAtMs: number;
  readonly reason: NotCounted;
  readonly hits: number;
}

/** What the beacon makes of a request that it counts. */
export interface Taken {
  /** A ping is no hit of its own to count: it is for those who watch the site at the moment. */
  readonly hit: Hit;
  readonly observations: readonly Observation[];
  readonly point: Point | undefined;
}

export type Parsed = Taken | { readonly refused: Refusal };
