// The page of one team: for members its sites, for its owners also its members, invitations and name.
import type { Site } from '../../hit/site.js';
import type { Invitation } from '../../people/invitations.js';
import type { SiteRole } from '../../people/person.js';
import type { Team } from '../../people/team.js';
import type { TeamMember } from '../../people/team-members.js';
import { field, notice, selectField } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';
import { invitationsCard, inviteButton, linkCard, type ShownLink } from './people.js';
import { emailField } from './person-fields.js';
import { memberForm, ROLES } from './roles.js';

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
    header: nav,
    main: html`<main class="narrow">
<p><a href="${base}/teams">← Teams</a></p>
<h1><bdi>${team.name}</bdi></h1>
${role !== undefined && html`<p>You are ${role === 'viewer' ? 'a' : 'an'} ${role} of this team, and of each of its sites.</p>`}
${notice(done)}
${linkCard(link)}
${sitesCard(parts, action)}
${ofOwner !== undefined && membersCards(ofOwner, action)}
${role !== undefined && leaveCard(action)}
${ofOwner !== undefined && deleteCard(parts, action)}
</main>`,
  });
}

function sitesCard({ base, sites, ofOwner }: TeamParts, action: string): Html {
  return html`<section class="card"><h2>Sites</h2>
${sites.length === 0 && html`<p class="empty">The team has no sites yet.</p>`}
${sites.map(
  ({ id, title }) => html`<form class="person" method="post" action="${action}"><input type="hidden" name="site" value="${id}">
<p><a href="${base}/sites/${id}"><bdi>${title}</bdi></a> <span class="hint">${id}</span></p>
${
  ofOwner !== undefined &&
  html`<p><button class="quiet" name="act" value="remove-site">Remove <bdi>${title}</bdi> from the team</button></p>`
}</form>`,
)}
${ofOwner !== undefined && addSiteForm(ofOwner.addable, action)}</section>`;
}

function addSiteForm(addable: readonly Site[], action: string): Html {
  if (addable.length === 0)
    return html`<p class="hint">You can add sites that you own yourself. There is none that is not here.</p>`;
  return html`<form class="form" method="post" action="${action}">
${selectField(
  { name: 'site', label: 'Add a site', hint: 'Sites that you own yourself. You remain an owner, and can remove the site again.' },
  addable.map(({ id, title }) => ({ value: id, text: `${title} (${id})` })),
)}
<button class="main-button" name="act" value="add-site">Add to the team</button></form>`;
}

function membersCards({ members, invitations, sendsMail }: NonNullable<TeamParts['ofOwner']>, action: string): Html {
  return html`<section class="card"><h2>Members</h2>
<p class="hint">A role applies to all sites of the team. Owners also manage the team. They cannot delete its sites, nor decide who
else owns a site.</p>
${members.map((member) => memberForm(member, action, 'Remove from this team'))}
</section>
${invitationsCard(invitations, action)}
<form class="card form" method="post" action="${action}">
  <h2>Invite somebody to this team</h2>
  ${emailField('', [], 'Their e-mail address')}
  ${selectField({ name: 'role', label: 'Role', value: 'viewer' }, ROLES)}
  ${inviteButton(sendsMail, html` name="act" value="invite"`)}
</form>`;
}

function leaveCard(action: string): Html {
  return html`<details class="card"><summary>Leave the team …</summary>
<form method="post" action="${action}/leave"><p>You lose the roles that you have through this team. To join again, you need an
invitation.</p>
<button class="danger" name="act" value="leave">Leave the team</button></form></details>`;
}

function deleteCard({ team: { name }, sites, ofOwner }: TeamParts, action: string): Html {
  const attributes = html`required maxlength="100" autocomplete="off"`;
  const invitations = ofOwner?.invitations.length ?? 0;
  return html`<form class="card form" method="post" action="${action}">
  <h2>Name</h2>
  ${field({ name: 'name', label: 'Name of the team', value: name, attributes })}
  <button class="main-button" name="act" value="rename">Save name</button>
</form>
<details class="card"><summary>Delete the team …</summary>
<form method="post" action="${action}"><p>Its ${ofOwner?.members.length} members lose the roles that they have through it on
${sites.length} ${sites.length === 1 ? 'site' : 'sites'}${
    invitations > 0 && html`, and ${invitations} open ${invitations === 1 ? 'invitation ends' : 'invitations end'}`
  }. The sites, their numbers and their own members remain. This cannot be undone.</p>
<button class="danger" name="act" value="delete">Delete the team</button></form></details>`;
}
