// The people of a team. A team is one record, so each change is decided by what is stored at that moment, also if two
// processes change the team at the same time.

import type { Directory } from './directory.js';
import type { Person, SiteRole } from './person.js';
import type { PeopleRecords } from './reservations.js';
import { greaterRole, readTeam, roleIn, TEAM_ID, type Team, teamRecord, withMember } from './team.js';
import type { Teams } from './teams.js';

export interface TeamMember {
  readonly person: Person;
  readonly role: SiteRole;
}

/** `unknown`: there is no such team or member. `last-owner`: nothing was changed, since the team would have no owner. */
export type TeamMemberChange = 'changed' | 'unknown' | 'last-owner';

/** Those that change something may reject with an AccountsUnavailable. */
export interface TeamMembers {
  /** Sorted by name. */
  of(team: Team): TeamMember[];
  /** Adds somebody who has accepted an invitation. Nobody loses a right by it. */
  join(teamId: string, personId: string, role: SiteRole): Promise<void>;
  /** Without a role, the person is removed from the team. */
  change(teamId: string, personId: string, role: SiteRole | undefined): Promise<TeamMemberChange>;
  /** The teams that would have no owner without the person, and of which others are members. */
  onlyOwnedBy(personId: string): Team[];
  /** For an account that was deleted. A team without members is removed as well. */
  removeEverywhere(personId: string): Promise<void>;
}

export function createTeamMembers(
  records: PeopleRecords,
  directory: Pick<Directory, 'person'>,
  teams: Pick<Teams, 'ofPerson'>,
): TeamMembers {
  const hasOwnerBeside = ({ members }: Team, personId: string): boolean =>
    Object.entries(members).some(([id, role]) => role === 'owner' && id !== personId && directory.person(id) !== undefined);
  const changeTeam = (id: string, act: (team: Team) => Team | undefined): Promise<'changed' | 'unknown'> =>
    records.changeRecord('team', id, (value) => {
      const team = readTeam(id, value);
      if (team === undefined) return value as object;
      const after = act(team);
      return after && teamRecord(after);
    });

  return {
    of: ({ members }) =>
      Object.entries(members)
        .flatMap(([id, role]) => {
          const person = directory.person(id);
          return person === undefined ? [] : [{ person, role }];
        })
        .sort((a, b) => a.person.name.localeCompare(b.person.name) || (a.person.id < b.person.id ? -1 : 1)),
    async join(teamId, personId, role) {
      await changeTeam(teamId, (team) => withMember(team, personId, greaterRole(roleIn(team, personId), role)));
    },
    async change(teamId, personId, role) {
      if (!TEAM_ID.test(teamId)) return 'unknown';
      let outcome: TeamMemberChange = 'unknown';
      await changeTeam(teamId, (team) => {
        const before = roleIn(team, personId);
        const isLoss = before === 'owner' && role !== 'owner';
        outcome = before === undefined ? 'unknown' : isLoss && !hasOwnerBeside(team, personId) ? 'last-owner' : 'changed';
        return outcome === 'changed' ? withMember(team, personId, role) : team;
      });
      return outcome;
    },
    onlyOwnedBy: (personId) =>
      teams
        .ofPerson(personId)
        .filter(
          (team) => roleIn(team, personId) === 'owner' && Object.keys(team.members).length > 1 && !hasOwnerBeside(team, personId),
        ),
    async removeEverywhere(personId) {
      for (const { id } of teams.ofPerson(personId)) {
        await changeTeam(id, (team) => {
          const without = withMember(team, personId, undefined);
          return Object.keys(without.members).length === 0 ? undefined : without;
        });
      }
    },
  };
}
