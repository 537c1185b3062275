// The API: sites, their tokens, share links and members, reports and the live feed.
import { addressKey } from '../../hit/address.js';
import { includes } from '../../people/rights.js';
import { LIVE } from '../../people/share-rules.js';
import type { Callers } from '../callers.js';
import { createConnectionLimit } from '../connection-limit.js';
import { WebError } from '../errors.js';
import { createLive } from '../live.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { editableSite, notStored, publicSite } from './answers.js';
import type { AddCall } from './calls.js';
import { addSiteChanges } from './change-sites.js';
import { addChanges } from './changes.js';
import { addMembers } from './members.js';
import { addOverview } from './overview.js';
import { pageAsWritten } from './page-path.js';
import { checkParameters } from './parameters.js';
import { createReportKinds, readReportQuery } from './query.js';
import { addRollup } from './rollup.js';
import { readSeveral, reportsNamed } from './several.js';
import { addShares } from './shares.js';
import { addTokens } from './tokens.js';
import { addZoneChanges } from './zone-changes.js';

/** The share of all live views that one caller or one address may have, so that it cannot lock out the others. */
const LIVE_OF_CALLER_MAX = 50;
const LIVE_OF_ADDRESS_MAX = 100;

export function addApi(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  const { accounts, reports, reportSchemas, clientAddress, nowMs, countedUntilMs } = parts;
  const live = createLive(parts, callers);
  const [ofCallers, ofAddresses] = [createConnectionLimit(LIVE_OF_CALLER_MAX), createConnectionLimit(LIVE_OF_ADDRESS_MAX)];
  const kindOf = createReportKinds(parts.kinds, reportSchemas);

  const addCall: AddCall = (route, handler, ...before) => {
    const handle: typeof handler = (req, res, guarded) => {
      checkParameters(req.query, [], 'this call');
      return handler(req, res, guarded);
    };
    addRoute(route, handle, ...before);
  };

  addCall('GET /api/v1/sites', (_req, res, { caller }) => {
    const sites = accounts.sites().filter(({ id }) => caller.rightOn(id) !== undefined);
    notStored(res).json({ sites: sites.map(publicSite) });
  });

  addCall('GET /api/v1/sites/:site', (_req, res, { site, caller }) => {
    notStored(res).json(includes(caller.rightOn(site.id), 'edit') ? editableSite(site) : publicSite(site));
  });

  addSiteChanges(addCall, parts);
  addTokens(addCall, parts);
  addShares(addCall, parts);
  addMembers(addCall, parts);
  addChanges(addRoute, parts);
  addZoneChanges(addRoute, parts);
  addOverview(addRoute, parts);
  addRollup(addRoute, parts, kindOf);

  addCall('GET /api/v1/sites/:site/live', (req, res, { site, caller }) => {
    if (!caller.mayRead(LIVE)) throw new WebError('not-shared');
    const { limitKey } = caller;
    const isWithin = limitKey === undefined || ofCallers.take(limitKey, res);
    const mayWatch = isWithin && ofAddresses.take(addressKey(clientAddress(req)), res);
    if (!mayWatch) throw new WebError('too-many-live-views');
    live.watch(req, res, site.id, caller.secret);
  });

  addRoute('GET /api/v1/sites/:site/reports', async (req, res, { site, caller }) => {
    const { id, timezone } = site;
    const names = reportsNamed(req, Object.keys(reportSchemas));
    for (const name of names) if (!caller.mayRead(name)) throw new WebError('not-shared', undefined, 'reports');
    const asOfMs = countedUntilMs();
    const queries = readSeveral(req, names, kindOf, { timezone, nowMs: nowMs() });
    const texts = await Promise.all(queries.map((query) => reports.report({ ...query, site: id, timezone, asOfMs })));
    const fields = names.map((name, i) => `${JSON.stringify(name)}:${texts[i]}`);
    notStored(res)
      .type('application/json')
      .send(`{${fields.join(',')}}`);
  });

  addRoute('GET /api/v1/sites/:site/:report', async (req, res, { site, caller }) => {
    const report = String(req.params.report);
    if (!Object.hasOwn(reportSchemas, report)) throw new WebError('unknown-report');
    if (!caller.mayRead(report)) throw new WebError('not-shared');
    const given = { query: req.query, written: pageAsWritten(req.url) };
    const query = readReportQuery(given, report, kindOf(report), { timezone: site.timezone, nowMs: nowMs() });
    const text = await reports.report({ report, site: site.id, timezone: site.timezone, ...query, asOfMs: countedUntilMs() });
    notStored(res);
    if (query.csv === undefined) return void res.type('application/json').send(text);
    const file = [site.id, report, ...(query.csv === 'rows' ? [] : [query.csv]), query.from, query.to].join('-');
    res.type('text/csv').attachment(`${file}.csv`).send(text);
  });
}
