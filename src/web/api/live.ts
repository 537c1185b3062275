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
import type { Asking } from './asked.js';

/** The share of all live views that one caller or one address may have, so that it cannot lock out the others. */
export const LIVE_OF_CALLER_MAX = 600;
export const LIVE_OF_ADDRESS_MAX = 1_000;
/** How many different questions the live views of one caller may have answered again and again. */
const QUESTIONS_OF_CALLER_MAX = 50;

/** Everybody who follows was allowed to when the live view was opened; it ends when that is over. */
const ANYBODY = { mayRead: () => true };

export function addLive(addRoute: AddRoute, parts: WebParts, callers: Callers, asking: Asking): void {
  const { accounts, clientAddress } = parts;
  const pushes = createPushes(parts);
  const live = createLive({ ...parts, pushes }, callers);
  const [ofCallers, ofAddresses] = [createConnectionLimit(LIVE_OF_CALLER_MAX), createConnectionLimit(LIVE_OF_ADDRESS_MAX)];
  const questionsOf = createConnectionLimit(QUESTIONS_OF_CALLER_MAX);

  /** Undefined without parameters. Throws a WebError if one is wrong. */
  const followedBy = ({ query, url }: Request, site: Site, caller: Caller): Followed | undefined => {
    if (Object.keys(query).length === 0) return undefined;
    asking.several({ query, url }, site, caller);
    return {
      site: site.id,
      key: `${site.id} ${url.slice(url.indexOf('?'))}`,
      ask() {
        const now = accounts.site(site.id);
        return now && asking.several({ query, url }, now, ANYBODY);
      },
    };
  };

  addRoute('GET /api/v1/sites/:site/live', (req, res, { site, caller }) => {
    if (!caller.mayRead(LIVE)) throw new WebError('not-shared');
    const reports = followedBy(req, site, caller);
    const { limitKey } = caller;
    const address = addressKey(clientAddress(req));
    const isNewQuestion = reports !== undefined && !pushes.has(reports.key);
    const mayWatch =
      (limitKey === undefined || ofCallers.take(limitKey, res)) &&
      ofAddresses.take(address, res) &&
      (!isNewQuestion || questionsOf.take(limitKey ?? address, res));
    if (!mayWatch) throw new WebError('too-many-live-views');
    live.watch(req, res, { site: site.id, secret: caller.secret, reports });
  });
}
