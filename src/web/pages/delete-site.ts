// The page before a site is deleted.
import type { Site } from '../../hit/site.js';
import type { FieldProblem } from '../../people/person.js';
import { AS_TYPED, field } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';

export interface DeleteSiteParts {
  readonly base: string;
  readonly nav: Html;
  readonly site: Site;
  /** What would be deleted, as lines. */
  readonly preview: string;
  readonly problem?: FieldProblem;
}

export function deleteSitePage({ base, nav, site, preview, problem }: DeleteSiteParts): Html {
  const { id, title } = site;
  return page({
    base,
    title: { en: `Delete ${title} – Hitherto`, de: `${title} löschen – Hitherto` },
    header: nav,
    main: html`<main class="narrow">
${{ en: html`<h1>Delete <bdi>${title}</bdi>?</h1>`, de: html`<h1><bdi>${title}</bdi> löschen?</h1>` }}
<p>${{
      en: 'Everything that was counted is deleted, and the id can never be used again. This cannot be undone.',
      de:
        'Alles, was gezählt wurde, wird gelöscht, und die Kennung kann nie wieder verwendet werden. Das lässt sich ' +
        'nicht rückgängig machen.',
    }}</p>
<pre class="card preview">${preview}</pre>
<form class="card form" method="post" action="${base}/sites/${id}/delete">
  ${field(
    {
      name: 'id',
      label: { en: html`Type <code>${id}</code> to confirm`, de: html`Geben Sie zur Bestätigung <code>${id}</code> ein` },
      attributes: html`required ${AS_TYPED}`,
    },
    problem === undefined ? [] : [problem],
  )}
  <button class="danger">${{ en: 'Delete the site', de: 'Website löschen' }}</button>
  <a href="${base}/sites/${id}/settings">${{ en: 'Keep it', de: 'Behalten' }}</a>
</form>
</main>`,
  });
}
