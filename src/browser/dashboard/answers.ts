// The API's answers as far as this page reads them, and how it asks for them.
import { basePath } from './dom.js';

export interface Row {
  readonly key: string;
  readonly views: number;
  /** Absent where none of the list's rows has any. */
  readonly visitors?: number;
  /** The true number of visitors is not further away than this. */
  readonly visitorsError?: number;
  readonly title?: string;
  /** The true number is at least `views` and at most `views` + `error`. */
  readonly error?: number;
}

export interface People {
  readonly visitors: number;
  /** One standard error. */
  readonly error?: number;
}

export interface Range {
  /** Local days, both inclusive. Wider than asked for where days are not kept any more. */
  readonly from: string;
  readonly to: string;
  readonly expired?: readonly unknown[];
}

interface Report extends Range {
  readonly asOf: string;
}

/** Of the range before, or of a year before, where it was asked for. */
interface Comparable<Body> {
  readonly compared?: Range & Body;
}

export interface Hour {
  readonly key: string;
  readonly views: number;
  readonly visitors: number;
}

interface TrafficBody {
  readonly total: People & { readonly views: number };
  readonly rows: ReadonlyArray<People & { readonly key: string; readonly views: number; readonly hours: readonly Hour[] }>;
}
export interface Traffic extends Report, TrafficBody, Comparable<TrafficBody> {}

export interface VisitNumbers {
  readonly visits: number;
  /** Of these, visits by browsers with a record: bounces and averages are about them. */
  readonly recorded: number;
}

interface VisitsBody {
  readonly total: VisitNumbers & {
    readonly bounceRate: number | null;
    readonly viewsPerVisit: number | null;
    readonly secondsPerVisit: number | null;
  };
  readonly rows: ReadonlyArray<
    VisitNumbers & { readonly key: string; readonly hours: ReadonlyArray<VisitNumbers & { readonly key: string }> }
  >;
}
export interface Visits extends Report, VisitsBody, Comparable<VisitsBody> {}

export interface Reading {
  readonly known: number;
  readonly seconds: number;
  readonly averageSeconds: number | null;
  readonly medianSeconds: { readonly estimate: number; readonly least: number; readonly below: number | null } | null;
  readonly averageDepth: number | null;
  readonly reached: ReadonlyArray<{ readonly depth: number; readonly views: number }>;
}

export interface ReadingRow extends Reading {
  readonly key: string;
  readonly error?: number;
}

interface EngagementBody {
  readonly total: Reading;
  readonly rows: readonly ReadingRow[];
}
export interface Engagement extends Report, EngagementBody, Comparable<EngagementBody> {}

export interface Minutes extends Report {
  readonly online: { readonly visitors: number; readonly views: number } | null;
  readonly rows: ReadonlyArray<{ readonly key: string; readonly minutes: readonly Hour[] }>;
}

export interface PageVisits {
  readonly entries: number;
  readonly bounces: number;
  readonly exits: number;
  readonly recorded: number;
}
export type PageRow = Row & PageVisits;

export interface Content extends Report {
  readonly total: PageVisits & { readonly views: number };
  readonly rows: readonly PageRow[];
  readonly entries: readonly PageRow[];
  readonly exits: readonly PageRow[];
}

export interface Referrers extends Report {
  /** `referred`: views that came from another site. */
  readonly total: { readonly views: number; readonly referred: number };
  readonly media: readonly Row[];
  readonly sources: readonly Row[];
  readonly hosts: readonly Row[];
  readonly pages: readonly Row[];
}

export interface Technology extends Report {
  readonly total: { readonly views: number };
  readonly browsers: ReadonlyArray<Row & { readonly versions: readonly Row[] }>;
  readonly platforms: readonly Row[];
  readonly devices: readonly Row[];
  readonly screens: readonly Row[];
  readonly languages: readonly Row[];
}

export interface VisitClass {
  readonly least: number;
  readonly visits: number;
}

export interface Visitors extends Report {
  readonly total: People & { readonly new: number; readonly returning: number; readonly unknown: number };
  readonly loyalty: readonly VisitClass[];
  readonly recency: readonly VisitClass[];
}

export interface Cohort {
  readonly key: string;
  readonly browsers: number;
  readonly returned: readonly number[];
}

export interface Retention extends Report {
  readonly weeks: readonly Cohort[];
  readonly months: readonly Cohort[];
}

interface PageNumbers {
  readonly key: string;
  readonly views: number;
  readonly visitors: number;
  /** Views whose reading is known, and their engaged seconds. */
  readonly known: number;
  readonly seconds: number;
}

interface PagesBody {
  readonly page: string;
  readonly total: { readonly views: number; readonly known: number; readonly seconds: number; readonly error?: number };
  readonly rows: ReadonlyArray<PageNumbers & { readonly hours: readonly PageNumbers[] }>;
  readonly sources: readonly Row[];
  readonly devices: readonly Row[];
  readonly next: readonly Row[];
}
/** Of one page. */
export interface Pages extends Report, PagesBody, Comparable<PagesBody> {}

export interface Refusals extends Report {
  readonly total: { readonly counted: number; readonly refused: number };
  readonly rows: ReadonlyArray<{ readonly key: string; readonly hits: number }>;
}

export interface Reports {
  traffic: Traffic;
  visits: Visits;
  engagement: Engagement;
  minutes: Minutes;
  content: Content;
  referrers: Referrers;
  technology: Technology;
  visitors: Visitors;
  retention: Retention;
  pages: Pages;
  refusals: Refusals;
}

/** One hit of the live feed. */
export interface LiveHit {
  readonly kind: 'view' | 'event' | 'ping';
  readonly atMs: number;
  /** Empty for an unknown page. */
  readonly path: string;
  readonly title: string;
  /** Empty when there is none. */
  readonly source: string;
  readonly browser: string;
  readonly platform: string;
  readonly event: string;
}

/**
 * What is asked for is not answered any more: the token was revoked or the sign-in has ended, or the site is not
 * there for this token.
 */
export class SignedOut extends Error {
  constructor(readonly isOfSite: boolean) {
    super();
  }
}

export function siteAddress(site: string): string {
  return `${basePath()}/api/v1/sites/${encodeURIComponent(site)}`;
}

/** How many rows of a list are asked for. */
export const ROWS_MAX = 100;
/** Only these have lists; the others would refuse to be asked for so many rows. */
const WITH_LISTS: ReadonlySet<keyof Reports> = new Set(['content', 'engagement', 'referrers', 'technology', 'pages', 'refusals']);

/** Whether the site can be read; throws as `fetchReport` does. */
export async function fetchSite(site: string): Promise<void> {
  await answered(siteAddress(site));
}

/** `query`: as docs/api.md has it. */
export async function fetchReport<Name extends keyof Reports>(
  site: string,
  name: Name,
  query: Readonly<Record<string, string>>,
): Promise<Reports[Name]> {
  const rows = WITH_LISTS.has(name) ? { limit: String(ROWS_MAX) } : {};
  const response = await answered(`${siteAddress(site)}/${name}?${new URLSearchParams({ ...rows, ...query })}`);
  return (await response.json()) as Reports[Name];
}

async function answered(address: string): Promise<Response> {
  const response = await fetch(address);
  if (response.status === 401 || response.status === 404) throw new SignedOut(response.status === 404);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response;
}
