// The call for a live view: who may have one, and how many.
import type { Request } from 'express';
import { addressKey } from '../../hit/address.js';
import type { Site } from '../../hit/site.js';
import { LIVE } from '../../people/share-rules.js';
import type { Caller, Callers } from '../callers.js';
import { createConnectionLimit } from '../connection-limit.js';
import { WebError } from '../errors.js';
import { createLive } from '../live.js';
import type { WebParts } from '../parts.js';
import { createPushes, type Followed } from '../pushes.js';
import type { AddRoute } from '../security.js';
import { createDemandWithin } from '../within-limits.js';
import type { Asking } from './asked.js';
import { priceOfReports } from './price.js';

/** The share of all live views that one caller or one address may have, so that it cannot lock out the others. */
export const LIVE_OF_CALLER_MAX = 600;
export const LIVE_OF_ADDRESS_MAX = 1_000;
/** How many different questions the live views of one caller may have answered again and again. */
const QUESTIONS_OF_CALLER_MAX = 50;

/** Everybody who follows was allowed to when the live view was opened; it ends when that is over. */
const ANYBODY = { mayRead: () => true };

interface Question extends Followed {
  /** What it costs to make its reports once. */
  readonly price: number;
}

export function addLive(addRoute: AddRoute, parts: WebParts, callers: Callers, asking: Asking): void {
  const { accounts, clientAddress } = parts;
  const demandWithin = createDemandWithin(parts);
  const pushes = createPushes(parts);
  const live = createLive({ ...parts, pushes }, callers);
  const [ofCallers, ofAddresses] = [createConnectionLimit(LIVE_OF_CALLER_MAX), createConnectionLimit(LIVE_OF_ADDRESS_MAX)];
  const questionsOf = createConnectionLimit(QUESTIONS_OF_CALLER_MAX);

  /** Throws a WebError for a parameter that is wrong, or a report that the caller may not see. */
  const questionOf = ({ query, url }: Request, site: Site, caller: Caller): Question => {
    const asked = asking.several({ query, url }, site, caller);
    return {
      site: site.id,
      key: `${site.id} ${url.slice(url.indexOf('?'))}`,
      price: priceOfReports(asked.queries),
      asked,
      ask() {
        const now = accounts.site(site.id);
        return now && asking.several({ query, url }, now, ANYBODY);
      },
    };
  };

  addRoute('GET /api/v1/sites/:site/live', async (req, res, { site, caller }) => {
    if (!caller.mayRead(LIVE)) throw new WebError('not-shared');
    const reports = Object.keys(req.query).length === 0 ? undefined : questionOf(req, site, caller);
    const { limitKey } = caller;
    const address = addressKey(clientAddress(req));
    const mayWatch =
      (limitKey === undefined || ofCallers.take(limitKey, res)) &&
      ofAddresses.take(address, res) &&
      (reports === undefined || questionsOf.take(limitKey ?? address, res, reports.key));
    if (!mayWatch) throw new WebError('too-many-live-views');
    if (reports !== undefined && !pushes.has(reports)) await demandWithin('api', caller, req, reports.price);
    if (res.destroyed) return; // a stream that has closed would never be told to end
    live.watch(req, res, { site: site.id, secret: caller.secret, reports });
  });
}
