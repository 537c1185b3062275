// Who has access to a site through teams: a card in the settings of the site.
import type { Team } from '../../people/team.js';
import type { TeamMember } from '../../people/team-members.js';
import { type Html, html } from './html.js';
import { ROLE_NAMES } from './roles.js';

export interface TeamOfSite {
  readonly team: Team;
  readonly members: readonly TeamMember[];
  /** Whether the person who looks at the page may open the page of the team. */
  readonly isOpen: boolean;
}

/** `mayRemove`: the person owns the site without a team. */
export function siteTeamsCard(teams: readonly TeamOfSite[], base: string, site: string, mayRemove: boolean): Html {
  return html`<section class="card"><h2>Teams</h2>
<p class="hint">${{
    en: html`Everybody in a team has a role on all of its sites. You can add this site to a team on the page of the
<a href="${base}/teams">team</a>.`,
    de: html`Alle in einem Team haben eine Rolle für alle seine Websites. Auf der Seite des
<a href="${base}/teams">Teams</a> können Sie diese Website hinzufügen.`,
  }}</p>
${teams.map(
  ({ team: { id, name }, members, isOpen }) => html`<form class="person" method="post" action="${base}/sites/${site}/teams">
<input type="hidden" name="team" value="${id}">
<p><strong>${isOpen ? html`<a href="${base}/teams/${id}"><bdi>${name}</bdi></a>` : html`<bdi>${name}</bdi>`}</strong></p>
<ul>${members.map(memberItem)}</ul>
${
  mayRemove &&
  html`<p><button class="quiet" name="act" value="remove">${{
    en: html`Remove this site from the team <bdi>${name}</bdi>`,
    de: html`Diese Website aus dem Team <bdi>${name}</bdi> entfernen`,
  }}</button></p>`
}</form>`,
)}</section>`;
}

function memberItem({ person: { name, email }, role }: TeamMember): Html {
  return html`<li><bdi>${name}</bdi> <bdi>${email}</bdi>: ${ROLE_NAMES[role]}</li>`;
}
