import type { Site } from '../hit/site.js';
import { mayCreateSite } from '../people/rights.js';
import type { Caller } from './callers.js';
import { WebError } from './errors.js';
import type { AppParts } from './parts.js';

/**
 * Creates a site for the caller, who may create sites. A person who is no operator becomes its owner. Throws a WebError if
 * the person has created other sites at the same time, and may not own one more.
 */
export async function createSite(
  { accounts, people }: Pick<AppParts, 'accounts' | 'people'>,
  { signedIn }: Caller,
  site: Site,
): Promise<'added' | 'taken'> {
  if ((await accounts.addSite(site)) === 'taken') return 'taken';
  if (signedIn === undefined || signedIn.person.isOperator) return 'added';
  // In this order: nobody may get a right on a site that somebody else has just created under the same id.
  let isOwner = false;
  await people.directory.change(signedIn.person.id, (person) => {
    isOwner = mayCreateSite(person);
    return isOwner ? { ...person, sites: { ...person.sites, [site.id]: 'owner' } } : person;
  });
  if (isOwner) return 'added';
  await accounts.removeSite(site.id);
  throw new WebError('not-allowed');
}
