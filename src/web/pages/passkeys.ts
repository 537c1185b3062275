// Passkeys on the page Account and on the page to sign in. What a browser needs a script for is hidden until the script has
// found that the browser supports it: see browser/dashboard/passkeys.ts.
import { asDay } from '../../language/formats.js';
import { browserText } from '../../people/browser-name.js';
import { PASSKEYS_MAX, passkeysOf } from '../../people/passkeys.js';
import type { FieldProblem, Passkey, Person } from '../../people/person.js';
import type { RelyingParty } from '../../people/relying-party.js';
import { type Choice, dataTable, messageOf, selectField, spaced } from './form.js';
import { type Html, html } from './html.js';
import { confirmationField, isOpen, usernameField } from './person-fields.js';

export interface PasskeysCardParts {
  readonly base: string;
  readonly person: Person;
  /** Undefined: passkeys cannot be made at the address of the service. */
  readonly party: RelyingParty | undefined;
  readonly problems?: readonly FieldProblem[];
}

export function passkeysCard({ base, person, party, problems = [] }: PasskeysCardParts): Html {
  const passkeys = passkeysOf(person);
  const wrong = problems.filter(({ field }) => field === 'passkey').map(messageOf);
  return html`<section class="card passkeys">
  <h2>Passkeys</h2>
  <p>${{
    en:
      'With a passkey, you sign in with your fingerprint, your face or the PIN of your device, or with a security ' +
      'key. You need neither your password nor a code. Passkeys still work after you have changed your password ' +
      'here.',
    de:
      'Mit einem Passkey melden Sie sich mit Ihrem Fingerabdruck, Ihrem Gesicht oder der PIN Ihres Geräts an, oder ' +
      'mit einem Sicherheitsschlüssel. Sie brauchen dafür weder Ihr Passwort noch einen Code. Passkeys ' +
      'funktionieren auch, nachdem Sie hier Ihr Passwort geändert haben.',
  }}</p>
  ${wrong.length > 0 && html`<p class="problem" role="alert">${spaced(wrong)}</p>`}
  ${passkeys.length > 0 && passkeyList(base, person, problems)}
  ${party === undefined ? NOT_OFFERED : passkeys.length < PASSKEYS_MAX ? additionForm(base, person, party, problems) : FULL}
</section>`;
}

const NOT_OFFERED = html`<p class="hint">${{
  en:
    'Passkeys can be added only where the address of the service begins with https and has a host name. The ' +
    'person who runs the service sets it with PUBLIC_URL.',
  de:
    'Passkeys lassen sich nur hinzufügen, wo die Adresse des Dienstes mit https beginnt und einen Hostnamen hat. ' +
    'Die Person, die den Dienst betreibt, stellt sie mit PUBLIC_URL ein.',
}}</p>`;

const FULL = html`<p class="hint">${{
  en: html`You have ${PASSKEYS_MAX} passkeys, which is the limit.`,
  de: html`Sie haben ${PASSKEYS_MAX} Passkeys, mehr sind nicht möglich.`,
}}</p>`;

function passkeyList(base: string, person: Person, problems: readonly FieldProblem[]): Html {
  const passkeys = passkeysOf(person);
  return html`${dataTable(
    { en: 'Your passkeys', de: 'Ihre Passkeys' },
    [
      { en: 'Added in', de: 'Hinzugefügt in' },
      { en: 'On', de: 'Am' },
      { en: 'Last used', de: 'Zuletzt benutzt' },
    ],
    passkeys.map(passkeyRow),
  )}
  <details${isOpen(problems, 'removalPassword')}><summary>${{ en: 'Remove a passkey …', de: 'Passkey entfernen …' }}</summary>
  <form class="form" method="post" action="${base}/account/passkeys/remove">
  <p>${{
    en: 'Nobody can sign in with it any more, and all your other sessions end. Delete it on your device as well.',
    de:
      'Niemand kann sich mehr damit anmelden, und alle Ihre anderen Sitzungen enden. Löschen Sie ihn auch auf ' + 'Ihrem Gerät.',
  }}</p>
  ${selectField({ name: 'passkey', label: 'Passkey' }, passkeys.map(choiceOf))}
  ${usernameField(person.email)}
  ${confirmationField('removalPassword', person, problems)}
  <button class="danger">${{ en: 'Remove passkey', de: 'Passkey entfernen' }}</button>
  </form></details>`;
}

const NEVER = { en: 'never', de: 'nie' };

function passkeyRow({ browser, createdDay, lastUsedDay }: Passkey): Html {
  return html`<tr><td>${browserText(browser)}</td><td>${asDay(createdDay)}</td>
<td>${lastUsedDay === undefined ? NEVER : asDay(lastUsedDay)}</td></tr>
`;
}

function choiceOf({ id, browser, createdDay, lastUsedDay }: Passkey): Choice {
  const [added, used] = [asDay(createdDay), lastUsedDay !== undefined && asDay(lastUsedDay)];
  const text = {
    en: html`${browserText(browser)}, added on ${added}, ${used ? html`last used on ${used}` : 'never used'}`,
    de: html`${browserText(browser)}, hinzugefügt am ${added}, ${used ? html`zuletzt benutzt am ${used}` : 'nie benutzt'}`,
  };
  return { value: id, text };
}

function additionForm(base: string, person: Person, party: RelyingParty, problems: readonly FieldProblem[]): Html {
  const action = `${base}/account/passkeys`;
  return html`<p class="hint" data-unless-passkeys>${{
    en: html`Your browser does not support passkeys here, or scripts are off. Passkeys work at ${party.origin}.`,
    de: html`Ihr Browser unterstützt hier keine Passkeys, oder Skripte sind ausgeschaltet. Passkeys funktionieren unter
${party.origin}.`,
  }}</p>
  <details${isOpen(problems, 'passkeyPassword')} hidden data-passkeys="create" data-origin="${party.origin}">
  <summary>${{ en: 'Add a passkey …', de: 'Passkey hinzufügen …' }}</summary>
  <form class="form" method="post" action="${action}" data-options="${action}/options">
  <input type="hidden" name="answer">
  ${usernameField(person.email)}
  ${confirmationField('passkeyPassword', person, problems)}
  <p class="problem" role="alert" data-said hidden></p>
  <button class="main-button">${{ en: 'Add a passkey', de: 'Passkey hinzufügen' }}</button>
  </form></details>`;
}

/** Of the page to sign in. */
export function passkeyButton(base: string, { origin }: RelyingParty): Html {
  const action = `${base}/sign-in/passkey`;
  return html`<div class="card" hidden data-passkeys="get" data-origin="${origin}">
<form method="post" action="${action}" data-options="${action}/options">
  <input type="hidden" name="answer">
  <p class="problem" role="alert" data-said hidden></p>
  <button class="main-button">${{ en: 'Sign in with a passkey', de: 'Mit einem Passkey anmelden' }}</button>
</form></div>`;
}
