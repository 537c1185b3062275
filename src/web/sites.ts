import type { Site } from '../hit/site.js';
import type { People } from '../people/people.js';
import { mayCreateSite } from '../people/rights.js';
import type { SignedIn } from '../people/sessions.js';
import type { Caller } from './callers.js';
import { WebError } from './errors.js';
import { demandHitsLeft } from './limits.js';
import type { AppParts } from './parts.js';

/**
 * Creates a site for the caller, who may create sites. A person who is no operator becomes its owner. Throws a WebError if
 * the person's sites have reached the limit of hits, or the person has created other sites at the same time and may not own
 * one more.
 */
export async function createSite(
  parts: Pick<AppParts, 'accounts' | 'people' | 'audit' | 'usage'>,
  { signedIn, who }: Caller,
  site: Site,
): Promise<'added' | 'taken'> {
  const { accounts, people, audit } = parts;
  await demandHitsLeft(parts, { signedIn });
  if ((await accounts.addSite(site)) === 'taken') return 'taken';
  if (!(await mayKeep(people, signedIn, site.id))) {
    await accounts.removeSite(site.id);
    throw new WebError('sites-limit');
  }
  await audit.record(who, { action: 'site.created', site: site.id });
  return 'added';
}

/** Makes the person who has created the site its owner, unless the person is an operator or may not own one more. */
async function mayKeep({ directory }: People, signedIn: SignedIn | undefined, site: string): Promise<boolean> {
  if (signedIn === undefined || signedIn.person.isOperator) return true;
  // In this order: nobody may get a right on a site that somebody else has just created under the same id.
  let isOwner = false;
  await directory.change(signedIn.person.id, (person) => {
    isOwner = mayCreateSite(person);
    return isOwner ? { ...person, sites: { ...person.sites, [site]: 'owner' } } : person;
  });
  return isOwner;
}
