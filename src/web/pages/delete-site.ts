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
    title: `Delete ${title} – Hitherto`,
    header: nav,
    main: html`<main class="narrow">
<h1>Delete <bdi>${title}</bdi>?</h1>
<p>Everything that was counted is deleted, and the id can never be used again. This cannot be undone.</p>
<pre class="card preview">${preview}</pre>
<form class="card form" method="post" action="${base}/sites/${id}/delete">
  ${field(
    { name: 'id', label: html`Type <code>${id}</code> to confirm`, attributes: html`required ${AS_TYPED}` },
    problem === undefined ? [] : [problem],
  )}
  <button class="danger">Delete the site</button>
  <a href="${base}/sites/${id}/settings">Keep it</a>
</form>
</main>`,
  });
}
