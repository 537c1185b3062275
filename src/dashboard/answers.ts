// The API's answers as far as this page reads them, and how it asks for them.

export type PeriodName = 'today' | 'month' | 'year' | 'last-year';

export interface Row {
  readonly key: string;
  readonly views: number;
  readonly title?: string;
  /** The true number is at least `views` and at most `views` + `error`. */
  readonly error?: number;
}

export interface People {
  readonly visitors: number;
  /** One standard error. */
  readonly error?: number;
}

interface Report {
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
}

export interface Hour {
  readonly key: string;
  readonly views: number;
  readonly visitors: number;
}

export interface Traffic extends Report {
  readonly total: People & { readonly views: number };
  readonly rows: ReadonlyArray<People & { readonly key: string; readonly views: number; readonly hours: readonly Hour[] }>;
}

export interface Content extends Report {
  readonly total: { readonly views: number };
  readonly rows: readonly Row[];
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

export interface Visitors extends Report {
  readonly total: People & { readonly new: number; readonly returning: number };
}

export interface Refusals extends Report {
  readonly total: { readonly counted: number; readonly refused: number };
  readonly rows: ReadonlyArray<{ readonly key: string; readonly hits: number }>;
}

export interface Reports {
  traffic: Traffic;
  content: Content;
  referrers: Referrers;
  technology: Technology;
  visitors: Visitors;
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

/** The sign-in has ended; the page must be asked for again. */
export class SignedOut extends Error {}

export function siteAddress(site: string): string {
  return `/api/v1/sites/${encodeURIComponent(site)}`;
}

export async function fetchReport<Name extends keyof Reports>(
  site: string,
  name: Name,
  period: PeriodName,
): Promise<Reports[Name]> {
  const response = await fetch(`${siteAddress(site)}/${name}?period=${period}&limit=100`);
  if (response.status === 401 || response.status === 404) throw new SignedOut();
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as Reports[Name];
}
