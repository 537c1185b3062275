// A site with its settings made ready for use on every hit.
import { createAddressRule } from './address.js';
import { type Calendar, createCalendar } from './calendar.js';
import { createHostRule } from './page.js';
import type { Site } from './site.js';

export interface MeasuredSite {
  readonly site: Site;
  readonly calendar: Calendar;
  /** The local day on which the site was made. */
  readonly firstDay: string;
  readonly isOwnHost: (host: string) => boolean;
  readonly isExcluded: (address: string) => boolean;
}

/** Sites of one time zone share its calendar. */
export function createSiteReader(): (site: Site) => MeasuredSite {
  const calendars = new Map<string, Calendar>();
  return (site) => {
    let calendar = calendars.get(site.timezone);
    if (calendar === undefined) {
      calendar = createCalendar(site.timezone);
      calendars.set(site.timezone, calendar);
    }
    const firstDay = calendar.localTime(site.createdAtMs).day;
    return {
      site,
      calendar,
      firstDay,
      isOwnHost: createHostRule(site.hosts),
      isExcluded: createAddressRule(site.excludedAddresses),
    };
  };
}
