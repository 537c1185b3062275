// How much people have used of their limits, and what they cannot do when a limit is reached.
import type { Person } from '../people/person.js';
import { stateOfHits } from '../people/usage.js';
import type { Caller } from './callers.js';
import { WebError } from './errors.js';
import type { Used } from './pages/limits.js';
import type { AppParts } from './parts.js';

export async function usedBy({ usage }: Pick<AppParts, 'usage'>, person: Person): Promise<Used> {
  return { person, hits: person.isOperator ? undefined : await usage.hitsOf(person) };
}

/** Does not count hits for somebody who has no limit. */
export async function usedOfLimit(parts: Pick<AppParts, 'usage'>, person: Person): Promise<Used> {
  return person.hitsMax === undefined ? { person, hits: undefined } : usedBy(parts, person);
}

/** Throws a WebError if the caller has reached a limit. While the hits are not known, they do not stop anybody. */
export async function demandHitsLeft(parts: Pick<AppParts, 'usage'>, { signedIn }: Pick<Caller, 'signedIn'>): Promise<void> {
  if (signedIn === undefined || signedIn.person.isOperator) return;
  const { hits, person } = await usedOfLimit(parts, signedIn.person);
  if (stateOfHits(hits, person.hitsMax) === 'reached') throw new WebError('hits-limit');
}
