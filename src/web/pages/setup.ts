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

const TITLE = { en: 'Your account', de: 'Ihr Konto' };
const TITLE_WITH_SITE = { en: 'Your account and your first site', de: 'Ihr Konto und Ihre erste Website' };
const CREATE = { en: 'Create account', de: 'Konto erstellen' };
const CREATE_WITH_SITE = { en: 'Create account and site', de: 'Konto und Website erstellen' };

export function setupPage(base: string, setupPath: string, typed: SetupTyped, problems: readonly FieldProblem[]): Html {
  const { name, email, site } = typed;
  return page({
    base,
    title: { en: 'Set up – Hitherto', de: 'Einrichten – Hitherto' },
    script: 'setup',
    main: html`<main class="narrow">
<h1>${site === undefined ? TITLE : TITLE_WITH_SITE}</h1>
${
  site === undefined
    ? html`<p>${{
        en:
          'With this account you sign in by password, change all sites and invite others. Sites and tokens stay as ' +
          'they are.',
        de:
          'Mit diesem Konto melden Sie sich mit einem Passwort an, ändern alle Websites und laden andere ein. Websites ' +
          'und Token bleiben, wie sie sind.',
      }}</p>`
    : html`<p>${{
        en: 'Nothing is counted yet. You can change everything later, except the id of the site.',
        de: 'Noch wird nichts gezählt. Sie können später alles ändern, nur nicht die Kennung der Website.',
      }}</p>`
}
<form class="card form" method="post" action="${base}${setupPath}">
  <h2>${{ en: 'You', de: 'Sie' }}</h2>
  ${nameField(name, problems)}
  ${emailField(email, problems)}
  ${newPasswordField(problems)}
  ${site !== undefined && html`<h2>${{ en: 'Your site', de: 'Ihre Website' }}</h2>${siteFields(site, problems)}`}
  <button class="main-button">${site === undefined ? CREATE : CREATE_WITH_SITE}</button>
</form>
</main>`,
  });
}

/** The form for a further site. */
export function newSitePage(base: string, nav: Html, typed: SiteFields, problems: readonly FieldProblem[]): Html {
  return page({
    base,
    title: { en: 'New site – Hitherto', de: 'Neue Website – Hitherto' },
    script: 'setup',
    header: nav,
    main: html`<main class="narrow">
<h1>${{ en: 'New site', de: 'Neue Website' }}</h1>
<form class="card form" method="post" action="${base}/new-site">
  ${siteFields(typed, problems)}
  <button class="main-button">${{ en: 'Create site', de: 'Website anlegen' }}</button>
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
<h1>${{ en: html`<bdi>${site.title}</bdi> is ready`, de: html`<bdi>${site.title}</bdi> ist bereit` }}</h1>
<section class="card">
<h2>${{ en: 'Add the snippet to your pages', de: 'Fügen Sie das Snippet in Ihre Seiten ein' }}</h2>
${snippets(site, publicUrl)}
</section>
${installationCard({ site, publicUrl, installation: NOTHING_YET })}
<p><a class="main-button" href="${base}/sites/${site.id}">${{ en: 'Go to the site’s page', de: 'Zur Seite der Website' }}</a></p>
</main>`,
  });
}
