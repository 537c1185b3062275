// The page of one team: for members its sites, for its owners also its members, invitations and name.
import type { Site } from '../../hit/site.js';
import type { Text } from '../../language/languages.js';
import type { Invitation } from '../../people/invitations.js';
import type { SiteRole } from '../../people/person.js';
import type { Team } from '../../people/team.js';
import type { TeamMember } from '../../people/team-members.js';
import { field, notice, selectField } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';
import { invitationsCard, inviteButton, linkCard, type ShownLink } from './people.js';
import { emailField } from './person-fields.js';
import { memberForm, ROLE_NAMES, ROLES } from './roles.js';

export interface TeamParts {
  readonly base: string;
  readonly nav: Html;
  readonly team: Team;
  readonly sites: readonly Site[];
  /** Of the person who looks at it; undefined for an operator who is no member. */
  readonly role: SiteRole | undefined;
  /** What only owners of the team, and operators, see. */
  readonly ofOwner:
    | {
        readonly members: readonly TeamMember[];
        readonly invitations: readonly Invitation[];
        /** Whether invitations are sent by mail. */
        readonly sendsMail: boolean;
        /** The sites that this person may add. */
        readonly addable: readonly Site[];
      }
    | undefined;
  readonly done?: Insertable;
  readonly link?: ShownLink;
}

export function teamPage(parts: TeamParts): Html {
  const { base, nav, team, role, ofOwner, done, link } = parts;
  const action = `${base}/teams/${team.id}`;
  return page({
    base,
    title: `${team.name} – Hitherto`,
    ...(link !== undefined && { script: 'copying' }),
    header: nav,
    main: html`<main class="narrow">
<p><a href="${base}/teams">← Teams</a></p>
<h1><bdi>${team.name}</bdi></h1>
${role !== undefined && html`<p>${yourRole(role)}</p>`}
${notice(done)}
${linkCard(link)}
${sitesCard(parts, action)}
${ofOwner !== undefined && membersCards(ofOwner, action)}
${role !== undefined && leaveCard(action)}
${ofOwner !== undefined && deleteCard(parts, action)}
</main>`,
  });
}

function yourRole(role: SiteRole): Text {
  return {
    en: `You are ${role === 'viewer' ? 'a' : 'an'} ${role} of this team, and of each of its sites.`,
    de: `Ihre Rolle in diesem Team und für jede seiner Websites: ${ROLE_NAMES[role].de}.`,
  };
}

function sitesCard({ base, sites, ofOwner }: TeamParts, action: string): Html {
  return html`<section class="card"><h2>${{ en: 'Sites', de: 'Websites' }}</h2>
${
  sites.length === 0 &&
  html`<p class="empty">${{
    en: html`The team has no sites yet.`,
    de: html`Das Team hat noch keine Websites.`,
  }}</p>`
}
${sites.map(
  ({ id, title }) => html`<form class="person" method="post" action="${action}"><input type="hidden" name="site" value="${id}">
<p><a href="${base}/sites/${id}"><bdi>${title}</bdi></a> <span class="hint">${id}</span></p>
${
  ofOwner !== undefined &&
  html`<p><button class="quiet" name="act" value="remove-site">${{
    en: html`Remove <bdi>${title}</bdi> from the team`,
    de: html`<bdi>${title}</bdi> aus dem Team entfernen`,
  }}</button></p>`
}</form>`,
)}
${ofOwner !== undefined && addSiteForm(ofOwner.addable, action)}</section>`;
}

function addSiteForm(addable: readonly Site[], action: string): Html {
  if (addable.length === 0)
    return html`<p class="hint">${{
      en: 'You can add sites that you own yourself. There is none that is not here.',
      de: 'Sie können Websites hinzufügen, die Ihnen selbst gehören. Es gibt keine, die nicht schon hier ist.',
    }}</p>`;
  return html`<form class="form" method="post" action="${action}">
${selectField(
  {
    name: 'site',
    label: { en: 'Add a site', de: 'Website hinzufügen' },
    hint: {
      en: 'Sites that you own yourself. You remain an owner, and can remove the site again.',
      de: 'Websites, die Ihnen selbst gehören. Sie bleiben Inhaber und können die Website wieder entfernen.',
    },
  },
  addable.map(({ id, title }) => ({ value: id, text: `${title} (${id})` })),
)}
<button class="main-button" name="act" value="add-site">${{ en: 'Add to the team', de: 'Zum Team hinzufügen' }}</button></form>`;
}

function membersCards({ members, invitations, sendsMail }: NonNullable<TeamParts['ofOwner']>, action: string): Html {
  return html`<section class="card"><h2>${{ en: 'Members', de: 'Mitglieder' }}</h2>
<p class="hint">${{
    en:
      'A role applies to all sites of the team. Owners also manage the team. They cannot delete its sites, nor ' +
      'decide who else owns a site.',
    de:
      'Eine Rolle gilt für alle Websites des Teams. Inhaber verwalten auch das Team. Sie können seine Websites ' +
      'nicht löschen und nicht entscheiden, wem sonst eine Website gehört.',
  }}</p>
${members.map((member) => memberForm(member, action, { en: 'Remove from this team', de: 'Aus diesem Team entfernen' }))}
</section>
${invitationsCard(invitations, action)}
<form class="card form" method="post" action="${action}">
  <h2>${{ en: 'Invite somebody to this team', de: 'Jemanden in dieses Team einladen' }}</h2>
  ${emailField('', [], { en: 'Their e-mail address', de: 'E-Mail-Adresse der Person' })}
  ${selectField({ name: 'role', label: { en: 'Role', de: 'Rolle' }, value: 'viewer' }, ROLES)}
  ${inviteButton(sendsMail, html` name="act" value="invite"`)}
</form>`;
}

function leaveCard(action: string): Html {
  return html`<details class="card"><summary>${{ en: 'Leave the team …', de: 'Team verlassen …' }}</summary>
<form method="post" action="${action}/leave"><p>${{
    en: 'You lose the roles that you have through this team. To join again, you need an invitation.',
    de: 'Sie verlieren die Rollen, die Sie durch dieses Team haben. Um wieder beizutreten, brauchen Sie eine Einladung.',
  }}</p>
<button class="danger" name="act" value="leave">${{ en: 'Leave the team', de: 'Team verlassen' }}</button></form></details>`;
}

function deleteCard({ team: { name }, sites, ofOwner }: TeamParts, action: string): Html {
  const attributes = html`required maxlength="100" autocomplete="off"`;
  const [members, invitations] = [ofOwner?.members.length ?? 0, ofOwner?.invitations.length ?? 0];
  return html`<form class="card form" method="post" action="${action}">
  <h2>Name</h2>
  ${field({ name: 'name', label: { en: 'Name of the team', de: 'Name des Teams' }, value: name, attributes })}
  <button class="main-button" name="act" value="rename">${{ en: 'Save name', de: 'Namen speichern' }}</button>
</form>
<details class="card"><summary>${{ en: 'Delete the team …', de: 'Team löschen …' }}</summary>
<form method="post" action="${action}"><p>${{
    en: html`${members === 1 ? 'Its only member loses the roles' : html`Its ${members} members lose the roles`} held through it on
${sites.length} ${sites.length === 1 ? 'site' : 'sites'}${
      invitations > 0 && html`, and ${invitations} open ${invitations === 1 ? 'invitation ends' : 'invitations end'}`
    }. The sites, their numbers and their own members remain. This cannot be undone.`,
    de: html`${members === 1 ? 'Sein einziges Mitglied verliert' : html`Seine ${members} Mitglieder verlieren`} die Rollen,
die durch das Team für
${sites.length} ${sites.length === 1 ? 'Website' : 'Websites'} gelten${
      invitations > 0 && html`, und ${invitations} offene ${invitations === 1 ? 'Einladung endet' : 'Einladungen enden'}`
    }. Die Websites, ihre Zahlen und ihre eigenen Mitglieder bleiben. Das lässt sich nicht rückgängig machen.`,
  }}</p>
<button class="danger" name="act" value="delete">${{ en: 'Delete the team', de: 'Team löschen' }}</button></form></details>`;
}
