import type { Caller } from './callers.js';
import { WebError } from './errors.js';

/**
 * For what could take a site away from its owners. Somebody who owns a site through a team may do everything else. Throws a
 * WebError.
 */
export function demandDirectOwner(caller: Pick<Caller, 'ownsDirectly'>, site: string): void {
  if (!caller.ownsDirectly(site)) throw new WebError('direct-owner-needed');
}
