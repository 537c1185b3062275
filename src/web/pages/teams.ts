// The list of a person's teams.
import type { FieldProblem, SiteRole } from '../../people/person.js';
import type { Team } from '../../people/team.js';
import { field, notice } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';
import { ROLE_NAMES } from './roles.js';

export interface TeamsParts {
  readonly base: string;
  readonly nav: Html;
  readonly teams: ReadonlyArray<{ readonly team: Team; readonly role: SiteRole }>;
  readonly mayCreate: boolean;
  readonly done?: Insertable;
  /** What is wrong with the name of a new team. */
  readonly problem?: FieldProblem | undefined;
}

export function teamsPage({ base, nav, teams, mayCreate, done, problem }: TeamsParts): Html {
  const items = teams.map(
    ({ team: { id, name, members, sites }, role }) =>
      html`<li><a class="card site-link" href="${base}/teams/${id}"><strong><bdi>${name}</bdi></strong>
<span>${{
        en: html`You are ${role} · ${counted(Object.keys(members).length, 'person', 'people')}
· ${counted(sites.length, 'site', 'sites')}`,
        de: html`Ihre Rolle: ${ROLE_NAMES[role].de} · ${counted(Object.keys(members).length, 'Person', 'Personen')}
· ${counted(sites.length, 'Website', 'Websites')}`,
      }}</span></a></li>`,
  );
  return page({
    base,
    title: { en: 'Your teams – Hitherto', de: 'Ihre Teams – Hitherto' },
    header: nav,
    main: html`<main class="narrow"><h1>${{ en: 'Your teams', de: 'Ihre Teams' }}</h1>
<p>${{
      en: 'A team is a group of people and sites: everybody in the team has a role on all of its sites.',
      de: 'Ein Team ist eine Gruppe von Personen und Websites: Alle im Team haben eine Rolle für alle seine Websites.',
    }}</p>
${notice(done)}
${
  items.length > 0
    ? html`<ul class="sites">${items}</ul>`
    : html`<p>${{
        en: html`You are in no team yet.`,
        de: html`Sie sind noch in keinem Team.`,
      }}</p>`
}
${mayCreate ? newTeamForm(base, problem) : ''}
</main>`,
  });
}

function counted(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function newTeamForm(base: string, problem: FieldProblem | undefined): Html {
  return html`<form class="card form" method="post" action="${base}/teams">
  <h2>${{ en: 'New team', de: 'Neues Team' }}</h2>
  ${field(
    { name: 'name', label: 'Name', attributes: html`required maxlength="100" autocomplete="off"` },
    problem === undefined ? [] : [problem],
  )}
  <button class="main-button">${{ en: 'Create team', de: 'Team anlegen' }}</button>
</form>`;
}
