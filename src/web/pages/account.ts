// A person's own page: name, address, password, two-step sign-in, sessions, and deleting the account.
import { type FieldProblem, hasPassword, type Person, type Session } from '../../people/person.js';
import type { RelyingParty } from '../../people/relying-party.js';
import { dataTable, notice } from './form.js';
import { type Html, html } from './html.js';
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
  readonly done?: string | undefined;
  /** As typed. */
  readonly email?: string;
  readonly problems?: readonly FieldProblem[];
}

export function accountPage(parts: AccountParts): Html {
  const { base, nav, person, current, providerHost, party, done, problems = [] } = parts;
  return page({
    base,
    title: 'Your account – Hitherto',
    ...(party !== undefined && { script: 'passkeys' }),
    header: nav,
    main: html`<main class="narrow">
<h1>Your account</h1>
${notice(done)}
<form class="card form" method="post" action="${base}/account/name">
  <h2>Name</h2>
  ${nameField(person.name, problems)}
  <button class="main-button">Save name</button>
</form>
${emailCard(parts)}
<form class="card form" method="post" action="${base}/account/password">
  <h2>Password</h2>
  ${usernameField(person.email)}
  ${confirmationField('current', person, problems)}
  ${newPasswordField(problems)}
  <p class="hint">When you change it, all other sessions end.</p>
  <button class="main-button">${hasPassword(person) ? 'Change password' : 'Choose password'}</button>
</form>
${twoStepCard(parts)}
${passkeysCard({ base, person, party, problems })}
${providerCard({ base, person, host: providerHost, problems })}
<section class="card">
  <h2>Where you are signed in</h2>
  ${dataTable(
    'Sessions',
    ['Browser', 'Since', 'Last used', ''],
    [...person.sessions].reverse().map((session) => sessionRow(base, session, session.hash === current.hash)),
  )}
  ${
    person.sessions.length > 1 &&
    html`<form method="post" action="${base}/account/sessions">
  <button class="quiet" name="session" value="others">End all other sessions</button></form>`
  }
</section>
${limitsCard(parts.used)}
${deletionCard(parts)}
</main>`,
  });
}

function emailCard({ base, person, newEmail, sendsMail, email = person.email, problems = [] }: AccountParts): Html {
  return html`<section class="card">
  <h2>E-mail address</h2>
  <p>You sign in as <bdi>${person.email}</bdi>.</p>
  ${
    newEmail !== undefined &&
    html`<form method="post" action="${base}/account/email">
  <p>To use <bdi>${newEmail}</bdi> instead, open the link in the mail that was sent there.</p>
  <button class="quiet" name="act" value="cancel">Cancel</button></form>`
  }
  <details${isOpen(problems, 'email', 'emailPassword')}><summary>Change it …</summary>
  <form class="form" method="post" action="${base}/account/email">
  ${emailField(email, problems, 'New e-mail address')}
  ${confirmationField('emailPassword', person, problems)}
  ${sendsMail && html`<p class="hint">A mail with a link is sent there. The address is used once you have opened the link.</p>`}
  <button class="main-button">Change address</button>
  </form></details>
</section>`;
}

function twoStepCard({ base, person, problems = [] }: AccountParts): Html {
  const { email, twoStep } = person;
  const setUp = `${base}/account/two-step`;
  if (twoStep === undefined) {
    return html`<section class="card">
  <h2>Two-step sign-in</h2>
  <p>It is off. When it is on, you need a one-time code from an app to sign in, as well as your password.</p>
  <p><a class="main-button" href="${setUp}">Set up two-step sign-in</a></p>
</section>`;
  }
  const left = twoStep.recoveryHashes.length;
  return html`<section class="card">
  <h2>Two-step sign-in</h2>
  <p>It is on. You have ${left} ${left === 1 ? 'recovery code' : 'recovery codes'} left.</p>
  <p><a href="${setUp}">Set it up again</a>, for another device or for new recovery codes.</p>
  <details${isOpen(problems, 'offPassword')}><summary>Switch it off …</summary>
  <form class="form" method="post" action="${base}/account/two-step/off">
  ${usernameField(email)}
  ${confirmationField('offPassword', person, problems)}
  <button class="danger">Switch off two-step sign-in</button>
  </form></details>
</section>`;
}

function sessionRow(base: string, { hash, createdAtMs, lastUsedDay, browser }: Session, isCurrent: boolean): Html {
  return html`<tr><td>${browser}</td><td>${new Date(createdAtMs).toISOString().slice(0, 10)}</td><td>${lastUsedDay}</td>
<td>${
    isCurrent
      ? 'This browser'
      : html`<form method="post" action="${base}/account/sessions">
  <button class="quiet" name="session" value="${hash}">End</button></form>`
  }</td></tr>
`;
}

function deletionCard({ base, person, onlyOwned, onlyOwnedTeams, isOnlyOperator, problems = [] }: AccountParts): Html {
  if (isOnlyOperator) {
    return html`<section class="card"><h2>Delete the account</h2>
<p>You are the only operator, so your account cannot be deleted. Make somebody else an operator first, on the page
<a href="${base}/people">People</a>.</p></section>`;
  }
  return html`<details class="card"${isOpen(problems, 'deletePassword')}><summary>Delete the account …</summary>
<form class="form" method="post" action="${base}/account/delete">
  <p>Your account, your sessions and your roles on sites and in teams are deleted at once and cannot be restored. Sites, their
  numbers and their tokens remain.</p>
  ${
    onlyOwned.length > 0 &&
    html`<p>You are the only owner of these sites. Without you, only the operators of this service can change them. If you do not
want that, make somebody else an owner first.</p>
  <ul>${onlyOwned.map((title) => html`<li><bdi>${title}</bdi></li>`)}</ul>`
  }
  ${
    onlyOwnedTeams.length > 0 &&
    html`<p>You are the only owner of these teams. Without you, only the operators of this service can manage them.</p>
  <ul>${onlyOwnedTeams.map((name) => html`<li><bdi>${name}</bdi></li>`)}</ul>`
  }
  ${usernameField(person.email)}
  ${confirmationField('deletePassword', person, problems)}
  <button class="danger">Delete my account</button>
</form></details>`;
}

export function deletedPage(base: string): Html {
  return page({
    base,
    title: 'Account deleted – Hitherto',
    main: html`<main class="narrow"><h1>Your account was deleted</h1>
<p>You are signed out everywhere.</p>
<p><a href="${base}/">Go to the start page</a></p></main>`,
  });
}
