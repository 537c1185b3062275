// Teams: the list of a person's teams, and the page of one.

import type { Request, Response } from 'express';
import type { Text } from '../../language/languages.js';
import { checkPerson, type Person, SITE_ROLES, type SiteRole } from '../../people/person.js';
import { mayCreateTeam, ownedSites } from '../../people/rights.js';
import { roleIn, type Team } from '../../people/team.js';
import { invitedTo } from '../../people/team-invitations.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { WebError } from '../errors.js';
import { mailLanguage } from '../language.js';
import { mailInvitation } from '../mails.js';
import { navigation } from '../pages/navigation.js';
import { invitationLink, type ShownLink } from '../pages/people.js';
import { teamPage } from '../pages/team.js';
import { type TeamsParts, teamsPage } from '../pages/teams.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { createTeamActs, type TeamActs } from '../teams.js';
import { form, goTo, messageIn, problemText, show, textField } from './form.js';

const DONE: Readonly<Record<string, Text>> = {
  created: {
    en: 'The team was created. Add sites to it, and invite people.',
    de: 'Das Team wurde angelegt. Fügen Sie Websites hinzu, und laden Sie Personen ein.',
  },
  name: { en: 'The name was saved.', de: 'Der Name wurde gespeichert.' },
  members: { en: 'The members were changed.', de: 'Die Mitglieder wurden geändert.' },
  site: { en: 'The sites of the team were changed.', de: 'Die Websites des Teams wurden geändert.' },
};
const DONE_TEAMS: Readonly<Record<string, Text>> = {
  deleted: { en: 'The team was deleted. Its sites remain.', de: 'Das Team wurde gelöscht. Seine Websites bleiben.' },
  left: { en: 'You have left the team.', de: 'Sie haben das Team verlassen.' },
};

export function addTeams(addRoute: AddRoute, parts: AppParts): void {
  const { people, publicUrl } = parts;
  const base = () => basePathOf(publicUrl());
  const acts = createTeamActs(parts);
  const showTeam = createShowTeam(parts);

  const showTeams = (res: Response, caller: Caller, person: Person, more: Pick<TeamsParts, 'done' | 'problem'>) => {
    const { id } = person;
    const teams = people.teams.ofPerson(id).map((team) => ({ team, role: roleIn(team, id) as SiteRole }));
    show(
      res,
      teamsPage({ base: base(), nav: navigation(base(), caller), teams, mayCreate: mayCreateTeam(person), ...more }),
      more.problem === undefined ? 200 : 400,
    );
  };

  addRoute('GET /teams', (req, res, { caller, signedIn: { person } }) =>
    showTeams(res, caller, person, { done: messageIn(req, DONE_TEAMS) }),
  );

  addRoute(
    'POST /teams',
    async (req, res, { caller, signedIn: { person } }) => {
      const checked = checkPerson({ name: textField(req, 'name') });
      if ('problems' in checked) return showTeams(res, caller, person, { problem: checked.problems[0] });
      const { id } = await acts.create(caller, checked.checked.name);
      goTo(res, `${base()}/teams/${id}?done=created`);
    },
    form,
  );

  addRoute('GET /teams/:team', (req, res, { caller, team }) => showTeam(res, caller, team, { done: messageIn(req, DONE) }));

  addRoute(
    'POST /teams/:team/leave',
    async (req, res, { caller, signedIn: { person }, team }) => {
      if (textField(req, 'act') !== 'leave') throw new WebError('bad-request');
      await acts.changeMember(caller, team, { person: person.id, role: undefined });
      goTo(res, `${base()}/teams?done=left`);
    },
    form,
  );

  addRoute(
    'POST /teams/:team',
    async (req, res, { caller, team }) => {
      const act = textField(req, 'act');
      if (act === 'invite') {
        const { email, role } = memberIn(req);
        const secret = await acts.invite(caller, team, { email, role });
        const { link, mailed } = await mailInvitation(parts, caller, secret, { language: mailLanguage(res) });
        return showTeam(res, caller, team, { link: invitationLink(email, link, mailed) });
      }
      const done = await change(acts, caller, team, req);
      goTo(res, act === 'delete' ? `${base()}/teams?done=deleted` : `${base()}/teams/${team.id}?done=${done}`);
    },
    form,
  );
}

/** Returns the name of what was done. */
async function change(acts: TeamActs, caller: Caller, team: Team, req: Request): Promise<string> {
  const act = textField(req, 'act');
  if (act === 'rename') {
    const checked = checkPerson({ name: textField(req, 'name') });
    if ('problems' in checked) throw new WebError('bad-request', problemText(checked.problems));
    await acts.rename(caller, team, checked.checked.name);
    return 'name';
  }
  if (act === 'add-site' || act === 'remove-site') {
    const site = textField(req, 'site').trim();
    await (act === 'add-site' ? acts.addSite(caller, team, site) : acts.removeSite(caller, team, site));
    return 'site';
  }
  if (act === 'delete') await acts.remove(caller, team);
  else if (act === 'withdraw') await acts.withdraw(caller, team, textField(req, 'invitation'));
  else if (act === 'role' || act === 'remove') {
    const role = act === 'role' ? roleTyped(req) : undefined;
    await acts.changeMember(caller, team, { person: textField(req, 'person'), role });
  } else throw new WebError('bad-request');
  return 'members';
}

function memberIn(req: Request): { readonly email: string; readonly role: SiteRole } {
  const checked = checkPerson({ email: textField(req, 'email') });
  if ('problems' in checked) throw new WebError('bad-request', problemText(checked.problems));
  return { email: checked.checked.email, role: roleTyped(req) };
}

function roleTyped(req: Request): SiteRole {
  const role = textField(req, 'role') as SiteRole;
  if (!SITE_ROLES.includes(role)) throw new WebError('bad-request', { en: 'Choose a role.', de: 'Wählen Sie eine Rolle.' });
  return role;
}

interface Shown {
  readonly done?: Text | undefined;
  readonly link?: ShownLink;
}

function createShowTeam({ accounts, people, mailer, publicUrl }: AppParts) {
  return (res: Response, caller: Caller, { id }: Team, more: Shown): void => {
    const base = basePathOf(publicUrl());
    const team = people.teams.team(id);
    const person = caller.signedIn?.person;
    if (team === undefined || person === undefined) throw new WebError('unknown-team');
    const isListed = new Set(team.sites);
    const addable = person.isOperator ? accounts.sites() : ownedSites(person).flatMap((site) => accounts.site(site) ?? []);
    const ofOwner = {
      members: people.teamMembers.of(team),
      invitations: invitedTo(people.invitations, id),
      sendsMail: mailer !== undefined,
      addable: addable.filter((site) => !isListed.has(site.id)),
    };
    const view = {
      base,
      nav: navigation(base, caller),
      team,
      sites: team.sites.flatMap((site) => accounts.site(site) ?? []),
      role: roleIn(team, person.id),
      ofOwner: caller.roleInTeam(id) === 'owner' ? ofOwner : undefined,
    };
    show(res, teamPage({ ...view, ...more }));
  };
}
