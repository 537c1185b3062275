// The list of an owner's sites.
import type { Site } from '../../hit/site.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';

const NO_SITE = html`<p>You have access to no site yet.</p>`;

export function sitesPage(base: string, nav: Html, sites: readonly Site[], mayCreate: boolean): Html {
  const items = sites.map(
    ({ id, title, timezone }) =>
      html`<li><a class="card site-link" href="${base}/sites/${id}">
<strong><bdi>${title}</bdi></strong><span>${id} · ${timezone}</span></a></li>`,
  );
  return page({
    base,
    title: 'Your sites – Hitherto',
    header: nav,
    main: html`<main class="narrow"><h1>Your sites</h1>
${items.length > 0 ? html`<ul class="sites">${items}</ul>` : NO_SITE}
${mayCreate && html`<p><a class="main-button" href="${base}/new-site">New site</a></p>`}
</main>`,
  });
}
