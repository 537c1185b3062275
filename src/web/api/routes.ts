// The API: sites, their tokens, share links and members, reports and the live feed.
import { addressKey } from '../../hit/address.js';
import { includes } from '../../people/rights.js';
import { LIVE } from '../../people/share-rules.js';
import type { Callers } from '../callers.js';
import { createConnectionLimit } from '../connection-limit.js';
import { WebError } from '../errors.js';
import { createLive } from '../live.js';
import type { WebParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { editableSite, notStored, publicSite } from './answers.js';
import { createAsking } from './asked.js';
import type { AddCall } from './calls.js';
import { addSiteChanges } from './change-sites.js';
import { addChanges } from './changes.js';
import { addMembers } from './members.js';
import { addOverview } from './overview.js';
import { checkParameters } from './parameters.js';
import { createReportKinds } from './query.js';
import { addReports } from './reports.js';
import { addRollup } from './rollup.js';
import { addShares } from './shares.js';
import { addTokens } from './tokens.js';
import { addZoneChanges } from './zone-changes.js';

/** The share of all live views that one caller or one address may have, so that it cannot lock out the others. */
const LIVE_OF_CALLER_MAX = 50;
const LIVE_OF_ADDRESS_MAX = 100;

export function addApi(addRoute: AddRoute, parts: WebParts, callers: Callers): void {
  const { accounts, clientAddress } = parts;
  const live = createLive(parts, callers);
  const [ofCallers, ofAddresses] = [createConnectionLimit(LIVE_OF_CALLER_MAX), createConnectionLimit(LIVE_OF_ADDRESS_MAX)];
  const kindOf = createReportKinds(parts.kinds, parts.reportSchemas);
  const asking = createAsking(parts, kindOf);

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

  addReports(addRoute, parts, asking);
}
