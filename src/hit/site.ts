// A site and the settings that the beacon applies to its hits.

/** The effect of a browser's DNT or GPC signal: count it without a record, count only its views, or ignore the signal. */
export type Signals = 'without-record' | 'views-only' | 'ignored';

/** How long the documents of a grain are kept, in months. For an absent grain, the keep of each document kind applies. */
export interface SiteKeep {
  readonly day?: number | 'always';
  readonly month?: number | 'always';
  readonly year?: number | 'always';
}

export interface Site {
  readonly id: string;
  readonly title: string;
  /** An IANA name, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** Host names whose pages count, with or without `www.`. `*.example.com` matches all subdomains. Empty: any host counts. */
  readonly hosts: readonly string[];
  /** Addresses and CIDR ranges whose hits are not counted. */
  readonly excludedAddresses: readonly string[];
  /** Patterns of paths whose hits are not counted; see pattern.ts. */
  readonly excludedPaths: readonly string[];
  /** Host names, written as `hosts`. Views that come from them are counted as direct. */
  readonly excludedReferrers: readonly string[];
  /** Query parameters that are part of a page. All others are dropped. */
  readonly queryParameters: readonly string[];
  /** Whether the tracker may keep its record in the browser. */
  readonly storage: 'record' | 'none';
  readonly signals: Signals;
  readonly keep?: SiteKeep;
  readonly createdAtMs: number;
}

/** 2 to 63 lower-case letters, digits and inner hyphens. No `:`, because that follows the site in the id of a document. */
export const SITE_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
