// A request while it is being parsed. The parse steps (parse.ts) and the facets (facets/) read from it.
import type { LocalTime } from '../time/calendar.js';
import type { Recognised } from './agent.js';
import type { Fields } from './fields.js';
import type { Page } from './page.js';
import type { MeasuredSite } from './prepared-site.js';
import type { ReadRecord } from './record.js';

export type HitKind = 'view' | 'event' | 'ping';

/** The parts of a request that are used. Absent headers are empty. */
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
  /** Counts a hit of this address for this site, and returns whether it is within the limits. */
  allows(address: string, site: string): boolean;
}

export interface Draft {
  readonly request: BeaconRequest;
  readonly context: ParseContext;
  readonly fields: Fields;
  readonly kind: HitKind;
  readonly measured: MeasuredSite;
  /** The time of receipt in the site's time zone. */
  readonly at: LocalTime;
  // The steps before the facets (parse.ts) set these, because several facets need them.
  page: Page;
  recognised: Recognised;
  /** Undefined if the browser keeps no record, or if the record must not be used. */
  record: ReadRecord | undefined;
}

/** Whether the browser has asked not to be tracked and the site respects that. */
export function isSignalRespected({ request, measured }: Draft): boolean {
  return request.signal && measured.site.signals !== 'ignored';
}

/** Whether the browser has asked not to be tracked and the site then counts only the view, and nothing about the visitor. */
export function isViewsOnly(draft: Draft): boolean {
  return isSignalRespected(draft) && draft.measured.site.signals === 'views-only';
}
