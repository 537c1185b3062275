// What is left of a request once it has been parsed: no address, no user agent, nothing that names a person.
// Counting is a pure function of these values, so whatever a setting decides is decided before and stands here.

export type HitKind = 'view' | 'event' | 'ping';

/** Where a hit belongs in time, in its site's zone. */
export interface LocalTime {
  /** Local calendar day, `2026-11-20`. */
  readonly day: string;
  /** Local hour, `02`; `02+` in the second pass of an hour that a clock change repeats, or of which it repeats a part. */
  readonly hour: string;
  /** The five minutes that it lies in, by their first one within the hour: `00`, `05` … `55`. */
  readonly minute: string;
}

/** The longest period whose first view something is: `y` the year's (so also the month's and the day's), `m`, `d`; empty: of none. */
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

/** Everything here comes from closed lists, `other` included, except `version` (digits only). */
export interface Technology {
  readonly browser: string;
  /** Major and minor version, `12-0`; empty when unknown. */
  readonly version: string;
  readonly platform: string;
  readonly device: string;
}

export interface Sizes {
  /** The classes are the lower bounds of ranges of CSS pixels, as text; `other` below the least, `unknown` when not sent. */
  readonly screenWidth: string;
  readonly windowWidth: string;
  readonly windowHeight: string;
}

/** What the browser's own record says of its visitor; every field is -1 or false when there is no record. */
export interface Visitor {
  /** The browser keeps a record. Without one, none of the rest is known. */
  readonly record: boolean;
  /** Nothing but the view may be counted: the browser asks for it, and the site heeds that. */
  readonly viewsOnly: boolean;
  readonly firstOfHour: boolean;
  readonly firstOfDay: boolean;
  readonly firstOfMonth: boolean;
  readonly firstOfYear: boolean;
  /** The first view that this browser's record knows of. */
  readonly firstEver: boolean;
  /** Seconds since the browser's last view on this site; -1 when none is known. */
  readonly ageSeconds: number;
  /** UTC days since its first view; 0 on the first day. */
  readonly firstViewDaysAgo: number;
  /** 1 for the first visit. */
  readonly visitNumber: number;
  /** 1 for the first page of a visit. */
  readonly pageNumber: number;
  /** Path of the page before this one within the visit; empty when there is none. */
  readonly previousPath: string;
  /** Seconds since this page was last viewed; -1 when it is not known to have been. */
  readonly pageAgeSeconds: number;
  /** Of which period this is the page's first view by this browser, as far as the browser remembers its pages. */
  readonly firstOfPage: FirstOf;
}

/** What a ping tells of its view, beyond what earlier pings of the same view have told. */
export interface Engagement {
  /** No ping of this view has come before. */
  readonly first: boolean;
  readonly engagedSeconds: number;
  /** Told by earlier pings. */
  readonly engagedBefore: number;
  /** Deepest point reached, 0 to 100 per cent of the page; at least `scrollBefore`. */
  readonly scrollPercent: number;
  readonly scrollBefore: number;
}

export interface SiteEvent {
  readonly name: string;
  readonly properties: ReadonlyArray<readonly [name: string, value: string]>;
}

export interface Hit {
  readonly kind: HitKind;
  readonly site: string;
  /** When the server took it; for a line of an imported log, when its byte range was read. Milliseconds since 1970, UTC. */
  readonly receivedAtMs: number;
  /** When it happened; the same as `receivedAtMs` except for an imported log. Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly at: LocalTime;
  /** The view that a ping belongs to, or the one before this within the visit. */
  readonly refersTo: LocalTime | undefined;
  /** The page's path, beginning with `/`; empty for an unknown page. */
  readonly path: string;
  readonly title: string;
  readonly referrer: Referrer;
  readonly technology: Technology;
  readonly sizes: Sizes;
  /** Primary language subtag from a closed list, or `other`. */
  readonly language: string;
  readonly visitor: Visitor;
  readonly engagement: Engagement | undefined;
  readonly event: SiteEvent | undefined;
}

/** One point of a unique-visitor sketch; kept apart from hits so that the journal cannot tie hits together by it. */
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
  'excluded-address',
  'bot',
  'prefetch',
  'stale-ping',
  'bad-event',
  'too-large',
  'method',
  // only from an imported log
  'asset',
  'status',
  'unreadable-line',
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

/** What the beacon makes of a request: a hit and perhaps a point, or a refusal. */
export type Parsed = { readonly hit: Hit; readonly point: Point | undefined } | { readonly refused: Refusal };
