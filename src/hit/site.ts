// What is measured, and the settings that act on its hits at the beacon.

/** What a browser's DNT or GPC signal does: count it without a record, count views only, or count it as any other. */
export type Signals = 'without-record' | 'views-only' | 'ignored';

/** How long documents of a grain are kept, in months. What is not named is kept as each collection says. */
export interface SiteKeep {
  readonly day?: number | 'always';
  readonly month?: number | 'always';
  readonly year?: number | 'always';
}

export interface Site {
  readonly id: string;
  readonly title: string;
  /** IANA name. */
  readonly timezone: string;
  /** Host names whose pages count, `www.` or not; `*.example.com` takes every name below it; empty: any. */
  readonly hosts: readonly string[];
  /** Addresses and ranges (CIDR) whose hits are left out. */
  readonly excludedAddresses: readonly string[];
  /** Query parameters that are part of a page; all others are dropped. */
  readonly queryParameters: readonly string[];
  /** Whether the tracker may keep its record in the browser. */
  readonly storage: 'record' | 'none';
  readonly signals: Signals;
  readonly keep?: SiteKeep;
  readonly createdAtMs: number;
}

/** Lower-case letters, digits and inner hyphens, 2 to 63 of them: short, URL-safe, and never a document's separator. */
export const SITE_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
