// The API: sites, their tokens, share links and members, reports and the live feed.
import { includes } from '../../people/rights.js';
import type { Callers } from '../callers.js';
import type { WebParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { addAccount } from './account.js';
import { addAnnotations } from './annotations.js';
import { editableSite, notStored, publicSite } from './answers.js';
import { createAsking } from './asked.js';
import type { AddCall } from './calls.js';
import { addSiteChanges } from './change-sites.js';
import { addChanges } from './changes.js';
import { addLive } from './live.js';
import { addMembers } from './members.js';
import { addOverview } from './overview.js';
import { checkParameters } from './parameters.js';
import { createReportKinds } from './query.js';
import { addReports } from './reports.js';
import { addRollup } from './rollup.js';
import { addShares } from './shares.js';
import { addTokens } from './tokens.js';
import { addZoneChanges } from './zone-changes.js';

export function addApi(addRoute: AddRoute, parts: WebParts, callers: Callers): void {
  const { accounts } = parts;
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

  addAccount(addCall, parts);
  addSiteChanges(addCall, parts);
  addTokens(addCall, parts);
  addShares(addCall, parts);
  addAnnotations(addCall, parts);
  addMembers(addCall, parts);
  addChanges(addRoute, parts);
  addZoneChanges(addRoute, parts);
  addOverview(addRoute, parts);
  addRollup(addRoute, parts, kindOf);

  addLive(addRoute, parts, callers, asking);
  addReports(addRoute, parts, asking);
}
