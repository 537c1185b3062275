// The list of an owner's sites.
import type { Site } from '../../hit/site.js';
import { type Html, html } from './html.js';
import { page, signOutForm } from './layout.js';

const NO_SITE = html`<p>This token gives access to no site. Create one with <code>hitherto site add</code>.</p>`;

export function sitesPage(base: string, sites: readonly Site[]): Html {
  const items = sites.map(
    ({ id, title, timezone }) =>
      html`<li><a class="card site-link" href="${base}/sites/${id}">
<strong><bdi>${title}</bdi></strong><span>${id} · ${timezone}</span></a></li>`,
  );
  return page({
    base,
    title: 'Your sites – Hitherto',
    header: signOutForm(base),
    main: html`<main class="narrow"><h1>Your sites</h1>
${items.length > 0 ? html`<ul class="sites">${items}</ul>` : NO_SITE}
</main>`,
  });
}
