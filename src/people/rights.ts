// What somebody may do on a site.
import type { Person, SiteRole } from './person.js';
import { greaterRole } from './team.js';
import type { Teams } from './teams.js';

/** Each includes those before it. `view`: read reports. `edit`: change settings. `own`: tokens, members, deletion. */
export const RIGHTS = ['view', 'edit', 'own'] as const;
export type Right = (typeof RIGHTS)[number];

const RIGHT_OF_ROLE: Readonly<Record<SiteRole, Right>> = { viewer: 'view', editor: 'edit', owner: 'own' };

/**
 * The right of a person on a site that exists; undefined: none. It is the greatest of those that the person's own role and
 * the person's teams give.
 */
export function rightOf(person: Person, site: string, teams: Pick<Teams, 'roleOn'>): Right | undefined {
  if (ownsDirectly(person, site)) return 'own';
  const role = greaterRole(roleOn(person, site), teams.roleOn(person.id, site));
  return role && RIGHT_OF_ROLE[role];
}

/**
 * Whether the person owns the site without a team. Only such a person may delete the site, and decide who else owns it, so
 * that nobody can take a site away from its owners after they have shared it with a team.
 */
export function ownsDirectly(person: Person, site: string): boolean {
  return person.isOperator || roleOn(person, site) === 'owner';
}

function roleOn({ sites }: Person, site: string): SiteRole | undefined {
  return Object.hasOwn(sites, site) ? sites[site] : undefined;
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

/**
 * Only people who have sites to share, or may have some. Owners of teams invite others, who get accounts, so it must not be
 * enough to be a viewer of one site.
 */
export function mayCreateTeam(person: Person): boolean {
  return person.isOperator || person.sitesMax > 0 || ownedSites(person).length > 0;
}
