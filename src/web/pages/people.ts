// The operators' page: everybody who can sign in, and invitations.
import { asDay } from '../../language/formats.js';
import type { Text } from '../../language/languages.js';
import type { Invitation } from '../../people/invitations.js';
import { passkeysOf } from '../../people/passkeys.js';
import { type FieldProblem, hasPassword } from '../../people/person.js';
import { ownedSites } from '../../people/rights.js';
import { stateOfHits } from '../../people/usage.js';
import type { Mailed } from '../mails.js';
import { checkbox, copyable, dataTable, field, notice } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';
import { hitsMaxField, hitsText, limitsForm, type Used } from './limits.js';
import { type PeopleList, pageLinks, queryOf, searchForm } from './people-list.js';
import { emailField } from './person-fields.js';

/** A link that is shown once. */
export interface ShownLink {
  /** A person or a purpose. */
  readonly for: string;
  readonly text: Text;
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
  readonly done?: Insertable;
  readonly link?: ShownLink | undefined;
  readonly typed?: { readonly email: string; readonly sitesMax: string; readonly hitsMax: string; readonly isOperator: boolean };
  readonly problems?: readonly FieldProblem[];
}

const NOTHING_TYPED = { email: '', sitesMax: '10', hitsMax: '', isOperator: false };

export function peoplePage(parts: PeopleParts): Html {
  const { base, nav, people, list, invitations, sendsMail, done, link, typed = NOTHING_TYPED, problems = [] } = parts;
  return page({
    base,
    title: { en: 'People – Hitherto', de: 'Personen – Hitherto' },
    ...(link !== undefined && { script: 'copying' }),
    header: nav,
    main: html`<main class="narrow">
<h1>${{ en: 'People', de: 'Personen' }}</h1>
<p><a href="${base}/audit">${{ en: 'Who changed what, and when', de: 'Wer was wann geändert hat' }}</a></p>
${notice(done)}
${linkCard(link)}
<section class="card">
  <h2>${{ en: 'Accounts', de: 'Konten' }}</h2>
  ${searchForm(base, list)}
  ${people.map((used) => personItem(`${base}/people/change${queryOf(list, list.page)}`, used))}
  ${pageLinks(base, list)}
</section>
${invitationsCard(invitations, `${base}/people/change`)}
<form class="card form" method="post" action="${base}/people/invite">
  <h2>${{ en: 'Invite somebody', de: 'Jemanden einladen' }}</h2>
  ${emailField(typed.email, problems, { en: 'Their e-mail address', de: 'E-Mail-Adresse der Person' })}
  ${field(
    {
      name: 'sitesMax',
      label: { en: 'Sites that they may own', de: 'Höchstzahl eigener Websites' },
      type: 'number',
      value: typed.sitesMax,
      hint: {
        en: '0: only sites of others, to which they are invited.',
        de: '0: nur Websites anderer, zu denen die Person eingeladen wird.',
      },
      attributes: html`required min="0" max="100000"`,
    },
    problems,
  )}
  ${hitsMaxField(typed.hitsMax, problems)}
  ${checkbox(
    'isOperator',
    {
      en: 'Operator: may change all sites and all accounts',
      de: 'Betreiber: darf alle Websites und alle Konten ändern',
    },
    typed.isOperator,
  )}
  ${inviteButton(sendsMail)}
</form>
</main>`,
  });
}

export const WORKS_ONCE = {
  en: 'It is shown only now, and works once. Send it to this person.',
  de: 'Er wird nur jetzt angezeigt und gilt einmal. Schicken Sie ihn dieser Person.',
};

const ABOUT_MAIL: Readonly<Record<Mailed, Text>> = {
  off: WORKS_ONCE,
  sent: {
    en: 'A mail with this link was sent to this address. The link is shown only now, and works once.',
    de: 'Eine Mail mit diesem Link ging an diese Adresse. Der Link wird nur jetzt angezeigt und gilt einmal.',
  },
  failed: {
    en: `The mail with this link could not be sent. ${WORKS_ONCE.en}`,
    de: `Die Mail mit diesem Link konnte nicht gesendet werden. ${WORKS_ONCE.de}`,
  },
  'too-often': {
    en: `No mail was sent, because too many were sent to this address, or by you. ${WORKS_ONCE.en}`,
    de: `Es wurde keine Mail gesendet, weil zu viele an diese Adresse oder von Ihnen gingen. ${WORKS_ONCE.de}`,
  },
};

/** The link of an invitation, and what happened to the mail with it. */
export function invitationLink(email: string, url: string, mailed: Mailed): ShownLink {
  return { for: email, url, text: ABOUT_MAIL[mailed] };
}

const INVITE = { en: 'Invite', de: 'Einladen' };
const CREATE_LINK = { en: 'Create link', de: 'Link erstellen' };

export function inviteButton(sendsMail: boolean, attributes = html``): Html {
  const hint = sendsMail
    ? { en: 'They get a mail with a link.', de: 'Die Person bekommt eine Mail mit einem Link.' }
    : { en: 'You get a link, to send to them.', de: 'Sie bekommen einen Link, den Sie der Person schicken.' };
  return html`<p class="hint">${hint}</p>
  <button class="main-button"${attributes}>${sendsMail ? INVITE : CREATE_LINK}</button>`;
}

export function linkCard(link: ShownLink | undefined): Html | false {
  return (
    link !== undefined &&
    html`<section class="card notice" role="status"><h2>${{
      en: html`Link for <bdi>${link.for}`,
      de: html`Link für <bdi>${link.for}`,
    }}</bdi></h2>
<p>${link.text}</p>
${copyable(link.url, 'Link')}</section>`
  );
}

const OPEN_INVITATIONS = { en: 'Open invitations', de: 'Offene Einladungen' };

export function invitationsCard(invitations: readonly Invitation[], action: string): Html | false {
  return (
    invitations.length > 0 &&
    html`<section class="card"><h2>${OPEN_INVITATIONS}</h2>
${dataTable(
  OPEN_INVITATIONS,
  [{ en: 'For', de: 'Für' }, { en: 'Until', de: 'Bis' }, ''],
  invitations.map(
    ({ id, email, untilMs }) => html`<tr><td><bdi>${email}</bdi></td><td>${asDay(untilMs)}</td>
<td><form method="post" action="${action}"><input type="hidden" name="invitation" value="${id}">
<button class="quiet" name="act" value="withdraw">${{ en: 'Withdraw', de: 'Zurückziehen' }}</button></form></td></tr>`,
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
  const owned = { en: `${count} ${count === 1 ? 'site' : 'sites'}`, de: `${count} ${count === 1 ? 'Website' : 'Websites'}` };
  const facts: Insertable[] = [
    isOperator
      ? { en: 'operator', de: 'Betreiber' }
      : { en: `${owned.en}, may own ${sitesMax}`, de: `${owned.de}, darf ${sitesMax} besitzen` },
    ...(isOperator || (person.hitsMax === undefined && ownedSites(person).length === 0) ? [] : [hitsText(used)]),
    ...(twoStep === undefined ? [] : [{ en: 'two-step sign-in', de: 'Anmeldung in zwei Schritten' }]),
    ...(passkeys === 0
      ? []
      : [
          {
            en: passkeys === 1 ? '1 passkey' : `${passkeys} passkeys`,
            de: passkeys === 1 ? '1 Passkey' : `${passkeys} Passkeys`,
          },
        ]),
    ...(identity === undefined ? [] : [{ en: 'signs in through a provider', de: 'meldet sich über einen Anbieter an' }]),
    ...(hasPassword(person) ? [] : [{ en: 'no password', de: 'kein Passwort' }]),
    lastUsed === undefined
      ? { en: 'not signed in', de: 'nicht angemeldet' }
      : { en: html`last signed in on ${asDay(lastUsed)}`, de: html`zuletzt angemeldet am ${asDay(lastUsed)}` },
  ];
  return html`<form class="person" method="post" action="${action}">
<input type="hidden" name="person" value="${id}">
<p><strong><bdi>${name}</bdi></strong> <bdi>${email}</bdi><br>
<span class="hint">${facts.map((fact, n) => [n > 0 && ' · ', fact])}</span>
${
  stateOfHits(used.hits, person.hitsMax) === 'reached' &&
  html`<br><strong>${{
    en: html`The limit of hits is reached.`,
    de: html`Die Grenze der Zugriffe ist erreicht.`,
  }}</strong>`
}</p>
<p><button class="quiet" name="act" value="reset">${{ en: 'Password link', de: 'Passwort-Link' }}</button>
<button class="quiet" name="act" value="${isOperator ? 'demote' : 'promote'}">${
    isOperator
      ? { en: 'Remove operator rights', de: 'Betreiberrechte entziehen' }
      : { en: 'Make operator', de: 'Zum Betreiber machen' }
  }</button>
${
  twoStep !== undefined &&
  html`<button class="quiet" name="act" value="twoStepOff">${{
    en: html`Switch off two-step sign-in`,
    de: html`Anmeldung in zwei Schritten ausschalten`,
  }}</button>`
}
${
  passkeys > 0 &&
  html`<button class="quiet" name="act" value="passkeysOff">${{
    en: html`Remove passkeys`,
    de: html`Passkeys entfernen`,
  }}</button>`
}
${
  identity !== undefined &&
  html`<button class="quiet" name="act" value="unlink">${{
    en: html`Unlink provider`,
    de: html`Anbieter trennen`,
  }}</button>`
}
</p>
<details><summary>${{ en: html`Delete account …`, de: html`Konto löschen …` }}</summary><p>${{
    en: html`The sites and their tokens remain.`,
    de: html`Die Websites und ihre Token bleiben.`,
  }}
<button class="danger" name="act" value="remove">${{
    en: html`Delete the account of <bdi>${name}</bdi>`,
    de: html`Konto von <bdi>${name}</bdi> löschen`,
  }}</button></p></details>
</form>
${!isOperator && limitsForm(person, action)}`;
}
