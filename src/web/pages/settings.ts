// The settings of a site: for editors the settings, for owners tokens and members as well.
import type { Site } from '../../hit/site.js';
import { asDay } from '../../language/formats.js';
import { forPeople, type Sentence } from '../../language/sentence.js';
import type { AuditPage } from '../../operations/audit/audit.js';
import type { Invitation } from '../../people/invitations.js';
import type { Member } from '../../people/members.js';
import type { Token } from '../../store/accounts.js';
import { basePathOf } from '../base-path.js';
import type { Installation } from '../installation.js';
import { changesCard } from './changes.js';
import { copyable, dataTable, field, notice, selectField } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { installationCard } from './installation.js';
import { page } from './layout.js';
import { invitationsCard, inviteButton, linkCard, type ShownLink } from './people.js';
import { emailField } from './person-fields.js';
import { memberForm, ROLES } from './roles.js';
import { type SettingsFormParts, settingsForm } from './settings-form.js';
import { type SharesParts, sharesCard } from './share.js';
import { timezoneField } from './site-fields.js';
import { siteTeamsCard, type TeamOfSite } from './site-teams.js';
import { snippets } from './snippet.js';

/** What only owners see. */
export interface OwnerParts {
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
  /** Whether invitations are sent by mail. */
  readonly sendsMail: boolean;
  readonly teams: readonly TeamOfSite[];
  /** Not only through a team. */
  readonly isDirectOwner: boolean;
  readonly tokens: readonly Token[];
  readonly shares: Pick<SharesParts, 'shares' | 'choices'>;
  /** Undefined: the store does not answer. */
  readonly changes: AuditPage | undefined;
  readonly link?: ShownLink | undefined;
  /** A new token, which is shown once. */
  readonly secret?: string | undefined;
}

export interface SettingsParts extends SettingsFormParts {
  readonly nav: Html;
  readonly publicUrl: string;
  readonly nowMs: number;
  /** Whether hits arrive. Undefined: it is not known now. */
  readonly installation: Installation | undefined;
  readonly done?: Insertable;
  readonly owner?: OwnerParts | undefined;
  /** About the owner's limit of hits. */
  readonly limits?: Html | undefined;
}

export function settingsPage(parts: SettingsParts): Html {
  const { site, nav, publicUrl, done, owner } = parts;
  const base = basePathOf(publicUrl);
  const action = `${base}/sites/${site.id}`;
  return page({
    base,
    title: { en: `Settings of ${site.title} – Hitherto`, de: `Einstellungen von ${site.title} – Hitherto` },
    script: 'installation',
    header: nav,
    main: html`<main class="narrow">
<p><a href="${action}">← <bdi>${site.title}</bdi></a></p>
<h1>${{ en: 'Settings', de: 'Einstellungen' }}</h1>
${notice(done)}
${parts.limits}
${owner !== undefined && linkCard(owner.link)}
${owner?.secret !== undefined && secretCard(owner.secret)}
${settingsForm(parts, action)}
<form class="card form" method="post" action="${action}/timezone">
  <h2>${{ en: 'Time zone', de: 'Zeitzone' }}</h2>
  ${timezoneField(
    site.timezone,
    (parts.problems ?? []).filter(({ field }) => field === 'timezone'),
  )}
  <p class="hint">${{
    en: 'Before it changes, the next page shows which hours will be missing or occur twice.',
    de: 'Bevor sie sich ändert, zeigt die nächste Seite, welche Stunden fehlen oder doppelt vorkommen werden.',
  }}</p>
  <button class="main-button">${{ en: 'Check the change', de: 'Änderung prüfen' }}</button>
</form>
<section class="card"><h2>Snippet</h2>${snippets(site, publicUrl)}</section>
${installationCard(parts)}
${owner !== undefined && ownerCards(owner, parts, action)}
</main>`,
  });
}

function ownerCards(owner: OwnerParts, { site, publicUrl, nowMs }: SettingsParts, action: string): Html {
  const base = basePathOf(publicUrl);
  return html`${membersCard(owner, action)}
${siteTeamsCard(owner.teams, base, site.id, owner.isDirectOwner)}
${sharesCard({ ...owner.shares, action: `${action}/shares`, nowMs })}
${tokensCard(site, owner.tokens, action)}
${changesCard(owner.changes, base, site.id)}
${
  owner.isDirectOwner &&
  html`<section class="card"><h2>${{ en: 'Delete this site', de: 'Diese Website löschen' }}</h2>
<p>${{
    en: 'The next page shows what is deleted, and asks again.',
    de: 'Die nächste Seite zeigt, was gelöscht wird, und fragt noch einmal.',
  }}</p>
<p><a class="danger" href="${action}/delete">${{ en: 'Delete the site …', de: 'Website löschen …' }}</a></p></section>`
}`;
}

function secretCard(secret: string): Html {
  return html`<section class="card notice" role="status"><h2>${{ en: 'New token', de: 'Neues Token' }}</h2>
<p>${{
    en: html`It is shown only now. Send it as <code>Authorization: Bearer …</code> to the API.`,
    de: html`Es wird nur jetzt angezeigt. Senden Sie es als <code>Authorization: Bearer …</code> an die API.`,
  }}</p>
${copyable(secret, 'Token', 1)}</section>`;
}

const REMOVE = { en: 'Remove from this site', de: 'Von dieser Website entfernen' };

function membersCard({ members, invitations, sendsMail }: OwnerParts, action: string): Html {
  return html`<section class="card"><h2>${{ en: 'Members', de: 'Mitglieder' }}</h2>
<p class="hint">${{
    en: 'Operators of this service can see and change every site.',
    de: 'Betreiber dieses Dienstes können jede Website sehen und ändern.',
  }}</p>
${members.map((member) => memberForm(member, `${action}/members`, REMOVE))}
</section>
${invitationsCard(invitations, `${action}/members`)}
<form class="card form" method="post" action="${action}/members">
  <h2>${{ en: 'Invite somebody to this site', de: 'Jemanden zu dieser Website einladen' }}</h2>
  ${emailField('', [], { en: 'Their e-mail address', de: 'E-Mail-Adresse der Person' })}
  ${selectField({ name: 'role', label: { en: 'Role', de: 'Rolle' }, value: 'viewer' }, ROLES)}
  ${inviteButton(sendsMail, html` name="act" value="invite"`)}
</form>`;
}

const READ = { en: 'read', de: 'lesen' };
const WRITE = { en: 'read and change', de: 'lesen und ändern' };

function tokensCard({ id }: Site, tokens: readonly Token[], action: string): Html {
  return html`<section class="card"><h2>${{ en: 'Tokens', de: 'Token' }}</h2>
<p class="hint">${{
    en: html`For programs that use the
<a href="${action.slice(0, action.indexOf('/sites/'))}/api/v1/openapi.json">API</a>. Anyone who has a
token has its rights.`,
    de: html`Für Programme, die die <a href="${action.slice(0, action.indexOf('/sites/'))}/api/v1/openapi.json">API</a>
benutzen. Wer ein Token hat, hat dessen Rechte.`,
  }}</p>
${
  tokens.length > 0 &&
  dataTable(
    { en: 'Tokens', de: 'Token' },
    [
      { en: 'Begins with', de: 'Beginnt mit' },
      { en: 'Title', de: 'Titel' },
      { en: 'May', de: 'Darf' },
      { en: 'Since', de: 'Seit' },
      { en: 'Last used', de: 'Zuletzt benutzt' },
      '',
    ],
    tokens.map(
      ({
        prefix,
        title,
        scope,
        createdAtMs,
        lastUsedDay,
      }) => html`<tr><td><code>hit_${prefix}</code></td><td><bdi>${title}</bdi></td>
<td>${scope === 'write' ? WRITE : READ}</td><td>${asDay(createdAtMs)}</td>
<td>${lastUsedDay === undefined ? '–' : asDay(lastUsedDay)}</td>
<td><form method="post" action="${action}/tokens"><input type="hidden" name="prefix" value="${prefix}">
<button class="quiet" name="act" value="revoke">${{ en: 'Revoke', de: 'Widerrufen' }}</button></form></td></tr>`,
    ),
  )
}
<form method="post" action="${action}/tokens">
  ${field({
    name: 'tokenTitle',
    label: { en: 'Title of a new token', de: 'Titel eines neuen Tokens' },
    attributes: html`required maxlength="100" autocomplete="off"`,
  })}
  ${selectField({ name: 'scope', label: { en: 'It may', de: 'Es darf' }, value: 'read' }, [
    { value: 'read', text: { en: `Read the reports of ${id}`, de: `Die Berichte von ${id} lesen` } },
    {
      value: 'write',
      text: {
        en: `Read the reports of ${id}, and change its settings`,
        de: `Die Berichte von ${id} lesen und die Einstellungen ändern`,
      },
    },
  ])}
  <button class="main-button" name="act" value="create">${{ en: 'Create token', de: 'Token erstellen' }}</button>
</form></section>`;
}

export interface ZoneConfirmation {
  readonly site: Site;
  readonly nav: Html;
  readonly base: string;
  readonly timezone: string;
  /** What the change does. */
  readonly text: readonly Sentence[];
}

export function zonePage({ site, nav, base, timezone, text }: ZoneConfirmation): Html {
  return page({
    base,
    title: { en: `Time zone of ${site.title} – Hitherto`, de: `Zeitzone von ${site.title} – Hitherto` },
    header: nav,
    main: html`<main class="narrow">
<h1>${{ en: 'Change the time zone?', de: 'Zeitzone ändern?' }}</h1>
<p>${{
      en: html`From ${site.timezone} to <strong>${timezone}</strong>.`,
      de: html`Von ${site.timezone} zu <strong>${timezone}</strong>.`,
    }}</p>
${text.map((sentence) => html`<p>${forPeople(sentence)}</p>`)}
<form class="card form" method="post" action="${base}/sites/${site.id}/timezone">
  <input type="hidden" name="timezone" value="${timezone}">
  <button class="main-button" name="confirmed" value="1">${{ en: 'Change it now', de: 'Jetzt ändern' }}</button>
  <a href="${base}/sites/${site.id}/settings">${{ en: 'Leave it as it is', de: 'So lassen' }}</a>
</form>
</main>`,
  });
}
