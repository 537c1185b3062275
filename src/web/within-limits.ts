// Counts what a caller asks for against a limit.
import type { IncomingMessage } from 'node:http';
import { addressKey } from '../hit/address.js';
import type { LimitName } from '../sharing/limits.js';
import type { Caller } from './callers.js';
import { TooOften } from './errors.js';
import type { AppParts } from './parts.js';

/** Throws a TooOften if the caller has reached the limit. `calls`: how many calls this one counts as. */
export type DemandWithin = (
  name: LimitName,
  caller: Pick<Caller, 'limitKey'>,
  req: IncomingMessage,
  calls?: number,
) => Promise<void>;

/** All readers of a share link are counted by their addresses. */
export function createDemandWithin({ limits, clientAddress }: Pick<AppParts, 'limits' | 'clientAddress'>): DemandWithin {
  return async (name, { limitKey }, req, calls) => {
    const taken = await limits.take(name, limitKey ?? addressKey(clientAddress(req)), calls);
    if (!taken.allowed) throw new TooOften(taken.retryAfterSeconds);
  };
}
