// The settings of a site: for editors the settings, for owners tokens and members as well.
import { readableHost } from '../../hit/host.js';
import type { Site } from '../../hit/site.js';
import type { AuditPage } from '../../operations/audit/audit.js';
import type { Invitation } from '../../people/invitations.js';
import type { Member } from '../../people/members.js';
import type { FieldProblem } from '../../people/person.js';
import type { Token } from '../../store/accounts.js';
import { basePathOf } from '../base-path.js';
import type { Installation } from '../installation.js';
import { type SettingsTyped, seenText, typedOf } from '../settings-typed.js';
import { changesCard } from './changes.js';
import { AS_TYPED, type Choice, copyable, dataTable, field, listField, notice, selectField } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { installationCard } from './installation.js';
import { page } from './layout.js';
import { invitationsCard, inviteButton, linkCard, type ShownLink } from './people.js';
import { emailField } from './person-fields.js';
import { memberForm, ROLES } from './roles.js';
import { type SharesParts, sharesCard } from './share.js';
import { HOSTS_HINT, timezoneField } from './site-fields.js';
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

export interface SettingsParts {
  readonly site: Site;
  readonly nav: Html;
  readonly publicUrl: string;
  /** Of the browser that asks, to be excluded. */
  readonly ownAddress: string;
  readonly nowMs: number;
  /** Whether hits arrive. Undefined: it is not known now. */
  readonly installation: Installation | undefined;
  readonly typed?: SettingsTyped;
  readonly problems?: readonly FieldProblem[];
  readonly done?: Insertable;
  readonly owner?: OwnerParts | undefined;
  /** About the owner's limit of hits. */
  readonly limits?: Html | undefined;
}

const STORAGE: readonly Choice[] = [
  { value: 'record', text: 'Store a record of visits in the browser: visitors and visits are exact' },
  { value: 'none', text: 'Store nothing in the browser: visitors are estimated per day' },
];

const SIGNALS: readonly Choice[] = [
  { value: 'without-record', text: 'Count without a record' },
  { value: 'views-only', text: 'Count views only' },
  { value: 'ignored', text: 'Count as usual' },
];

const MONTHS = [2, 3, 6, 12, 13, 24, 25, 36, 60, 120];

export function settingsPage(parts: SettingsParts): Html {
  const { site, nav, publicUrl, done, owner } = parts;
  const base = basePathOf(publicUrl);
  const action = `${base}/sites/${site.id}`;
  return page({
    base,
    title: `Settings of ${site.title} – Hitherto`,
    script: 'installation',
    header: nav,
    main: html`<main class="narrow">
<p><a href="${action}">← <bdi>${site.title}</bdi></a></p>
<h1>Settings</h1>
${notice(done)}
${parts.limits}
${owner !== undefined && linkCard(owner.link)}
${owner?.secret !== undefined && secretCard(owner.secret)}
${settingsForm(parts, action)}
<form class="card form" method="post" action="${action}/timezone">
  <h2>Time zone</h2>
  ${timezoneField(
    site.timezone,
    (parts.problems ?? []).filter(({ field }) => field === 'timezone'),
  )}
  <p class="hint">Before it changes, the next page says which hours will be missing or occur twice.</p>
  <button class="main-button">Check the change</button>
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
  html`<section class="card"><h2>Delete this site</h2>
<p>The next page says what is deleted, and asks again.</p>
<p><a class="danger" href="${action}/delete">Delete the site …</a></p></section>`
}`;
}

function settingsForm({ site, ownAddress, typed = typedOf(site), problems = [] }: SettingsParts, action: string): Html {
  return html`<form class="card form" method="post" action="${action}/settings">
  <input type="hidden" name="seen" value="${seenText(typedOf(site))}">
  <h2>Site</h2>
  ${field(
    { name: 'title', label: 'Title', value: typed.title, attributes: html`required maxlength="200" autocomplete="off"` },
    problems,
  )}
  ${listField({ name: 'hosts', label: 'Host names', value: typed.hosts, hint: HOSTS_HINT, attributes: AS_TYPED }, problems)}
  <h2>What is counted</h2>
  ${listField(
    {
      name: 'excludedAddresses',
      label: 'Excluded addresses',
      value: typed.excludedAddresses,
      hint: html`Hits from these addresses and ranges are not counted. Yours is <code>${ownAddress}</code>.`,
      attributes: AS_TYPED,
    },
    problems,
  )}
  ${excludeHint(site)}
  ${listField(
    {
      name: 'excludedPaths',
      label: 'Excluded paths',
      value: typed.excludedPaths,
      hint: html`Hits on these pages are not counted. Write one path a line; <code>*</code> stands for any text:
<code>/admin/*</code> is every page below /admin/, but not /admin itself.`,
      attributes: AS_TYPED,
    },
    problems,
  )}
  ${listField(
    {
      name: 'excludedReferrers',
      label: 'Excluded referrers',
      value: typed.excludedReferrers,
      hint: html`Views that come from these hosts are counted as direct, such as those of customers who return from
<code>pay.example</code>. <code>*.pay.example</code> stands for every name below pay.example.`,
      attributes: AS_TYPED,
    },
    problems,
  )}
  ${listField(
    {
      name: 'queryParameters',
      label: 'Query parameters that distinguish pages',
      value: typed.queryParameters,
      hint: 'With "id", /article?id=7&ref=mail is counted as /article?id=7. All other parameters are dropped.',
      attributes: AS_TYPED,
    },
    problems,
  )}
  <h2>Privacy</h2>
  ${selectField(
    {
      name: 'storage',
      label: 'Storage in the browser',
      value: typed.storage,
      hint: 'If you change this, replace the snippet in your pages by the new one below.',
    },
    STORAGE,
    problems,
  )}
  ${selectField(
    { name: 'signals', label: 'Browsers that send Do Not Track or Global Privacy Control', value: typed.signals },
    SIGNALS,
    problems,
  )}
  <h2>How long reports are kept</h2>
  <p class="hint">Shorter periods are removed first; longer ones keep their sums. Everything older is removed permanently
  within an hour after you save.</p>
  ${keepField('keepDays', 'Days', typed.keepDays, problems)}
  ${keepField('keepMonths', 'Months', typed.keepMonths, problems)}
  ${keepField('keepYears', 'Years', typed.keepYears, problems)}
  <button class="main-button">Save settings</button>
</form>`;
}

/** A link that people open on each of their own devices. */
function excludeHint({ hosts }: Site): Html {
  const host = hosts.find((name) => !name.startsWith('*.'));
  const link =
    host === undefined
      ? html`any page of your site with <code>#hitherto-off</code> at the end of its address`
      : html`<a href="https://${host}/#hitherto-off">https://${readableHost(host)}/#hitherto-off</a>`;
  return html`<p class="hint">To exclude your own visits, open ${link} in each of your browsers, also on your phone.
<code>#hitherto-on</code> counts them again.</p>`;
}

function keepField(name: string, label: string, value: string, problems: readonly FieldProblem[]): Html {
  const months = [...new Set([...MONTHS.map(String), value])]
    .filter((text) => text !== '' && text !== 'always')
    .sort((a, b) => Number(a) - Number(b));
  const choices = [
    { value: '', text: 'As each report says' },
    ...months.map((text) => ({ value: text, text: `For ${text} months` })),
    { value: 'always', text: 'Always' },
  ];
  return selectField({ name, label, value }, choices, problems);
}

function secretCard(secret: string): Html {
  return html`<section class="card notice" role="status"><h2>New token</h2>
<p>It is shown only now. Send it as <code>Authorization: Bearer …</code> to the API.</p>
${copyable(secret, 'Token', 1)}</section>`;
}

function membersCard({ members, invitations, sendsMail }: OwnerParts, action: string): Html {
  return html`<section class="card"><h2>Members</h2>
<p class="hint">Operators of this service can see and change every site.</p>
${members.map((member) => memberForm(member, `${action}/members`, 'Remove from this site'))}
</section>
${invitationsCard(invitations, `${action}/members`)}
<form class="card form" method="post" action="${action}/members">
  <h2>Invite somebody to this site</h2>
  ${emailField('', [], 'Their e-mail address')}
  ${selectField({ name: 'role', label: 'Role', value: 'viewer' }, ROLES)}
  ${inviteButton(sendsMail, html` name="act" value="invite"`)}
</form>`;
}

function tokensCard({ id }: Site, tokens: readonly Token[], action: string): Html {
  return html`<section class="card"><h2>Tokens</h2>
<p class="hint">For programs that use the <a href="${action.slice(0, action.indexOf('/sites/'))}/api/v1/openapi.json">API</a>.
Whoever has a token has its rights.</p>
${
  tokens.length > 0 &&
  dataTable(
    'Tokens',
    ['Begins with', 'Title', 'May', 'Since', 'Last used', ''],
    tokens.map(
      ({
        prefix,
        title,
        scope,
        createdAtMs,
        lastUsedDay,
      }) => html`<tr><td><code>hit_${prefix}</code></td><td><bdi>${title}</bdi></td>
<td>${scope === 'write' ? 'read and change' : 'read'}</td><td>${new Date(createdAtMs).toISOString().slice(0, 10)}</td>
<td>${lastUsedDay ?? '–'}</td>
<td><form method="post" action="${action}/tokens"><input type="hidden" name="prefix" value="${prefix}">
<button class="quiet" name="act" value="revoke">Revoke</button></form></td></tr>`,
    ),
  )
}
<form method="post" action="${action}/tokens">
  ${field({ name: 'tokenTitle', label: 'Title of a new token', attributes: html`required maxlength="100" autocomplete="off"` })}
  ${selectField({ name: 'scope', label: 'It may', value: 'read' }, [
    { value: 'read', text: `Read the reports of ${id}` },
    { value: 'write', text: `Read the reports of ${id}, and change its settings` },
  ])}
  <button class="main-button" name="act" value="create">Create token</button>
</form></section>`;
}

export interface ZoneConfirmation {
  readonly site: Site;
  readonly nav: Html;
  readonly base: string;
  readonly timezone: string;
  /** What the change does. */
  readonly text: readonly string[];
}

export function zonePage({ site, nav, base, timezone, text }: ZoneConfirmation): Html {
  return page({
    base,
    title: `Time zone of ${site.title} – Hitherto`,
    header: nav,
    main: html`<main class="narrow">
<h1>Change the time zone?</h1>
<p>From ${site.timezone} to <strong>${timezone}</strong>.</p>
${text.map((line) => html`<p>${line}</p>`)}
<form class="card form" method="post" action="${base}/sites/${site.id}/timezone">
  <input type="hidden" name="timezone" value="${timezone}">
  <button class="main-button" name="confirmed" value="1">Change it now</button>
  <a href="${base}/sites/${site.id}/settings">Leave it as it is</a>
</form>
</main>`,
  });
}
