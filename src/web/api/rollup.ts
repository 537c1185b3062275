// Reports of several sites.
import type { Response } from 'express';
import { z } from 'zod';
import { addressKey } from '../../hit/address.js';
import { RollupTooLarge } from '../../reporting/port.js';
import { createConnectionLimit } from '../connection-limit.js';
import { TooOften, WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { createDemandWithin } from '../within-limits.js';
import { notStored } from './answers.js';
import { pageAsWritten } from './page-path.js';
import { checkParameters, wrong } from './parameters.js';
import { priceOfRollup } from './price.js';
import { parametersOf, type ReportKind, type ReportRequest, readReportQuery } from './query.js';
import { SITES, SITES_MAX, sitesIn } from './sites-parameter.js';

/** Half of those who may wait, so that one caller cannot lock out the others. */
const AT_ONCE_OF_CALLER = 10;
const RETRY_AFTER_SECONDS = 5;

export const rollupQuery = z.object({
  sites: SITES.describe(
    `The ids of at most ${SITES_MAX} sites, with commas between them. Default: all that the caller may view. A site that does ` +
      'not exist, or that the caller may not view, is an error.',
  ),
});

type RollupParts = Pick<
  AppParts,
  'accounts' | 'reports' | 'reportSchemas' | 'countedUntilMs' | 'nowMs' | 'limits' | 'clientAddress'
>;

export function addRollup(addRoute: AddRoute, parts: RollupParts, kindOf: (report: string) => ReportKind): void {
  const { accounts, reports, reportSchemas, countedUntilMs, nowMs, clientAddress } = parts;
  const demandWithin = createDemandWithin(parts);
  const ofCallers = createConnectionLimit(AT_ONCE_OF_CALLER);

  addRoute('GET /api/v1/rollup/:report', async (req, res, { caller }) => {
    const report = String(req.params.report);
    if (!Object.hasOwn(reportSchemas, report)) throw new WebError('unknown-report');
    if (!caller.mayRead(report)) throw new WebError('not-shared');
    const kind = kindOf(report);
    checkParameters(req.query, ['sites', ...parametersOf(kind)], `the ${report} report of several sites`);
    const { sites: given, ...others } = req.query;
    const parsed = rollupQuery.safeParse({ sites: given });
    if (!parsed.success) throw wrong('sites', parsed.error.issues[0]?.message ?? 'cannot be understood');
    const sites = sitesIn(parsed.data.sites, accounts, caller);
    const [first] = sites;
    if (first === undefined)
      throw new WebError('bad-request', 'You have access to no site yet, so there is nothing to add up.', 'sites');
    if (sites.length > SITES_MAX) throw wrong('sites', `must name at most ${SITES_MAX} of your ${sites.length} sites`);

    const asked = { query: others, written: pageAsWritten(req.url) };
    // sites in one time zone have the same range
    const requests = new Map<string, ReportRequest>();
    for (const { timezone } of sites)
      if (!requests.has(timezone)) requests.set(timezone, readReportQuery(asked, report, kind, { timezone, nowMs: nowMs() }));
    const ofFirst = requests.get(first.timezone) as ReportRequest;
    if (!ofCallers.take(caller.limitKey ?? addressKey(clientAddress(req)), res)) throw new TooOften(RETRY_AFTER_SECONDS);
    await demandWithin('api', caller, req, priceOfRollup(ofFirst, sites.length));
    const { from, to, ...query } = ofFirst;
    const ranges = sites.map(({ id, timezone }) => {
      const { from, to } = requests.get(timezone) as ReportRequest;
      return { site: id, timezone, from, to };
    });
    const gone = goneOf(res);
    const text = await reports
      .rollup({ report, ...query, sites: ranges, asOfMs: countedUntilMs() }, gone)
      .catch((error) => (gone.aborted ? undefined : unlessTooLarge(error)));
    if (text === undefined) return; // nobody is left to be answered
    notStored(res);
    if (query.csv === undefined) return void res.type('application/json').send(text);
    const file = ['rollup', report, ...(query.csv === 'rows' ? [] : [query.csv]), from, to].join('-');
    res.type('text/csv').attachment(`${file}.csv`).send(text);
  });
}

/** Aborted when the client has left. */
function goneOf(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  return gone.signal;
}

function unlessTooLarge(error: unknown): never {
  throw error instanceof RollupTooLarge ? new WebError('bad-request', error.message, 'sites') : error;
}
