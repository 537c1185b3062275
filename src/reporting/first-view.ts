// The first views of a site's page and of the page of all sites, as the web requests them: as they look today, with numbers.

import type { Locale } from '../language/locale.js';
import type { OverviewQuery } from './port.js';

export interface FirstViewQuery {
  /** Prefix of all addresses of the page. */
  readonly base: string;
  /** The language of the page, and the region whose dates, times and numbers it has. */
  readonly locale: Locale;
  readonly site: PageSite;
  /** The only reports that the page may show, and `live`. Absent: everything. */
  readonly reports?: readonly string[] | undefined;
  readonly nowMs: number;
  /** See ReportQuery. */
  readonly asOfMs: number;
}

/** A site, as its page needs it. */
export interface PageSite {
  readonly site: string;
  readonly title: string;
  readonly timezone: string;
  /** The site's own host, without a pattern; empty if there is none. */
  readonly host: string;
  /** When the site was created, as an ISO time. */
  readonly since: string;
  /** The first day of the month in which its numbers begin, also imported ones. Absent: not known, or there are none. */
  readonly firstDay?: string;
}

export interface FirstView {
  readonly html: string;
  /** A JSON object: the answers that the HTML shows, by the addresses that the page's script would ask. */
  readonly answers: string;
  /** Nobody has viewed the site yet. */
  readonly isWaiting: boolean;
  /** See PageSite. */
  readonly firstDay?: string;
}

export interface SitesViewQuery {
  readonly base: string;
  readonly locale: Locale;
  readonly overview: OverviewQuery;
  /** The field `teams` of the overview, as JSON. */
  readonly teams: string;
  /** How many sites are shown, and which of them, from 1. */
  readonly rowsOnPage: number;
  readonly page: number;
}

export type SitesView = Pick<FirstView, 'html' | 'answers'>;

/** Another thread than the one that answers beacons renders them. They reject where that thread is too busy. */
export interface FirstViews {
  firstView(query: FirstViewQuery): Promise<FirstView>;
  sitesView(query: SitesViewQuery): Promise<SitesView>;
}
