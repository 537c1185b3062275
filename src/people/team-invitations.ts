// Invitations to teams.
import type { Directory } from './directory.js';
import type { Invitation, Invitations } from './invitations.js';
import { demandRoomFor } from './members.js';
import type { SiteRole } from './person.js';
import { TEAM_MEMBERS_MAX, type Team } from './team.js';
import type { TeamChanges } from './teams.js';

type Pending = Pick<Invitations, 'pending'>;

export interface NewTeamMember {
  /** In its normal form; see `checkPerson`. */
  readonly email: string;
  readonly role: SiteRole;
  /** The name of the person who sends the invitation. */
  readonly invitedBy: string;
  readonly inviterId?: string | undefined;
}

/** The invitations to a team that are still valid, by address. */
export function invitedTo({ pending }: Pending, teamId: string): Invitation[] {
  return pending().filter(({ teams = {} }) => Object.hasOwn(teams, teamId));
}

/**
 * Returns the secret of the link. `full`: with those who are invited already, the team would have too many members. Rejects
 * with a TooMany. May reject with an AccountsUnavailable.
 */
export async function inviteToTeam(
  { invitations, directory }: { readonly invitations: Pending & Pick<Invitations, 'create'>; readonly directory: Directory },
  team: Team,
  { role, ...member }: NewTeamMember,
): Promise<{ readonly secret: string } | 'full'> {
  const members = Object.keys(team.members).length + invitedTo(invitations, team.id).length;
  if (members >= TEAM_MEMBERS_MAX) return 'full';
  demandRoomFor(member.inviterId, directory, invitations.pending());
  const grant = { sites: {}, teams: { [team.id]: role }, isOperator: false, sitesMax: 0 };
  return { secret: await invitations.create({ ...member, ...grant }) };
}

/** Deletes a team, and returns the invitations to it, which were withdrawn. May reject with an AccountsUnavailable. */
export async function deleteTeam(
  {
    invitations,
    teamChanges,
  }: { readonly invitations: Pending & Pick<Invitations, 'withdraw'>; readonly teamChanges: TeamChanges },
  teamId: string,
): Promise<Invitation[]> {
  const invited = invitedTo(invitations, teamId);
  await teamChanges.remove(teamId);
  for (const { id } of invited) await invitations.withdraw(id);
  return invited;
}
