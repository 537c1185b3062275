// The first view of a page, of one site or of all: its HTML with the numbers of today, and the answers of the API that it shows,
// so that the page's script has them as well. It is made in the report thread.
import type { KindOutline } from '../../collections/document-kind.js';
import { type Locale, regionalTag } from '../language/locale.js';
import type { FirstDayOf } from '../reporting/first-month.js';
import type { FirstView, FirstViewQuery, SitesView, SitesViewQuery } from '../reporting/first-view.js';
import type { OverviewQuery, ReportQuery } from '../reporting/port.js';
import { pageAsWritten } from './api/page-path.js';
import { createReportKinds, readReportQuery } from './api/query.js';
import { type NamedRequest, REPORTS, readSeveral, reportsNamed } from './api/several.js';
import type { AppParts } from './parts.js';

export type { FirstView, FirstViewQuery, PageSite, SitesViewQuery } from '../reporting/first-view.js';

/** How a page is rendered: see browser/dashboard/first-view/render.tsx. `answer` answers like the API. */
export type RenderFirstView = (query: FirstViewQuery, answer: (address: string) => Promise<string>) => Promise<FirstView>;
/** `overview`: as the API answers it. Returns HTML. */
export type RenderSites = (query: SitesViewQuery, overview: string) => Promise<string>;

/** The program that renders pages in a locale. */
export interface PageProgram {
  readonly renderFirstView: RenderFirstView;
  readonly renderSites: RenderSites;
}

interface RenderingParts {
  readonly report: (query: ReportQuery) => Promise<string>;
  readonly firstDayOf: FirstDayOf;
  /** There are few locales. */
  readonly load: (locale: Locale) => Promise<PageProgram>;
  readonly kinds: readonly KindOutline[];
  readonly reportSchemas: AppParts['reportSchemas'];
}

/** For the report thread. */
export function createFirstViews({ report, firstDayOf, load, kinds, reportSchemas }: RenderingParts) {
  const kindOf = createReportKinds(kinds, reportSchemas);
  const programs = new Map<Locale, Promise<PageProgram>>();
  const programFor = (locale: Locale): Promise<PageProgram> => {
    const program = programs.get(locale) ?? load(locale);
    programs.set(locale, program);
    return program;
  };

  /** The queries that the API would make of an address. */
  const queriesOf = (address: string, { site: { timezone }, nowMs }: FirstViewQuery): readonly NamedRequest[] => {
    const { pathname, search, searchParams } = new URL(address, 'http://page');
    const asked = { query: Object.fromEntries(searchParams), url: search };
    const name = pathname.slice(pathname.lastIndexOf('/') + 1);
    const at = { timezone, nowMs };
    if (name === REPORTS) return readSeveral(asked, reportsNamed(asked, Object.keys(reportSchemas)), kindOf, at);
    const given = { query: asked.query, written: pageAsWritten(search) };
    return [{ report: name, ...readReportQuery(given, name, kindOf(name), at) }];
  };

  return async (query: FirstViewQuery): Promise<FirstView> => {
    const { reports, asOfMs } = query;
    const { site, timezone } = query.site;
    const answer = async (address: string): Promise<string> => {
      const queries = queriesOf(address, query);
      const hidden = queries.find(({ report: name }) => reports?.includes(name) === false);
      if (hidden !== undefined) throw new Error(`the page must not show ${hidden.report}`);
      const texts = await Promise.all(queries.map((one) => report({ ...one, site, timezone, asOfMs })));
      if (!new URL(address, 'http://page').pathname.endsWith(`/${REPORTS}`)) return texts[0] as string;
      return `{${queries.map((one, i) => `${JSON.stringify(one.report)}:${texts[i]}`).join(',')}}`;
    };
    const [program, first] = await Promise.all([programFor(regionalTag(query.locale) as Locale), firstDayOf(site)]);
    const firstDay = first === undefined ? {} : { firstDay: first };
    return { ...(await program.renderFirstView({ ...query, site: { ...query.site, ...firstDay } }, answer)), ...firstDay };
  };
}

interface SitesParts extends Pick<RenderingParts, 'load'> {
  readonly overview: (query: OverviewQuery) => Promise<string>;
}

/** For the report thread: the page of all sites. */
export function createSitesViews({ overview, load }: SitesParts): (query: SitesViewQuery) => Promise<SitesView> {
  return async (query) => {
    const [text, { renderSites }] = await Promise.all([overview(query.overview), load(regionalTag(query.locale) as Locale)]);
    const answer = withTeams(text, query.teams);
    const address = JSON.stringify(`${query.base}/api/v1/overview`);
    return { html: await renderSites(query, answer), answers: `{${address}:${answer}}` };
  };
}

/** Adds the teams to an overview. The thread that takes hits does not parse the numbers of thousands of sites. */
export function withTeams(overview: string, teams: string): string {
  return `${overview.slice(0, -1)},"teams":${teams}}`;
}
