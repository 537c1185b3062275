// The first view of a site's page: its HTML with the numbers of today, and the answers of the API that it shows, so that the
// page's script has them as well. It is made in the report thread. A page does not wait long for it: without it, the script
// asks for everything.
import type { KindOutline } from '../../collections/document-kind.js';
import { type Locale, regionalTag } from '../language/locale.js';
import type { FirstDayOf } from '../reporting/first-month.js';
import type { FirstView, FirstViewQuery } from '../reporting/first-view.js';
import type { ReportQuery } from '../reporting/port.js';
import { within } from '../system/within.js';
import { pageAsWritten } from './api/page-path.js';
import { createReportKinds, readReportQuery } from './api/query.js';
import { type NamedRequest, REPORTS, readSeveral, reportsNamed } from './api/several.js';
import type { AppParts } from './parts.js';

export type { FirstView, FirstViewQuery, PageSite } from '../reporting/first-view.js';

/** How a page is rendered: see browser/dashboard/first-view/render.tsx. `answer` answers like the API. */
export type RenderFirstView = (query: FirstViewQuery, answer: (address: string) => Promise<string>) => Promise<FirstView>;

interface RenderingParts {
  readonly report: (query: ReportQuery) => Promise<string>;
  readonly firstDayOf: FirstDayOf;
  /** Loads the program that renders pages in a locale, of which there are few. */
  readonly load: (locale: Locale) => Promise<RenderFirstView>;
  readonly kinds: readonly KindOutline[];
  readonly reportSchemas: AppParts['reportSchemas'];
}

/** For the report thread. */
export function createFirstViews({ report, firstDayOf, load, kinds, reportSchemas }: RenderingParts) {
  const kindOf = createReportKinds(kinds, reportSchemas);
  const programs = new Map<Locale, Promise<RenderFirstView>>();
  const programFor = (locale: Locale): Promise<RenderFirstView> => {
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
    const [render, first] = await Promise.all([programFor(regionalTag(query.locale) as Locale), firstDayOf(site)]);
    const firstDay = first === undefined ? {} : { firstDay: first };
    return { ...(await render({ ...query, site: { ...query.site, ...firstDay } }, answer)), ...firstDay };
  };
}

/** A page that is slower than this with its numbers comes without them. Its head is shown meanwhile. */
const WAIT_MS_MAX = 1_000;
/** All who open the same page within this time get the same first view. The page is up to date a moment later. */
const SHARED_MS = 2_000;
/** With more, the report thread would make nothing else. */
const AT_ONCE_MAX = 8;

/**
 * For the thread that answers pages. The function resolves with `undefined` if a first view cannot be made quickly, or too many
 * are being made. It calls `pay` only if one has to be made; if that rejects, none is made.
 */
export function createFirstViewCache(make: (query: FirstViewQuery) => Promise<FirstView>, waitMs: number = WAIT_MS_MAX) {
  const shared = new Map<string, Promise<FirstView | undefined>>();
  let making = 0;

  return async (query: FirstViewQuery, pay: () => Promise<void>): Promise<FirstView | undefined> => {
    const key = JSON.stringify({ ...query, nowMs: 0, asOfMs: 0 });
    const known = shared.get(key);
    if (known !== undefined) return within(known, waitMs);
    if (making >= AT_ONCE_MAX) return undefined;
    making++;
    const paid = pay();
    paid.catch(() => shared.delete(key)); // another caller may be within the limit
    const made = paid
      .then(() => make(query))
      .catch(() => undefined)
      .finally(() => making--);
    shared.set(key, made);
    setTimeout(() => shared.delete(key), SHARED_MS).unref();
    return within(made, waitMs);
  };
}
