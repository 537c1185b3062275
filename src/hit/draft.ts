// A request on its way to become a hit: what the parse steps and the facets (facets/) read from.
import type { LocalTime } from '../time/calendar.js';
import type { Recognised } from './agent.js';
import type { Fields } from './fields.js';
import type { Page } from './page.js';
import type { MeasuredSite } from './prepared-site.js';
import type { ReadRecord } from './record.js';

export type HitKind = 'view' | 'event' | 'ping';

/** The parts of a request that are read; nothing else of it is looked at. Absent headers are empty. */
export interface BeaconRequest {
  /** The query string or form body, without `?`. */
  readonly query: string;
  readonly userAgent: string;
  readonly referer: string;
  readonly acceptLanguage: string;
  readonly brands: string;
  readonly mobile: string;
  readonly platform: string;
  /** Purpose, Sec-Purpose or X-Moz. */
  readonly purpose: string;
  /** DNT: 1 or Sec-GPC: 1. */
  readonly signal: boolean;
  readonly address: string;
  readonly receivedAtMs: number;
}

export interface ParseContext {
  site(id: string): MeasuredSite | undefined;
  /** The random key of a calendar date, `2026-11-20`. */
  salt(day: string): Buffer;
  /** Whether one more hit of this address, for this site, is within the limits. */
  allows(address: string, site: string): boolean;
}

export interface Draft {
  readonly request: BeaconRequest;
  readonly context: ParseContext;
  readonly fields: Fields;
  readonly kind: HitKind;
  readonly measured: MeasuredSite;
  /** When it was received, in the site's time zone. */
  readonly at: LocalTime;
  /** Set by the steps before the facets (parse.ts), because several facets need them. */
  page: Page;
  recognised: Recognised;
  /** Undefined when the browser keeps no record, or when it must not be used. */
  record: ReadRecord | undefined;
}

/** The visitor's browser has asked not to be tracked, and the site heeds that. */
export function isSignalled({ request, measured }: Draft): boolean {
  return request.signal && measured.site.signals !== 'ignored';
}

/** The browser has asked not to be tracked, and the site then counts the view and nothing else of the visitor. */
export function isViewsOnly(draft: Draft): boolean {
  return isSignalled(draft) && draft.measured.site.signals === 'views-only';
}
