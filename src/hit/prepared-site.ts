// A site with its settings made ready for use on every hit.

import { type Calendar, createCalendar } from '../time/calendar.js';
import { createAddressRule } from './address.js';
import { createHostRule } from './page.js';
import type { Site } from './site.js';

export interface MeasuredSite {
  readonly site: Site;
  readonly calendar: Calendar;
  /** When the site was made: nothing that is told of an earlier time can have been here. */
  readonly sinceMs: number;
  readonly isOwnHost: (host: string) => boolean;
  readonly isExcluded: (address: string) => boolean;
}

/** Those who made the site and those who take its hits may have clocks of their own. */
const GRACE_MS = 60_000;

/** Sites of one time zone share its calendar. */
export function createSiteReader(): (site: Site) => MeasuredSite {
  const calendars = new Map<string, Calendar>();
  return (site) => {
    let calendar = calendars.get(site.timezone);
    if (calendar === undefined) {
      calendar = createCalendar(site.timezone);
      calendars.set(site.timezone, calendar);
    }
    return {
      site,
      calendar,
      sinceMs: sinceMs(site.createdAtMs, calendar),
      isOwnHost: createHostRule(site.hosts),
      isExcluded: createAddressRule(site.excludedAddresses),
    };
  };
}

/** A little earlier than the site was made, but on no day before. */
function sinceMs(createdAtMs: number, calendar: Calendar): number {
  const graceMs = createdAtMs - GRACE_MS;
  return calendar.localTime(graceMs).day === calendar.localTime(createdAtMs).day ? graceMs : createdAtMs;
}
