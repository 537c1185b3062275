// A site with its settings in a form that is fast to use for every hit.

import { type Calendar, createCalendar } from '../time/calendar.js';
import { createAddressRule } from './address.js';
import { createHostRule } from './page.js';
import { createPathRule } from './pattern.js';
import type { Site } from './site.js';

export interface MeasuredSite {
  readonly site: Site;
  readonly calendar: Calendar;
  /** The earliest possible time of a view of the site. Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly isOwnHost: (host: string) => boolean;
  readonly isExcluded: (address: string) => boolean;
  readonly isExcludedPath: (path: string) => boolean;
  readonly isExcludedReferrer: (host: string) => boolean;
}

/** The clock of the server that created the site may differ from that of the server that accepts its hits. */
const GRACE_MS = 60_000;

/** Returns a function that prepares sites. Sites in one time zone share a calendar. */
export function createSiteReader(): (site: Site) => MeasuredSite {
  const calendars = new Map<string, Calendar>();
  return (site) => {
    let calendar = calendars.get(site.timezone);
    if (calendar === undefined) {
      calendar = createCalendar(site.timezone);
      calendars.set(site.timezone, calendar);
    }
    // an import that began before these settings existed has stored a site without them
    const { excludedPaths = [], excludedReferrers = [] } = site;
    return {
      site,
      calendar,
      sinceMs: sinceMs(site.createdAtMs, calendar),
      isOwnHost: createHostRule(site.hosts),
      isExcluded: createAddressRule(site.excludedAddresses),
      isExcludedPath: createPathRule(excludedPaths),
      isExcludedReferrer: createHostRule(excludedReferrers),
    };
  };
}

/** A little earlier than the creation of the site, but not on an earlier day. */
function sinceMs(createdAtMs: number, calendar: Calendar): number {
  const graceMs = createdAtMs - GRACE_MS;
  return calendar.localTime(graceMs).day === calendar.localTime(createdAtMs).day ? graceMs : createdAtMs;
}
