// The query of a request for several reports. Parameters hold for all reports that take them; `minutes.period` holds for the
// minutes report alone.
import { WebError } from '../errors.js';
import { pageAsWritten } from './page-path.js';
import { checkParameters, GIVEN_TWICE, unknownName, WrongValue, wrong } from './parameters.js';
import { type Given, parametersOf, type ReportKind, type ReportRequest, readReportQuery, reportQuery } from './query.js';

/** The parameter that names the reports. */
export const REPORTS = 'reports';
/** A report takes either its own range or the one for all reports: its own `period` replaces a `from` and a `to` for all. */
const OF_RANGE = ['from', 'to', 'period', 'date'];
/** Several reports are always JSON. */
const OF_FORMAT = ['format', 'list'];

const FOR_ALL = Object.keys(reportQuery.shape).filter((name) => !OF_FORMAT.includes(name));

interface AskedFor {
  readonly query: Readonly<Record<string, unknown>>;
  /** With the query as it was sent. */
  readonly url: string;
}

export interface NamedRequest extends ReportRequest {
  readonly report: string;
}

/** The parameters of a report that it also takes in a request for several. */
export function severalParametersOf(kind: ReportKind): readonly string[] {
  return parametersOf(kind).filter((name) => !OF_FORMAT.includes(name));
}

/** The names in `reports`, in their order. `known`: the names of all reports. Throws a WebError. */
export function reportsNamed({ query }: Pick<AskedFor, 'query'>, known: readonly string[]): readonly string[] {
  const given = query[REPORTS];
  if (given === undefined) checkParameters(query, [...FOR_ALL, REPORTS], 'this call');
  if (Array.isArray(given)) throw wrong(REPORTS, `${GIVEN_TWICE}, with commas between the names`);
  if (typeof given !== 'string' || given === '') throw wrong(REPORTS, 'is missing; give names with commas between them');
  const names = given.split(',');
  for (const [i, name] of names.entries()) {
    const place = `contains a name that is no report, at place ${i + 1}; the reports are ${known.join(', ')}`;
    if (!known.includes(name)) throw wrong(REPORTS, place);
    if (names.indexOf(name) < i) throw wrong(REPORTS, `contains ${name} twice; give each report once`);
  }
  return names;
}

/** Throws a WebError that names the wrong parameter and the report. */
export function readSeveral(
  asked: AskedFor,
  names: readonly string[],
  kindOf: (report: string) => ReportKind,
  at: { readonly timezone: string; readonly nowMs: number },
): readonly NamedRequest[] {
  checkNames(asked.query, names, kindOf);
  return names.map((report) => {
    const kind = kindOf(report);
    const given = givenFor(report, severalParametersOf(kind), asked);
    try {
      return { report, ...readReportQuery(given, report, kind, at) };
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      const own = `${report}.${error.field}`;
      const name = own in asked.query || !(error.field in asked.query) ? own : error.field;
      throw new WebError(error.code, `"${name}" ${error.what}. This is about the ${report} report.`, name);
    }
  });
}

/** A name that means nothing is refused: if it were ignored, it would seem to have had an effect. */
function checkNames(query: AskedFor['query'], names: readonly string[], kindOf: (report: string) => ReportKind): void {
  const forAll = [...new Set(names.flatMap((name) => severalParametersOf(kindOf(name)))), REPORTS];
  for (const [name, value] of Object.entries(query)) {
    const point = name.indexOf('.');
    const report = names.find((one) => one === name.slice(0, Math.max(0, point)));
    const [own, taken, what] =
      report === undefined
        ? [name, forAll, 'this call']
        : [name.slice(point + 1), severalParametersOf(kindOf(report)), `the ${report} report`];
    if (!taken.includes(own)) {
      const { code, message } = unknownName('parameter', own, taken, what);
      throw new WebError(code, message, name);
    }
    if (Array.isArray(value)) throw wrong(name, GIVEN_TWICE);
  }
}

/** What a request for this report alone would contain. */
function givenFor(report: string, taken: readonly string[], { query, url }: AskedFor): Given {
  const isOwn = (name: string): boolean => `${report}.${name}` in query;
  const hasOwnRange = OF_RANGE.some(isOwn);
  const sources = taken.flatMap((name): Array<readonly [string, string]> => {
    if (isOwn(name)) return [[name, `${report}.${name}`]];
    return name in query && !(hasOwnRange && OF_RANGE.includes(name)) ? [[name, name]] : [];
  });
  const page = sources.find(([name]) => name === 'page');
  return {
    query: Object.fromEntries(sources.map(([name, source]) => [name, query[source]])),
    written: page && pageAsWritten(url, page[1]),
  };
}
