// hitherto team list | add | set | remove
import type { Command } from 'commander';
import { fieldChange, personSubject } from '../operations/audit/changes.js';
import type { People } from '../people/people.js';
import { checkPerson, SITE_ROLES, type SiteRole } from '../people/person.js';
import type { Team } from '../people/team.js';
import { deleteTeam } from '../people/team-invitations.js';
import type { ToolParts } from '../process/compose.js';
import type { AuditedChange } from '../store/audit-log.js';
import { namedPerson, namedSite } from './arguments.js';
import { recordChanges } from './record-changes.js';
import { CommandFailure, table } from './run.js';
import { withPeople } from './with-tool.js';

interface SetOptions {
  name?: string;
  site?: string;
  removeSite?: string;
  member?: string;
  role?: string;
  removeMember?: string;
}

export function teamCommands(program: Command): void {
  const team = program.command('team').description('Manage teams: groups of people who have a role on the same sites.');

  team
    .command('list')
    .description('List the teams: id, name, members, sites.')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }, command: Command) =>
      withPeople(command, async (people) => {
        process.stdout.write(json ? teamsAsJson(people) : table(people.teams.all().map((one) => teamRow(people, one))));
      }),
    );

  team
    .command('add')
    .argument('<name>')
    .requiredOption('--owner <email>', 'the person who will manage the team')
    .description('Add a team. Prints its id.')
    .action((name: string, { owner }: { owner: string }, command: Command) =>
      withPeople(command, async (people, parts) => {
        const created = await people.teamChanges.create(checkedName(name), namedPerson(people, owner).id);
        if (created === 'too-many') throw new CommandFailure(`${owner} owns as many teams as a person may; remove one first`);
        await recordChanges(parts, { action: 'team.created', subject: subjectOf(created) });
        process.stdout.write(`${created.id}\n`);
      }),
    );

  team
    .command('set')
    .argument('<id>')
    .option('--name <name>', 'its new name')
    .option('--site <id>', 'add this site')
    .option('--remove-site <id>', 'remove this site')
    .option('--member <email>', 'add this person, or change the role, with --role')
    .option(`--role <${SITE_ROLES.join('|')}>`, 'the role of that person on all sites of the team')
    .option('--remove-member <email>', 'remove this person')
    .description('Change a team. Takes effect within a second.')
    .action((id: string, options: SetOptions, command: Command) => set(command, id, options));

  team
    .command('remove')
    .argument('<id>')
    .description('Delete a team. Its members lose the roles that they have through it. Sites and accounts remain.')
    .action((id: string, _options: object, command: Command) =>
      withPeople(command, async (people, parts) => {
        const removed = namedTeam(people, id);
        const invited = await deleteTeam(people, id);
        const subject = subjectOf(removed);
        await recordChanges(
          parts,
          { action: 'team.deleted', subject },
          ...removed.sites.map((site): AuditedChange => ({ action: 'team.site-removed', site, subject })),
          ...invited.map(({ email }): AuditedChange => ({ action: 'invitation.withdrawn', subject: { kind: 'address', email } })),
        );
      }),
    );
}

async function set(command: Command, id: string, options: SetOptions): Promise<void> {
  const { name, site, removeSite, member, role, removeMember } = options;
  if (Object.keys(options).length === 0) command.error('nothing to change: name at least one option, such as --site');
  if ((member === undefined) !== (role === undefined)) {
    command.error('--member and --role are needed together: --member anna@example.com --role viewer');
  }
  const known = SITE_ROLES.find((one) => one === role);
  if (role !== undefined && known === undefined) command.error(`"${role}" is not a role: use ${SITE_ROLES.join(', ')}`);
  await withPeople(command, async (people, parts) => {
    const { teamChanges } = people;
    const team = namedTeam(people, id);
    const subject = subjectOf(team);
    if (removeMember !== undefined) await changeMember(people, parts, team, { email: removeMember, role: undefined });
    if (member !== undefined && known !== undefined) await changeMember(people, parts, team, { email: member, role: known });
    if (site !== undefined) {
      const outcome = await teamChanges.addSite(id, namedSite(parts.accounts, site).id);
      if (outcome === 'full') throw new CommandFailure('the team has as many sites as a team may have');
      await recordChanges(parts, team.sites.includes(site) ? undefined : { action: 'team.site-added', site, subject });
    }
    if (removeSite !== undefined) {
      if (!team.sites.includes(removeSite)) throw new CommandFailure(`the site "${removeSite}" is not in the team`);
      await teamChanges.removeSite(id, removeSite);
      await recordChanges(parts, { action: 'team.site-removed', site: removeSite, subject });
    }
    if (name !== undefined) {
      const checked = checkedName(name);
      await teamChanges.rename(id, checked);
      await recordChanges(parts, { action: 'team.renamed', subject, changes: [fieldChange('name', team.name, checked)] });
    }
  });
}

async function changeMember(
  people: People,
  parts: ToolParts,
  team: Team,
  { email, role }: { readonly email: string; readonly role: SiteRole | undefined },
): Promise<void> {
  const { teamMembers } = people;
  const person = namedPerson(people, email);
  const before = Object.hasOwn(team.members, person.id) ? team.members[person.id] : undefined;
  if (before === undefined && role === undefined) throw new CommandFailure(`${email} is not a member of the team`);
  if (before === undefined && role !== undefined) await teamMembers.join(team.id, person.id, role);
  else if ((await teamMembers.change(team.id, person.id, role)) === 'last-owner') {
    throw new CommandFailure(`${email} is the only owner of the team; make somebody else an owner first`);
  }
  if (before === role) return;
  const action = role === undefined ? 'team.member-removed' : 'team.member-role';
  const changes = [fieldChange('team', undefined, team.name), fieldChange('role', before, role)];
  await recordChanges(parts, { action, subject: personSubject(person), changes });
}

function namedTeam({ teams }: People, id: string): Team {
  const team = teams.team(id);
  if (team === undefined) throw new CommandFailure(`there is no team "${id}"; \`hitherto team list\` lists all teams`);
  return team;
}

function checkedName(name: string): string {
  const checked = checkPerson({ name });
  if ('problems' in checked) throw new CommandFailure(`the name cannot be used: ${checked.problems[0]?.message}`);
  return checked.checked.name;
}

function subjectOf({ id, name }: Team) {
  return { kind: 'team', id, name } as const;
}

function teamRow({ teamMembers }: People, team: Team): string[] {
  const members = teamMembers.of(team).map(({ person, role }) => `${person.email} (${role})`);
  return [team.id, team.name, members.join(', ') || 'nobody', team.sites.join(', ') || 'no sites'];
}

function teamsAsJson({ teams, teamMembers }: People): string {
  const listed = teams.all().map((team) => ({
    id: team.id,
    name: team.name,
    members: teamMembers.of(team).map(({ person, role }) => ({ email: person.email, role })),
    sites: team.sites,
    createdAt: new Date(team.createdAtMs).toISOString(),
  }));
  return `${JSON.stringify({ teams: listed })}\n`;
}
