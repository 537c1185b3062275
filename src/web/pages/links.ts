// The pages behind links that people receive: an invitation, and a new password.
import type { Invitation } from '../../people/invitations.js';
import { passkeysOf } from '../../people/passkeys.js';
import type { FieldProblem, Person } from '../../people/person.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { nameField, newPasswordField, usernameField } from './person-fields.js';
import { providerLink } from './sign-in.js';

export interface InvitationParts {
  readonly base: string;
  readonly path: string;
  readonly invitation: Invitation;
  /** The titles of its sites. */
  readonly titles: readonly string[];
  /** The names of its teams. */
  readonly teams: readonly string[];
  /** The person who is signed in in this browser. */
  readonly person: Person | undefined;
  /** Whether there is an account for the invited address. */
  readonly hasAccount: boolean;
  /** The text of the button of the provider; undefined: none is configured. */
  readonly provider?: string | undefined;
  readonly name?: string;
  readonly problems?: readonly FieldProblem[];
}

export function invitationPage(parts: InvitationParts): Html {
  const { base, path, invitation, person } = parts;
  const { invitedBy, sitesMax } = invitation;
  return page({
    base,
    title: 'Invitation – Hitherto',
    main: html`<main class="narrow">
<h1>You are invited</h1>
<p><bdi>${invitedBy}</bdi> invites you to ${purposeOf(parts)}.
${sitesMax > 0 && html`You may create up to ${sitesMax} ${sitesMax === 1 ? 'site' : 'sites'} of your own.`}</p>
${person === undefined && parts.provider !== undefined && providerLink(`${base}${path}/oidc`, parts.provider)}
${person !== undefined ? acceptForm(base, path, person) : parts.hasAccount ? signInFirst(base, invitation.email) : newForm(parts)}
</main>`,
  });
}

function purposeOf({ invitation, titles, teams }: InvitationParts): Html | string {
  if (invitation.isOperator) return 'run this service';
  if (titles.length > 0) return html`see the statistics of ${listed(titles)}`;
  return teams.length > 0 ? html`join the team ${listed(teams)}` : 'measure your own sites here';
}

function listed(names: readonly string[]): Html[] {
  return names.map((name, i) => html`${i > 0 && ', '}<strong><bdi>${name}</bdi></strong>`);
}

function acceptForm(base: string, path: string, person: Person): Html {
  return html`<form class="card form" method="post" action="${base}${path}">
  <p>You are signed in as <bdi>${person.email}</bdi>.</p>
  <button class="main-button">Accept</button>
</form>`;
}

function signInFirst(base: string, email: string): Html {
  return html`<p class="card">There is an account for <bdi>${email}</bdi>. <a href="${base}/">Sign in</a>, then open this link
again.</p>`;
}

function newForm({ base, path, invitation, name = '', problems = [] }: InvitationParts): Html {
  return html`<form class="card form" method="post" action="${base}${path}">
  <p>You will sign in as <strong><bdi>${invitation.email}</bdi></strong>.</p>
  ${usernameField(invitation.email)}
  ${nameField(name, problems)}
  ${newPasswordField(problems)}
  <button class="main-button">Create account</button>
</form>`;
}

export function newPasswordPage(base: string, path: string, person: Person, problems: readonly FieldProblem[] = []): Html {
  return page({
    base,
    title: 'New password – Hitherto',
    main: html`<main class="narrow">
<h1>Choose a new password</h1>
<form class="card form" method="post" action="${base}${path}">
  <p>For the account of <bdi>${person.email}</bdi>. All sessions of the account end.
  ${passkeysOf(person).length > 0 && 'Its passkeys are removed; you can add them again.'}</p>
  ${usernameField(person.email)}
  ${newPasswordField(problems)}
  <button class="main-button">Save password</button>
</form>
</main>`,
  });
}

export function passwordLinkOverPage(base: string): Html {
  return linkOverPage(base, html`<a href="${base}/passwords">Get another one</a>.`);
}

/** For a link that was used, replaced or withdrawn, or is too old. `further`: how to get another one. */
export function linkOverPage(base: string, further = html`Ask the person who sent it for another one.`): Html {
  return page({
    base,
    title: 'Hitherto',
    main: html`<main class="narrow"><h1>This link has expired</h1>
<p>It was used already, a newer one replaced it, or it is too old. ${further}</p>
<p><a href="${base}/">Go to the start page</a></p></main>`,
  });
}
