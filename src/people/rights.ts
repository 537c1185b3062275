// What somebody may do on a site.
import type { Person, SiteRole } from './person.js';

/** Each includes those before it. `view`: read reports. `edit`: change settings. `own`: tokens, members, deletion. */
export const RIGHTS = ['view', 'edit', 'own'] as const;
export type Right = (typeof RIGHTS)[number];

const RIGHT_OF_ROLE: Readonly<Record<SiteRole, Right>> = { viewer: 'view', editor: 'edit', owner: 'own' };

/** The right of a person on a site that exists; undefined: none. */
export function rightOf(person: Person, site: string): Right | undefined {
  if (person.isOperator) return 'own';
  const role = Object.hasOwn(person.sites, site) ? person.sites[site] : undefined;
  return role && RIGHT_OF_ROLE[role];
}

export function includes(right: Right | undefined, needed: Right): boolean {
  return right !== undefined && RIGHTS.indexOf(right) >= RIGHTS.indexOf(needed);
}

/** Whether nobody else is an operator. */
export function isOnlyOperator(id: string, everybody: readonly Person[]): boolean {
  return !everybody.some((person) => person.isOperator && person.id !== id);
}

/** The ids of the sites that the person owns: only these count for the limits of the person. */
export function ownedSites({ sites }: Pick<Person, 'sites'>): string[] {
  return Object.keys(sites).filter((site) => sites[site] === 'owner');
}

/** Whether the number of sites allows another one. See usage.ts for the limit of hits. */
export function mayCreateSite(person: Person): boolean {
  return person.isOperator || ownedSites(person).length < person.sitesMax;
}
