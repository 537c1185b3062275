// What people do about teams, and how it is recorded. See src/people/team.ts for what a team is.
import { fieldChange } from '../operations/audit/changes.js';
import type { SiteRole } from '../people/person.js';
import type { Team } from '../people/team.js';
import { deleteTeam, inviteToTeam } from '../people/team-invitations.js';
import type { TeamMemberChange } from '../people/team-members.js';
import type { TeamChange } from '../people/teams.js';
import type { AuditedChange, Subject } from '../store/audit-log.js';
import { TEAMS_MAX, TooMany } from '../store/too-many.js';
import { actorOf, type Caller } from './callers.js';
import { demandDirectOwner } from './direct-owner.js';
import { WebError } from './errors.js';
import type { AppParts } from './parts.js';

/** All of these throw a WebError if nothing was changed, and may reject with an AccountsUnavailable. */
export interface TeamActs {
  /** `name`: see `checkPerson`. */
  create(caller: Caller, name: string): Promise<Team>;
  rename(caller: Caller, team: Team, name: string): Promise<void>;
  remove(caller: Caller, team: Team): Promise<void>;
  /** Returns the secret of the link. `email`: in its normal form. */
  invite(caller: Caller, team: Team, member: { readonly email: string; readonly role: SiteRole }): Promise<string>;
  withdraw(caller: Caller, team: Team, invitation: string): Promise<void>;
  /** Without a role, the person is removed from the team. Also for people who leave. */
  changeMember(
    caller: Caller,
    team: Team,
    member: { readonly person: string; readonly role: SiteRole | undefined },
  ): Promise<void>;
  /** Only sites that the caller owns without a team. */
  addSite(caller: Caller, team: Team, site: string): Promise<void>;
  removeSite(caller: Caller, team: Team, site: string): Promise<void>;
}

export function createTeamActs({ accounts, people, audit }: Pick<AppParts, 'accounts' | 'people' | 'audit'>): TeamActs {
  const { directory, invitations, teamChanges, teamMembers } = people;
  const withdrawn = (email: string): AuditedChange => ({ action: 'invitation.withdrawn', subject: { kind: 'address', email } });
  return {
    async create({ who, signedIn, isOperator }, name) {
      if (!isOperator && people.teams.all().length >= TEAMS_MAX)
        throw new TooMany({
          en: 'This service has too many teams. Ask an operator to create yours, or to delete some.',
          de: 'Dieser Dienst hat zu viele Teams. Bitten Sie einen Betreiber, Ihres anzulegen oder andere zu löschen.',
        });
      const team = signedIn && (await teamChanges.create(name, signedIn.person.id));
      if (team === undefined || team === 'too-many') throw new WebError('teams-limit');
      await audit.record(who, { action: 'team.created', subject: teamSubject(team) });
      return team;
    },
    async rename({ who }, team, name) {
      demandChanged(await teamChanges.rename(team.id, name));
      const changes = [fieldChange('name', team.name, name)];
      await audit.record(who, name === team.name ? undefined : { action: 'team.renamed', subject: teamSubject(team), changes });
    },
    async remove({ who }, team) {
      const invited = await deleteTeam(people, team.id);
      await audit.record(who, { action: 'team.deleted', subject: teamSubject(team) });
      for (const site of team.sites) {
        if (accounts.site(site) !== undefined) await audit.record(who, siteChange('team.site-removed', team, site));
      }
      for (const { email } of invited) await audit.record(who, withdrawn(email));
    },
    async invite({ who, signedIn }, team, { email, role }) {
      const { name, id } = signedIn?.person ?? { name: team.name, id: undefined };
      const sent = await inviteToTeam(people, team, { email, role, invitedBy: name, inviterId: id });
      if (sent === 'full') throw new WebError('team-full');
      await audit.record(who, memberChange('team.member-invited', team, { kind: 'address', email }, undefined, role));
      return sent.secret;
    },
    async withdraw({ who }, { id: team }, invitation) {
      const found = invitations.pending().find(({ id, teams = {} }) => id === invitation && String(Object.keys(teams)) === team);
      if (found === undefined) return; // it was accepted or withdrawn meanwhile
      await invitations.withdraw(invitation);
      await audit.record(who, withdrawn(found.email));
    },
    async changeMember({ who }, team, { person, role }) {
      const before = Object.hasOwn(team.members, person) ? team.members[person] : undefined;
      const name = directory.person(person)?.name ?? '';
      demandMemberChanged(await teamMembers.change(team.id, person, role));
      if (before === role) return;
      const action = role === undefined ? 'team.member-removed' : 'team.member-role';
      await audit.record(who, memberChange(action, team, actorOf({ id: person, name }), before, role));
    },
    async addSite(caller, team, site) {
      if (accounts.site(site) === undefined || caller.rightOn(site) === undefined) throw new WebError('unknown-site');
      demandDirectOwner(caller, site);
      demandChanged(await teamChanges.addSite(team.id, site));
      const change = siteChange('team.site-added', team, site);
      await audit.record(caller.who, team.sites.includes(site) ? undefined : change);
    },
    async removeSite({ who }, team, site) {
      demandChanged(await teamChanges.removeSite(team.id, site));
      await audit.record(who, team.sites.includes(site) ? siteChange('team.site-removed', team, site) : undefined);
    },
  };
}

function teamSubject({ id, name }: Team): Subject {
  return { kind: 'team', id, name };
}

/** It is also among the changes of the site, whose owners want to know who has access. */
function siteChange(action: 'team.site-added' | 'team.site-removed', team: Team, site: string): AuditedChange {
  return { action, site, subject: teamSubject(team) };
}

function memberChange(
  action: 'team.member-invited' | 'team.member-role' | 'team.member-removed',
  team: Pick<Team, 'name'>,
  subject: Subject,
  ...[from, to]: readonly [SiteRole | undefined, SiteRole | undefined]
): AuditedChange {
  return { action, subject, changes: [fieldChange('team', undefined, team.name), fieldChange('role', from, to)] };
}

function demandChanged(outcome: TeamChange): void {
  if (outcome === 'unknown') throw new WebError('unknown-team');
  if (outcome === 'full') throw new WebError('team-full');
}

function demandMemberChanged(outcome: TeamMemberChange): void {
  if (outcome === 'unknown')
    throw new WebError('unknown-member', {
      en: 'This person is not a member of the team.',
      de: 'Diese Person ist kein Mitglied des Teams.',
    });
  if (outcome === 'last-owner')
    throw new WebError('last-owner', {
      en: 'This is the only owner of the team. Make somebody else an owner first.',
      de: 'Das ist der einzige Inhaber des Teams. Machen Sie zuerst eine andere Person zum Inhaber.',
    });
}
