// The pages behind links that people receive: an invitation, and a new password.
import { inNumbers } from '../../language/formats.js';
import type { Invitation } from '../../people/invitations.js';
import { passkeysOf } from '../../people/passkeys.js';
import type { FieldProblem, Person } from '../../people/person.js';
import { type Html, html, type Insertable } from './html.js';
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
    title: { en: 'Invitation – Hitherto', de: 'Einladung – Hitherto' },
    main: html`<main class="narrow">
<h1>${{ en: 'You are invited', de: 'Sie sind eingeladen' }}</h1>
<p>${purposeOf(parts, html`<bdi>${invitedBy}</bdi>`)}
${sitesMax > 0 && mayCreate(sitesMax)}</p>
${person === undefined && parts.provider !== undefined && providerLink(`${base}${path}/oidc`, parts.provider)}
${person !== undefined ? acceptForm(base, path, person) : parts.hasAccount ? signInFirst(base, invitation.email) : newForm(parts)}
</main>`,
  });
}

function mayCreate(sites: number): Insertable {
  return {
    en: html`You may create up to ${inNumbers(sites)} ${sites === 1 ? 'site' : 'sites'} of your own.`,
    de: html`Sie dürfen bis zu ${inNumbers(sites)} eigene ${sites === 1 ? 'Website' : 'Websites'} anlegen.`,
  };
}

function purposeOf({ invitation, titles, teams }: InvitationParts, by: Html): Insertable {
  if (invitation.isOperator)
    return { en: html`${by} invites you to run this service.`, de: html`${by} lädt Sie ein, diesen Dienst zu betreiben.` };
  if (titles.length > 0)
    return {
      en: html`${by} invites you to see the statistics of ${listed(titles)}.`,
      de: html`${by} lädt Sie ein, die Statistik von ${listed(titles)} zu sehen.`,
    };
  if (teams.length > 0)
    return {
      en: html`${by} invites you to join the team ${listed(teams)}.`,
      de: html`${by} lädt Sie in das Team ${listed(teams)} ein.`,
    };
  return {
    en: html`${by} invites you to measure your own sites here.`,
    de: html`${by} lädt Sie ein, hier Ihre eigenen Websites zu messen.`,
  };
}

function listed(names: readonly string[]): Html[] {
  return names.map((name, i) => html`${i > 0 && ', '}<strong><bdi>${name}</bdi></strong>`);
}

function acceptForm(base: string, path: string, person: Person): Html {
  return html`<form class="card form" method="post" action="${base}${path}">
  <p>${{
    en: html`You are signed in as <bdi>${person.email}</bdi>.`,
    de: html`Sie sind als <bdi>${person.email}</bdi> angemeldet.`,
  }}</p>
  <button class="main-button">${{ en: 'Accept', de: 'Annehmen' }}</button>
</form>`;
}

function signInFirst(base: string, email: string): Html {
  return html`<p class="card">${{
    en: html`There is an account for <bdi>${email}</bdi>. <a href="${base}/">Sign in</a>, then open this link again.`,
    de: html`Für <bdi>${email}</bdi> gibt es ein Konto. <a href="${base}/">Melden Sie sich an</a>, und öffnen Sie diesen
Link dann noch einmal.`,
  }}</p>`;
}

function newForm({ base, path, invitation, name = '', problems = [] }: InvitationParts): Html {
  return html`<form class="card form" method="post" action="${base}${path}">
  <p>${{
    en: html`You will sign in as <strong><bdi>${invitation.email}</bdi></strong>.`,
    de: html`Sie werden sich als <strong><bdi>${invitation.email}</bdi></strong> anmelden.`,
  }}</p>
  ${usernameField(invitation.email)}
  ${nameField(name, problems)}
  ${newPasswordField(problems)}
  <button class="main-button">${{ en: 'Create account', de: 'Konto erstellen' }}</button>
</form>`;
}

export function newPasswordPage(base: string, path: string, person: Person, problems: readonly FieldProblem[] = []): Html {
  return page({
    base,
    title: { en: 'New password – Hitherto', de: 'Neues Passwort – Hitherto' },
    main: html`<main class="narrow">
<h1>${{ en: 'Choose a new password', de: 'Wählen Sie ein neues Passwort' }}</h1>
<form class="card form" method="post" action="${base}${path}">
  <p>${{
    en: html`For the account of <bdi>${person.email}</bdi>. All sessions of the account end.`,
    de: html`Für das Konto von <bdi>${person.email}</bdi>. Alle Sitzungen des Kontos enden.`,
  }}
  ${
    passkeysOf(person).length > 0 && {
      en: 'Its passkeys are removed; you can add them again.',
      de: 'Seine Passkeys werden entfernt; Sie können sie wieder hinzufügen.',
    }
  }</p>
  ${usernameField(person.email)}
  ${newPasswordField(problems)}
  <button class="main-button">${{ en: 'Save password', de: 'Passwort speichern' }}</button>
</form>
</main>`,
  });
}

export function passwordLinkOverPage(base: string): Html {
  return linkOverPage(base, {
    en: html`<a href="${base}/passwords">Get another one</a>.`,
    de: html`<a href="${base}/passwords">Neuen Link anfordern</a>.`,
  });
}

const ASK_SENDER = {
  en: 'Ask the person who sent it for another one.',
  de: 'Bitten Sie die Person, die ihn geschickt hat, um einen neuen.',
};

/** For a link that was used, replaced or withdrawn, or is too old. `further`: how to get another one. */
export function linkOverPage(base: string, further: Insertable = ASK_SENDER): Html {
  return page({
    base,
    title: 'Hitherto',
    main: html`<main class="narrow"><h1>${{ en: 'This link has expired', de: 'Dieser Link ist abgelaufen' }}</h1>
<p>${{
      en: 'It was used already, a newer one replaced it, or it is too old.',
      de: 'Er wurde schon benutzt, ein neuerer hat ihn ersetzt, oder er ist zu alt.',
    }} ${further}</p>
<p><a href="${base}/">${{ en: 'Go to the start page', de: 'Zur Startseite' }}</a></p></main>`,
  });
}
