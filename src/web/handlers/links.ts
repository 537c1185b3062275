// What happens behind a link that somebody received: accepting an invitation, choosing a new password.

import type { Request } from 'express';
import { passwordChangedMail } from '../../mail/mails.js';
import { fieldChange, passkeysChange, providerChange } from '../../operations/audit/changes.js';
import type { Invitation } from '../../people/invitations.js';
import { checkPerson, type FieldProblem, type Person } from '../../people/person.js';
import { basePathOf } from '../base-path.js';
import { actorOf, type Callers, setCookie } from '../callers.js';
import { setCookieOf } from '../code-cookie.js';
import { mailLanguage } from '../language.js';
import { invitationPage, linkOverPage, newPasswordPage, passwordLinkOverPage } from '../pages/links.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { browserOf, form, goTo, show, textField } from './form.js';

export function addLinks(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  addInvitations(addRoute, parts, callers);
  addPasswords(addRoute, parts);
}

function addInvitations(addRoute: AddRoute, { accounts, people, provider, audit, publicUrl }: AppParts, callers: Callers): void {
  const { directory, invitations, sessions } = people;
  const base = () => basePathOf(publicUrl());

  /** Undefined: the link is over. */
  const find = async (secret: string) => {
    if (invitations.find(secret) === undefined) await accounts.refresh(); // it may be new
    return invitations.find(secret);
  };
  const view = (req: Request, invitation: Invitation) => ({
    base: base(),
    path: req.path.replace(/\/$/, ''),
    invitation,
    titles: Object.keys(invitation.sites).flatMap((id) => accounts.site(id)?.title ?? []),
    teams: Object.keys(invitation.teams ?? {}).flatMap((id) => people.teams.team(id)?.name ?? []),
    person: callers.of(req)?.signedIn?.person,
    hasAccount: directory.byEmail(invitation.email) !== undefined,
    provider: provider?.label,
  });

  addRoute('GET /invitations/:secret', async (req, res) => {
    const invitation = await find(String(req.params.secret));
    if (invitation === undefined) return show(res, linkOverPage(base()), 404);
    show(res, invitationPage(view(req, invitation)));
  });

  addRoute(
    'POST /invitations/:secret',
    async (req, res) => {
      const invitation = await find(String(req.params.secret));
      if (invitation === undefined) return show(res, linkOverPage(base()), 404);
      const parts = view(req, invitation);
      if (parts.person !== undefined) {
        if ((await invitations.acceptAs(invitation, parts.person)) === 'over') return show(res, linkOverPage(base()), 404);
        await recordAccepted({ people, audit }, parts.person, invitation, 'invitation.accepted');
        return goTo(res, `${base()}/`);
      }
      if (parts.hasAccount) return show(res, invitationPage(parts));
      const name = textField(req, 'name');
      const checked = checkPerson({ name, email: invitation.email, password: textField(req, 'password') });
      if ('problems' in checked) return show(res, invitationPage({ ...parts, name, problems: checked.problems }), 400);
      const person = await invitations.acceptAsNew(invitation, checked.checked);
      if (person === undefined) return show(res, linkOverPage(base()), 404);
      await recordAccepted({ people, audit }, person, invitation, 'person.joined');
      setCookie(res, await sessions.begin(person.id, browserOf(req)), publicUrl());
      goTo(res, `${base()}/`);
    },
    form,
  );
}

/** `otherwise`: the action if the invitation is to no site and no team. */
export async function recordAccepted(
  { people, audit }: Pick<AppParts, 'people' | 'audit'>,
  person: Person,
  { sites, teams = {}, isOperator }: Invitation,
  otherwise: 'person.joined' | 'invitation.accepted',
): Promise<void> {
  const who = actorOf(person);
  const roles = Object.entries(sites);
  for (const [site, role] of roles) {
    await audit.record(who, { action: 'member.joined', site, changes: [fieldChange('role', undefined, role)] });
  }
  const rolesInTeams = Object.entries(teams);
  for (const [id, role] of rolesInTeams) {
    const subject = { kind: 'team', id, name: people.teams.team(id)?.name ?? '' } as const;
    await audit.record(who, { action: 'team.member-joined', subject, changes: [fieldChange('role', undefined, role)] });
  }
  if (roles.length + rolesInTeams.length > 0) return;
  await audit.record(who, { action: otherwise, ...(isOperator && { changes: [fieldChange('isOperator', undefined, true)] }) });
}

function addPasswords(addRoute: AddRoute, { accounts, people, audit, mailer, publicUrl }: AppParts): void {
  const { passwordChanges, sessions } = people;
  const base = () => basePathOf(publicUrl());
  const find = async (secret: string) => {
    if (passwordChanges.personOfLink(secret) === undefined) await accounts.refresh(); // it may be new
    return passwordChanges.personOfLink(secret);
  };

  addRoute('GET /passwords/:secret', async (req, res) => {
    const person = await find(String(req.params.secret));
    if (person === undefined) return show(res, passwordLinkOverPage(base()), 404);
    show(res, newPasswordPage(base(), req.path, person));
  });

  addRoute(
    'POST /passwords/:secret',
    async (req, res) => {
      const secret = String(req.params.secret);
      const person = await find(secret);
      if (person === undefined) return show(res, passwordLinkOverPage(base()), 404);
      const password = textField(req, 'password');
      const checked = checkPerson({ email: person.email, password });
      const problems: readonly FieldProblem[] = 'problems' in checked ? checked.problems : [];
      if (problems.length > 0) return show(res, newPasswordPage(base(), req.path, person, problems), 400);
      const changed = await passwordChanges.useLink(secret, password);
      if (changed === undefined) return show(res, passwordLinkOverPage(base()), 404);
      await audit.record(actorOf(person), { action: 'person.password' });
      await audit.record(actorOf(person), providerChange(person, false));
      await audit.record(actorOf(person), passkeysChange(person, 0));
      void mailer?.send(passwordChangedMail(changed, publicUrl())[mailLanguage(res, changed)]);
      const begun = await sessions.beginAfterFirstStep(changed, browserOf(req));
      if (begun === undefined) return goTo(res, `${base()}/`);
      goTo(res, setCookieOf(res, begun, publicUrl()));
    },
    form,
  );
}
