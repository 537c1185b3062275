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

export function mayCreateSite({ isOperator, sites, sitesMax }: Person): boolean {
  return isOperator || Object.values(sites).filter((role) => role === 'owner').length < sitesMax;
}
