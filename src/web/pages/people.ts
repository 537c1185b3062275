// The operators' page: everybody who can sign in, and invitations.
import type { Invitation } from '../../people/invitations.js';
import { passkeysOf } from '../../people/passkeys.js';
import { type FieldProblem, hasPassword } from '../../people/person.js';
import { ownedSites } from '../../people/rights.js';
import { stateOfHits } from '../../people/usage.js';
import type { Mailed } from '../mails.js';
import { checkbox, copyable, dataTable, field, notice } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { hitsMaxField, hitsText, limitsForm, type Used } from './limits.js';
import { type PeopleList, pageLinks, queryOf, searchForm } from './people-list.js';
import { emailField } from './person-fields.js';

/** A link that is shown once. */
export interface ShownLink {
  /** A person or a purpose. */
  readonly for: string;
  readonly text: string;
  readonly url: string;
}

export interface PeopleParts {
  readonly base: string;
  readonly nav: Html;
  /** Those of this page. */
  readonly people: readonly Used[];
  readonly list: PeopleList;
  readonly invitations: readonly Invitation[];
  /** Whether invitations are sent by mail. */
  readonly sendsMail: boolean;
  readonly done?: string | undefined;
  readonly link?: ShownLink | undefined;
  readonly typed?: { readonly email: string; readonly sitesMax: string; readonly hitsMax: string; readonly isOperator: boolean };
  readonly problems?: readonly FieldProblem[];
}

const NOTHING_TYPED = { email: '', sitesMax: '10', hitsMax: '', isOperator: false };

export function peoplePage(parts: PeopleParts): Html {
  const { base, nav, people, list, invitations, sendsMail, done, link, typed = NOTHING_TYPED, problems = [] } = parts;
  return page({
    base,
    title: 'People – Hitherto',
    header: nav,
    main: html`<main class="narrow">
<h1>People</h1>
<p><a href="${base}/audit">Who changed what, and when</a></p>
${notice(done)}
${linkCard(link)}
<section class="card">
  <h2>Accounts</h2>
  ${searchForm(base, list)}
  ${people.map((used) => personItem(`${base}/people/change${queryOf(list, list.page)}`, used))}
  ${pageLinks(base, list)}
</section>
${invitationsCard(invitations, `${base}/people/change`)}
<form class="card form" method="post" action="${base}/people/invite">
  <h2>Invite somebody</h2>
  ${emailField(typed.email, problems, 'Their e-mail address')}
  ${field(
    {
      name: 'sitesMax',
      label: 'Sites that they may own',
      type: 'number',
      value: typed.sitesMax,
      hint: '0: only sites of others, to which they are invited.',
      attributes: html`required min="0" max="100000"`,
    },
    problems,
  )}
  ${hitsMaxField(typed.hitsMax, problems)}
  ${checkbox('isOperator', 'Operator: may change all sites and all accounts', typed.isOperator)}
  ${inviteButton(sendsMail)}
</form>
</main>`,
  });
}

export const WORKS_ONCE = 'It is shown only now, and works once. Send it to this person.';

const ABOUT_MAIL: Readonly<Record<Mailed, string>> = {
  off: WORKS_ONCE,
  sent: 'A mail with this link was sent to this address. The link is shown only now, and works once.',
  failed: `The mail with this link could not be sent. ${WORKS_ONCE}`,
  'too-often': `No mail was sent, because too many were sent to this address, or by you. ${WORKS_ONCE}`,
};

/** The link of an invitation, and what happened to the mail with it. */
export function invitationLink(email: string, url: string, mailed: Mailed): ShownLink {
  return { for: email, url, text: ABOUT_MAIL[mailed] };
}

export function inviteButton(sendsMail: boolean, attributes = html``): Html {
  const hint = sendsMail ? 'They get a mail with a link.' : 'You get a link, to send to them.';
  return html`<p class="hint">${hint}</p>
  <button class="main-button"${attributes}>${sendsMail ? 'Invite' : 'Create link'}</button>`;
}

export function linkCard(link: ShownLink | undefined): Html | false {
  return (
    link !== undefined &&
    html`<section class="card notice" role="status"><h2>Link for <bdi>${link.for}</bdi></h2>
<p>${link.text}</p>
${copyable(link.url, 'Link')}</section>`
  );
}

export function invitationsCard(invitations: readonly Invitation[], action: string): Html | false {
  return (
    invitations.length > 0 &&
    html`<section class="card"><h2>Open invitations</h2>
${dataTable(
  'Open invitations',
  ['For', 'Until', ''],
  invitations.map(
    ({ id, email, untilMs }) => html`<tr><td><bdi>${email}</bdi></td><td>${new Date(untilMs).toISOString().slice(0, 10)}</td>
<td><form method="post" action="${action}"><input type="hidden" name="invitation" value="${id}">
<button class="quiet" name="act" value="withdraw">Withdraw</button></form></td></tr>`,
  ),
)}</section>`
  );
}

function personItem(action: string, used: Used): Html {
  const { person } = used;
  const { id, name, email, isOperator, sites, sitesMax, sessions, twoStep, identity } = person;
  const lastUsed = sessions
    .map(({ lastUsedDay }) => lastUsedDay)
    .sort()
    .at(-1);
  const count = Object.keys(sites).length;
  const passkeys = passkeysOf(person).length;
  const facts = [
    isOperator ? 'operator' : `${count} ${count === 1 ? 'site' : 'sites'}, may own ${sitesMax}`,
    ...(isOperator || (person.hitsMax === undefined && ownedSites(person).length === 0) ? [] : [hitsText(used)]),
    ...(twoStep === undefined ? [] : ['two-step sign-in']),
    ...(passkeys === 0 ? [] : [passkeys === 1 ? '1 passkey' : `${passkeys} passkeys`]),
    ...(identity === undefined ? [] : ['signs in through a provider']),
    ...(hasPassword(person) ? [] : ['no password']),
    lastUsed === undefined ? 'not signed in' : `last signed in on ${lastUsed}`,
  ];
  return html`<form class="person" method="post" action="${action}">
<input type="hidden" name="person" value="${id}">
<p><strong><bdi>${name}</bdi></strong> <bdi>${email}</bdi><br>
<span class="hint">${facts.map((fact, n) => [n > 0 && ' · ', fact])}</span>
${stateOfHits(used.hits, person.hitsMax) === 'reached' && html`<br><strong>The limit of hits is reached.</strong>`}</p>
<p><button class="quiet" name="act" value="reset">Password link</button>
<button class="quiet" name="act" value="${isOperator ? 'demote' : 'promote'}">${
    isOperator ? 'Remove operator rights' : 'Make operator'
  }</button>
${twoStep !== undefined && html`<button class="quiet" name="act" value="twoStepOff">Switch off two-step sign-in</button>`}
${passkeys > 0 && html`<button class="quiet" name="act" value="passkeysOff">Remove passkeys</button>`}
${identity !== undefined && html`<button class="quiet" name="act" value="unlink">Unlink provider</button>`}
</p>
<details><summary>Delete account …</summary><p>The sites and their tokens remain.
<button class="danger" name="act" value="remove">Delete the account of <bdi>${name}</bdi></button></p></details>
</form>
${!isOperator && limitsForm(person, action)}`;
}
