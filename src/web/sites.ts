import type { Site } from '../hit/site.js';
import type { Caller } from './callers.js';
import type { AppParts } from './parts.js';

/** Creates a site for the caller, who may create sites. A person who is no operator becomes its owner. */
export async function createSite(
  { accounts, people }: Pick<AppParts, 'accounts' | 'people'>,
  { signedIn }: Caller,
  site: Site,
): Promise<'added' | 'taken'> {
  if ((await accounts.addSite(site)) === 'taken') return 'taken';
  // In this order: nobody may get a right on a site that somebody else has just created under the same id.
  if (signedIn !== undefined && !signedIn.person.isOperator) {
    await people.directory.change(signedIn.person.id, (person) => ({
      ...person,
      sites: { ...person.sites, [site.id]: 'owner' },
    }));
  }
  return 'added';
}
