// From a request to the question that shared answers are found by: which reports of a site it asks for, at this moment.
import type { Request } from 'express';
import type { Site } from '../../hit/site.js';
import type { AskedReports } from '../../reporting/shared.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import { pageAsWritten } from './page-path.js';
import { type ReportKind, readReportQuery } from './query.js';
import { type NamedRequest, REPORTS, readSeveral, reportsNamed } from './several.js';

export interface Reader {
  /** Whether the caller may see a report. */
  mayRead(report: string): boolean;
}

export type RequestOfReports = Pick<Request, 'query' | 'url'>;

export interface Asking {
  /** Throws a WebError for a report or a parameter that is wrong, or that the reader may not see. */
  several(req: RequestOfReports, site: Site, reader: Reader): AskedReports;
  /** The same for a single report, which may also be asked for as CSV. */
  single(req: RequestOfReports, report: string, site: Site, reader: Reader): AskedReports;
}

export function createAsking(
  { reportSchemas, nowMs }: Pick<AppParts, 'reportSchemas' | 'nowMs'>,
  kindOf: (report: string) => ReportKind,
): Asking {
  const known = Object.keys(reportSchemas);
  const read = oncePerMinute(nowMs, (req: RequestOfReports, names: readonly string[], timezone, atMs) =>
    readSeveral(req, names, kindOf, { timezone, nowMs: atMs }),
  );
  return {
    several(req, { id, timezone }, reader) {
      const names = reportsNamed(req, known);
      for (const name of names) if (!reader.mayRead(name)) throw new WebError('not-shared', undefined, REPORTS);
      const requests = read(req, names, timezone);
      return { site: id, queries: requests.map((request) => ({ ...request, site: id, timezone })) };
    },
    single(req, report, { id, timezone }, reader) {
      if (!known.includes(report)) throw new WebError('unknown-report');
      if (!reader.mayRead(report)) throw new WebError('not-shared');
      const given = { query: req.query, written: pageAsWritten(req.url) };
      const request = readReportQuery(given, report, kindOf(report), { timezone, nowMs: nowMs() });
      return { site: id, queries: [{ ...request, report, site: id, timezone }], isSingle: true };
    },
  };
}

type Read = (req: RequestOfReports, names: readonly string[], timezone: string) => readonly NamedRequest[];

const QUESTIONS_MAX = 500;
const QUESTION_CHARACTERS_MAX = 1_000;

/**
 * Many open pages ask in the same words, and reading them takes a millisecond or two of the thread that answers beacons. Which
 * days are meant changes only on a full minute: at midnight, and with `now` a quarter of an hour later.
 */
function oncePerMinute(nowMs: () => number, read: (...asked: [...Parameters<Read>, atMs: number]) => ReturnType<Read>): Read {
  const remembered = new Map<string, readonly NamedRequest[]>();
  let minute = Number.NaN;
  return (req, names, timezone) => {
    const atMs = nowMs();
    if (Math.floor(atMs / 60_000) !== minute) remembered.clear();
    minute = Math.floor(atMs / 60_000);
    const key = `${timezone} ${req.url.slice(req.url.indexOf('?'))}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const requests = read(req, names, timezone, atMs);
    if (remembered.size >= QUESTIONS_MAX) remembered.clear();
    if (key.length <= QUESTION_CHARACTERS_MAX) remembered.set(key, requests);
    return requests;
  };
}
