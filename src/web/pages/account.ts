// A person's own page: name, address, password, two-step sign-in, sessions, and deleting the account.
import { asDay } from '../../language/formats.js';
import { LANGUAGES, OWN_NAMES } from '../../language/languages.js';
import { browserText } from '../../people/browser-name.js';
import { type FieldProblem, hasPassword, type Person, type Session } from '../../people/person.js';
import type { RelyingParty } from '../../people/relying-party.js';
import { dataTable, notice, selectField } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';
import { limitsCard, type Used } from './limits.js';
import { passkeysCard } from './passkeys.js';
import { confirmationField, emailField, isOpen, nameField, newPasswordField, usernameField } from './person-fields.js';
import { providerCard } from './provider.js';

export interface AccountParts {
  readonly base: string;
  readonly nav: Html;
  readonly person: Person;
  /** The session of this request. */
  readonly current: Session;
  readonly used: Used;
  /** The titles of the sites that would have no owner without this person. */
  readonly onlyOwned: readonly string[];
  /** The names of the teams that others are in, and that would have no owner without this person. */
  readonly onlyOwnedTeams: readonly string[];
  readonly isOnlyOperator: boolean;
  /** The address that the person has not confirmed yet. */
  readonly newEmail: string | undefined;
  /** Whether a new address is confirmed by a link. */
  readonly sendsMail: boolean;
  /** Of the provider through which people sign in; undefined: none is configured. */
  readonly providerHost: string | undefined;
  /** Undefined: passkeys cannot be made at the address of the service. */
  readonly party: RelyingParty | undefined;
  readonly done?: Insertable;
  /** As typed. */
  readonly email?: string;
  readonly problems?: readonly FieldProblem[];
}

export function accountPage(parts: AccountParts): Html {
  const { base, nav, person, current, providerHost, party, done, problems = [] } = parts;
  return page({
    base,
    title: { en: 'Your account – Hitherto', de: 'Ihr Konto – Hitherto' },
    ...(party !== undefined && { script: 'passkeys' }),
    header: nav,
    main: html`<main class="narrow">
<h1>${{ en: 'Your account', de: 'Ihr Konto' }}</h1>
${notice(done)}
<form class="card form" method="post" action="${base}/account/name">
  <h2>${{ en: 'Name', de: 'Name' }}</h2>
  ${nameField(person.name, problems)}
  <button class="main-button">${{ en: 'Save name', de: 'Namen speichern' }}</button>
</form>
${emailCard(parts)}
${languageCard(base, person)}
<form class="card form" method="post" action="${base}/account/password">
  <h2>${{ en: 'Password', de: 'Passwort' }}</h2>
  ${usernameField(person.email)}
  ${confirmationField('current', person, problems)}
  ${newPasswordField(problems)}
  <p class="hint">${{
    en: 'When you change it, all other sessions end.',
    de: 'Wenn Sie es ändern, enden alle anderen Sitzungen.',
  }}</p>
  <button class="main-button">${hasPassword(person) ? CHANGE_PASSWORD : CHOOSE_PASSWORD}</button>
</form>
${twoStepCard(parts)}
${passkeysCard({ base, person, party, problems })}
${providerCard({ base, person, host: providerHost, problems })}
<section class="card">
  <h2>${{ en: 'Where you are signed in', de: 'Wo Sie angemeldet sind' }}</h2>
  ${dataTable(
    { en: 'Sessions', de: 'Sitzungen' },
    [{ en: 'Browser', de: 'Browser' }, { en: 'Since', de: 'Seit' }, { en: 'Last used', de: 'Zuletzt benutzt' }, ''],
    [...person.sessions].reverse().map((session) => sessionRow(base, session, session.hash === current.hash)),
  )}
  ${
    person.sessions.length > 1 &&
    html`<form method="post" action="${base}/account/sessions">
  <button class="quiet" name="session" value="others">${{
    en: html`End all other sessions`,
    de: html`Alle anderen Sitzungen beenden`,
  }}</button></form>`
  }
</section>
${limitsCard(parts.used)}
${deletionCard(parts)}
</main>`,
  });
}

const CHANGE_PASSWORD = { en: 'Change password', de: 'Passwort ändern' };
const CHOOSE_PASSWORD = { en: 'Choose password', de: 'Passwort wählen' };

function emailCard({ base, person, newEmail, sendsMail, email = person.email, problems = [] }: AccountParts): Html {
  return html`<section class="card">
  <h2>${{ en: 'E-mail address', de: 'E-Mail-Adresse' }}</h2>
  <p>${{
    en: html`You sign in as <bdi>${person.email}</bdi>.`,
    de: html`Sie melden sich als <bdi>${person.email}</bdi> an.`,
  }}</p>
  ${
    newEmail !== undefined &&
    html`<form method="post" action="${base}/account/email">
  <p>${{
    en: html`To use <bdi>${newEmail}</bdi> instead, open the link in the mail that was sent there.`,
    de: html`Um stattdessen <bdi>${newEmail}</bdi> zu verwenden, öffnen Sie den Link in der Mail, die dorthin ging.`,
  }}</p>
  <button class="quiet" name="act" value="cancel">${{ en: 'Cancel', de: 'Abbrechen' }}</button></form>`
  }
  <details${isOpen(problems, 'email', 'emailPassword')}><summary>${{ en: 'Change it …', de: 'Ändern …' }}</summary>
  <form class="form" method="post" action="${base}/account/email">
  ${emailField(email, problems, { en: 'New e-mail address', de: 'Neue E-Mail-Adresse' })}
  ${confirmationField('emailPassword', person, problems)}
  ${
    sendsMail &&
    html`<p class="hint">${{
      en: 'A mail with a link is sent there. The address is used once you have opened the link.',
      de: 'Dorthin geht eine Mail mit einem Link. Die Adresse gilt, sobald Sie den Link geöffnet haben.',
    }}</p>`
  }
  <button class="main-button">${{ en: 'Change address', de: 'Adresse ändern' }}</button>
  </form></details>
</section>`;
}

function languageCard(base: string, { language }: Person): Html {
  const choices = [
    { value: '', text: { en: 'As the browser asks', de: 'Wie der Browser' } },
    ...LANGUAGES.map((one) => ({ value: one, text: OWN_NAMES[one] })),
  ];
  const label = { en: 'Language of pages and mails', de: 'Sprache von Seiten und Mails' };
  return html`<form class="card form" method="post" action="${base}/account/language">
  <h2>${{ en: 'Language', de: 'Sprache' }}</h2>
  ${selectField({ name: 'language', label, value: language ?? '' }, choices)}
  <button class="main-button">${{ en: 'Save language', de: 'Sprache speichern' }}</button>
</form>`;
}

function twoStepCard({ base, person, problems = [] }: AccountParts): Html {
  const { email, twoStep } = person;
  const setUp = `${base}/account/two-step`;
  if (twoStep === undefined) {
    return html`<section class="card">
  <h2>${{ en: 'Two-step sign-in', de: 'Anmeldung in zwei Schritten' }}</h2>
  <p>${{
    en: 'It is off. When it is on, you need a one-time code from an app to sign in, as well as your password.',
    de:
      'Sie ist ausgeschaltet. Ist sie eingeschaltet, brauchen Sie zum Anmelden außer Ihrem Passwort einen ' +
      'Einmalcode aus einer App.',
  }}</p>
  <p><a class="main-button" href="${setUp}">${{
    en: html`Set up two-step sign-in`,
    de: html`Anmeldung in zwei Schritten einrichten`,
  }}</a></p>
</section>`;
  }
  const left = twoStep.recoveryHashes.length;
  return html`<section class="card">
  <h2>${{ en: 'Two-step sign-in', de: 'Anmeldung in zwei Schritten' }}</h2>
  <p>${{
    en: html`It is on. You have ${left} ${left === 1 ? 'recovery code' : 'recovery codes'} left.`,
    de: html`Sie ist eingeschaltet. Sie haben noch ${left} ${left === 1 ? 'Wiederherstellungscode' : 'Wiederherstellungscodes'}.`,
  }}</p>
  <p>${{
    en: html`<a href="${setUp}">Set it up again</a>, for another device or for new recovery codes.`,
    de: html`<a href="${setUp}">Neu einrichten</a>, für ein anderes Gerät oder für neue Wiederherstellungscodes.`,
  }}</p>
  <details${isOpen(problems, 'offPassword')}><summary>${{ en: 'Switch it off …', de: 'Ausschalten …' }}</summary>
  <form class="form" method="post" action="${base}/account/two-step/off">
  ${usernameField(email)}
  ${confirmationField('offPassword', person, problems)}
  <button class="danger">${{ en: 'Switch off two-step sign-in', de: 'Anmeldung in zwei Schritten ausschalten' }}</button>
  </form></details>
</section>`;
}

function sessionRow(base: string, { hash, createdAtMs, lastUsedDay, browser }: Session, isCurrent: boolean): Html {
  return html`<tr><td>${browserText(browser)}</td><td>${asDay(createdAtMs)}</td><td>${asDay(lastUsedDay)}</td>
<td>${
    isCurrent
      ? { en: 'This browser', de: 'Dieser Browser' }
      : html`<form method="post" action="${base}/account/sessions">
  <button class="quiet" name="session" value="${hash}">${{ en: 'End', de: 'Beenden' }}</button></form>`
  }</td></tr>
`;
}

function deletionCard({ base, person, onlyOwned, onlyOwnedTeams, isOnlyOperator, problems = [] }: AccountParts): Html {
  if (isOnlyOperator) {
    return html`<section class="card"><h2>${{ en: 'Delete the account', de: 'Konto löschen' }}</h2>
<p>${{
      en: html`You are the only operator, so your account cannot be deleted. Make somebody else an operator first, on the page
<a href="${base}/people">People</a>.`,
      de: html`Nur Sie betreiben diesen Dienst, darum kann Ihr Konto nicht gelöscht werden. Machen Sie zuerst auf der Seite
<a href="${base}/people">Personen</a> eine andere Person zum Betreiber.`,
    }}</p></section>`;
  }
  return html`<details class="card"${isOpen(problems, 'deletePassword')}><summary>${{
    en: html`Delete the account …`,
    de: html`Konto löschen …`,
  }}</summary>
<form class="form" method="post" action="${base}/account/delete">
  <p>${{
    en:
      'Your account, your sessions and your roles on sites and in teams are deleted at once and cannot be ' +
      'restored. Sites, their numbers and their tokens remain.',
    de:
      'Ihr Konto, Ihre Sitzungen und Ihre Rollen für Websites und in Teams werden sofort gelöscht und lassen sich ' +
      'nicht wiederherstellen. Websites, ihre Zahlen und ihre Token bleiben.',
  }}</p>
  ${
    onlyOwned.length > 0 &&
    html`<p>${{
      en:
        'You are the only owner of these sites. Without you, only the operators of this service can change them. If ' +
        'you do not want that, make somebody else an owner first.',
      de:
        'Diese Websites gehören nur Ihnen. Ohne Sie können nur die Betreiber dieses Dienstes sie ändern. Wenn Sie ' +
        'das nicht wollen, machen Sie zuerst eine andere Person zum Inhaber.',
    }}</p>
  <ul>${onlyOwned.map((title) => html`<li><bdi>${title}</bdi></li>`)}</ul>`
  }
  ${
    onlyOwnedTeams.length > 0 &&
    html`<p>${{
      en: 'You are the only owner of these teams. Without you, only the operators of this service can manage them.',
      de: 'Diese Teams gehören nur Ihnen. Ohne Sie können nur die Betreiber dieses Dienstes sie verwalten.',
    }}</p>
  <ul>${onlyOwnedTeams.map((name) => html`<li><bdi>${name}</bdi></li>`)}</ul>`
  }
  ${usernameField(person.email)}
  ${confirmationField('deletePassword', person, problems)}
  <button class="danger">${{ en: 'Delete my account', de: 'Mein Konto löschen' }}</button>
</form></details>`;
}

export function deletedPage(base: string): Html {
  return page({
    base,
    title: { en: 'Account deleted – Hitherto', de: 'Konto gelöscht – Hitherto' },
    main: html`<main class="narrow"><h1>${{ en: 'Your account was deleted', de: 'Ihr Konto wurde gelöscht' }}</h1>
<p>${{ en: 'You are signed out everywhere.', de: 'Sie sind überall abgemeldet.' }}</p>
<p><a href="${base}/">${{ en: 'Go to the start page', de: 'Zur Startseite' }}</a></p></main>`,
  });
}
