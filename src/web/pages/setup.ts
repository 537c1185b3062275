// The first run: a form that creates the first account and the first site, and a page that shows what to do next.
import type { Site } from '../../hit/site.js';
import type { FieldProblem } from '../../people/person.js';
import { basePathOf } from '../base-path.js';
import { NOTHING_YET } from '../installation.js';
import { type Html, html } from './html.js';
import { installationCard } from './installation.js';
import { page } from './layout.js';
import { emailField, nameField, newPasswordField } from './person-fields.js';
import { type SiteFields, siteFields } from './site-fields.js';
import { snippets } from './snippet.js';

export interface SetupTyped {
  readonly name: string;
  readonly email: string;
  /** Undefined when there are sites already: then only the account is created. */
  readonly site: SiteFields | undefined;
}

export function setupPage(base: string, setupPath: string, typed: SetupTyped, problems: readonly FieldProblem[]): Html {
  const { name, email, site } = typed;
  return page({
    base,
    title: 'Set up – Hitherto',
    script: 'setup',
    main: html`<main class="narrow">
<h1>${site === undefined ? 'Your account' : 'Your account and your first site'}</h1>
${
  site === undefined
    ? html`<p>With this account you sign in by password, change all sites and invite others. Sites and tokens stay as they
are.</p>`
    : html`<p>Nothing is counted yet. You can change everything later, except the id of the site.</p>`
}
<form class="card form" method="post" action="${base}${setupPath}">
  <h2>You</h2>
  ${nameField(name, problems)}
  ${emailField(email, problems)}
  ${newPasswordField(problems)}
  ${site !== undefined && html`<h2>Your site</h2>${siteFields(site, problems)}`}
  <button class="main-button">${site === undefined ? 'Create account' : 'Create account and site'}</button>
</form>
</main>`,
  });
}

/** The form for a further site. */
export function newSitePage(base: string, nav: Html, typed: SiteFields, problems: readonly FieldProblem[]): Html {
  return page({
    base,
    title: 'New site – Hitherto',
    script: 'setup',
    header: nav,
    main: html`<main class="narrow">
<h1>New site</h1>
<form class="card form" method="post" action="${base}/new-site">
  ${siteFields(typed, problems)}
  <button class="main-button">Create site</button>
</form>
</main>`,
  });
}

export function siteReadyPage(site: Site, nav: Html, publicUrl: string): Html {
  const base = basePathOf(publicUrl);
  return page({
    base,
    title: `${site.title} – Hitherto`,
    script: 'installation',
    header: nav,
    main: html`<main class="narrow">
<h1><bdi>${site.title}</bdi> is ready</h1>
<section class="card">
<h2>Add the snippet to your pages</h2>
${snippets(site, publicUrl)}
</section>
${installationCard({ site, publicUrl, installation: NOTHING_YET })}
<p><a class="main-button" href="${base}/sites/${site.id}">Go to the site’s page</a></p>
</main>`,
  });
}
