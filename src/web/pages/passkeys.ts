// Passkeys on the page Account and on the page to sign in. What a browser needs a script for is hidden until the script has
// found that the browser supports it: see browser/dashboard/passkeys.ts.
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
  <p>With a passkey, you sign in with your fingerprint, your face or the PIN of your device, or with a security key. You need
  neither your password nor a code. Passkeys still work after you have changed your password here.</p>
  ${wrong.length > 0 && html`<p class="problem" role="alert">${spaced(wrong)}</p>`}
  ${passkeys.length > 0 && passkeyList(base, person, problems)}
  ${party === undefined ? NOT_OFFERED : passkeys.length < PASSKEYS_MAX ? additionForm(base, person, party, problems) : FULL}
</section>`;
}

const NOT_OFFERED = html`<p class="hint">Passkeys can be added only where the address of the service begins with https and has a
host name. The person who runs the service sets it with PUBLIC_URL.</p>`;

const FULL = html`<p class="hint">You have ${PASSKEYS_MAX} passkeys, which is the limit.</p>`;

function passkeyList(base: string, person: Person, problems: readonly FieldProblem[]): Html {
  const passkeys = passkeysOf(person);
  return html`${dataTable('Your passkeys', ['Added in', 'On', 'Last used'], passkeys.map(passkeyRow))}
  <details${isOpen(problems, 'removalPassword')}><summary>Remove a passkey …</summary>
  <form class="form" method="post" action="${base}/account/passkeys/remove">
  <p>Nobody can sign in with it any more, and all your other sessions end. Delete it on your device as well.</p>
  ${selectField({ name: 'passkey', label: 'Passkey' }, passkeys.map(choiceOf))}
  ${usernameField(person.email)}
  ${confirmationField('removalPassword', person, problems)}
  <button class="danger">Remove passkey</button>
  </form></details>`;
}

function passkeyRow({ browser, createdDay, lastUsedDay }: Passkey): Html {
  return html`<tr><td>${browser}</td><td>${createdDay}</td><td>${lastUsedDay ?? 'never'}</td></tr>
`;
}

function choiceOf({ id, browser, createdDay, lastUsedDay }: Passkey): Choice {
  const use = lastUsedDay === undefined ? 'never used' : `last used on ${lastUsedDay}`;
  return { value: id, text: `${browser}, added on ${createdDay}, ${use}` };
}

function additionForm(base: string, person: Person, party: RelyingParty, problems: readonly FieldProblem[]): Html {
  const action = `${base}/account/passkeys`;
  return html`<p class="hint" data-unless-passkeys>Your browser does not support passkeys here, or scripts are off. Passkeys
  work at ${party.origin}.</p>
  <details${isOpen(problems, 'passkeyPassword')} hidden data-passkeys="create" data-origin="${party.origin}">
  <summary>Add a passkey …</summary>
  <form class="form" method="post" action="${action}" data-options="${action}/options">
  <input type="hidden" name="answer">
  ${usernameField(person.email)}
  ${confirmationField('passkeyPassword', person, problems)}
  <p class="problem" role="alert" data-said hidden></p>
  <button class="main-button">Add a passkey</button>
  </form></details>`;
}

/** Of the page to sign in. */
export function passkeyButton(base: string, { origin }: RelyingParty): Html {
  const action = `${base}/sign-in/passkey`;
  return html`<div class="card" hidden data-passkeys="get" data-origin="${origin}">
<form method="post" action="${action}" data-options="${action}/options">
  <input type="hidden" name="answer">
  <p class="problem" role="alert" data-said hidden></p>
  <button class="main-button">Sign in with a passkey</button>
</form></div>`;
}
