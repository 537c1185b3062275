// A team: people who have the same sites. A role in the team is a role on each of its sites.
import { SITE_ROLES, type SiteRole } from './person.js';

export interface Team {
  readonly id: string;
  readonly name: string;
  /** By the id of the person. Somebody whose account was deleted may still be here, and has no effect. */
  readonly members: Readonly<Record<string, SiteRole>>;
  /** Ids. A site that was deleted may still be here, and has no effect. */
  readonly sites: readonly string[];
  readonly createdAtMs: number;
}

/** A team is one record, which must not become too large. */
export const TEAM_MEMBERS_MAX = 200;
export const TEAM_SITES_MAX = 1_000;
/** How many teams a person may own. Operators as well: a limit of mistakes rather than of needs. */
export const TEAMS_OWNED_MAX = 50;

/** The store need not be asked for any other text. */
export const TEAM_ID = /^[0-9a-f]{16}$/;

/**
 * Reads a stored team; undefined if the record is damaged. Fields that a later version has added are kept. Not a schema, because
 * all teams are read whenever an account has changed.
 */
export function readTeam(id: string, value: unknown): Team | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, members, sites, createdAtMs } = value as Partial<Record<keyof Team, unknown>>;
  const isTeam =
    typeof name === 'string' &&
    typeof members === 'object' &&
    members !== null &&
    Object.values(members).every((role) => SITE_ROLES.includes(role)) &&
    Array.isArray(sites) &&
    sites.every((site) => typeof site === 'string') &&
    Number.isSafeInteger(createdAtMs);
  return isTeam ? ({ ...value, id } as Team) : undefined;
}

/** The record of a team. Its id is not part of it. */
export function teamRecord({ id: _, ...rest }: Team): object {
  return rest;
}

export function roleIn({ members }: Pick<Team, 'members'>, personId: string): SiteRole | undefined {
  return Object.hasOwn(members, personId) ? members[personId] : undefined;
}

/** Without a role, the person is not in the team any more. */
export function withMember(team: Team, personId: string, role: SiteRole | undefined): Team {
  const others = Object.entries(team.members).filter(([id]) => id !== personId);
  return { ...team, members: Object.fromEntries(role === undefined ? others : [...others, [personId, role]]) };
}

/** The one with more rights. */
export function greaterRole(one: SiteRole | undefined, other: SiteRole | undefined): SiteRole | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return SITE_ROLES.indexOf(one) <= SITE_ROLES.indexOf(other) ? one : other;
}
