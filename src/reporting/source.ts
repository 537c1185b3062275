// Which report answers a query, from the documents of which kind, and for which spelling of a page.
import { type DocumentKind, holdsPage } from '../../collections/document-kind.js';
import type { Report } from '../../collections/report.js';
import type { ReportQuery } from './port.js';

export interface Source {
  readonly kind: DocumentKind;
  readonly report: Report;
}

/** Throws if there is no such report. */
export function findSource(kinds: readonly DocumentKind[], { report: name, page }: Pick<ReportQuery, 'report' | 'page'>): Source {
  const kind = kinds.find((one) => reportIn(one, name) !== undefined && holdsPage(one, page));
  const report = kind && reportIn(kind, name);
  if (kind === undefined || report === undefined) throw new Error(`no report is called ${name}`);
  return { kind, report };
}

function reportIn({ reports }: DocumentKind, name: string): Report | undefined {
  return reports.find((report) => report.name === name);
}

/** The field of an answer that tells whether anything was counted. */
export interface WithTotal {
  readonly total?: { readonly views?: number };
}

/** The answer for the first spelling of the page that has views. */
export async function withViews<
  Query extends Pick<ReportQuery, 'page' | 'otherSpellings'>,
  Answer extends WithTotal & { readonly compared?: WithTotal },
>(query: Query, answerTo: (query: Query) => Promise<Answer>): Promise<Answer> {
  const answer = await answerTo(query);
  for (const page of hasViews(answer) ? [] : (query.otherSpellings ?? [])) {
    const other = await answerTo({ ...query, page });
    if (hasViews(other)) return other;
  }
  return answer;
}

function hasViews({ total, compared }: WithTotal & { readonly compared?: WithTotal }): boolean {
  return (total?.views ?? 0) > 0 || (compared?.total?.views ?? 0) > 0;
}
