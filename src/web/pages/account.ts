// A person's own page: name, password, sessions.
import type { FieldProblem, Person, Session } from '../../people/person.js';
import { dataTable, field, notice } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { nameField, newPasswordField } from './person-fields.js';

export interface AccountParts {
  readonly base: string;
  readonly nav: Html;
  readonly person: Person;
  /** The session of this request. */
  readonly current: Session;
  readonly done?: string | undefined;
  readonly problems?: readonly FieldProblem[];
}

export function accountPage({ base, nav, person, current, done, problems = [] }: AccountParts): Html {
  return page({
    base,
    title: 'Your account – Hitherto',
    header: nav,
    main: html`<main class="narrow">
<h1>Your account</h1>
${notice(done)}
<form class="card form" method="post" action="${base}/account/name">
  <h2>Name</h2>
  ${nameField(person.name, problems)}
  <p class="hint">You sign in as <bdi>${person.email}</bdi>.</p>
  <button class="main-button">Save name</button>
</form>
<form class="card form" method="post" action="${base}/account/password">
  <h2>Password</h2>
  <input class="visually-hidden" type="text" name="username" value="${person.email}" autocomplete="username" tabindex="-1"
    aria-hidden="true" readonly>
  ${field(
    {
      name: 'current',
      label: 'Current password',
      type: 'password',
      attributes: html`required autocomplete="current-password"`,
    },
    problems,
  )}
  ${newPasswordField(problems)}
  <p class="hint">When you change it, all other sessions end.</p>
  <button class="main-button">Change password</button>
</form>
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
</main>`,
  });
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
