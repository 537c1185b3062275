// The parameter `sites` of calls about several sites.
import { z } from 'zod';
import { SITE_ID, type Site } from '../../hit/site.js';
import type { Accounts } from '../../store/accounts.js';
import type { Caller } from '../callers.js';
import { WebError } from '../errors.js';

/** An address has room for about as many. */
export const SITES_MAX = 500;

/** The ids of sites. */
export const SITES = z
  .string()
  .refine((text) => idsIn(text).length <= SITES_MAX, `must name at most ${SITES_MAX} sites`)
  .optional()
  .describe('The ids of sites, with commas between them. Default: all that the caller may view.');

/** Each once. */
function idsIn(text: string): string[] {
  return [...new Set(text.split(','))];
}

/** All sites that the caller may view. */
function readableSites(accounts: Pick<Accounts, 'sites'>, { rightOn }: Pick<Caller, 'rightOn'>): Site[] {
  return accounts.sites().filter(({ id }) => rightOn(id) !== undefined);
}

/**
 * The sites that `sites` names, or all that the caller may view. Throws a WebError if one does not exist, or the caller may not
 * view it: the caller cannot tell which.
 */
export function sitesIn(
  text: string | undefined,
  accounts: Pick<Accounts, 'site' | 'sites'>,
  caller: Pick<Caller, 'rightOn'>,
): Site[] {
  if (text === undefined) return readableSites(accounts, caller);
  return idsIn(text).map((id) => {
    const site = SITE_ID.test(id) && caller.rightOn(id) !== undefined ? accounts.site(id) : undefined;
    if (site === undefined) throw new WebError('unknown-site', unknownSite(id), 'sites');
    return site;
  });
}

function unknownSite(id: string): string {
  const name = SITE_ID.test(id) ? `no site "${id}"` : 'no such site';
  return `You have access to ${name}, which "sites" names. /api/v1/sites lists your sites.`;
}
