// The list of an owner's sites.
import type { Site } from '../../hit/site.js';
import { notice } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';

const NO_SITE = html`<p>You have access to no site yet.</p>`;

export interface SitesParts {
  readonly base: string;
  readonly nav: Html;
  readonly sites: readonly Site[];
  readonly mayCreate: boolean;
  readonly done?: string | undefined;
}

export function sitesPage({ base, nav, sites, mayCreate, done }: SitesParts): Html {
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
${notice(done)}
${items.length > 0 ? html`<ul class="sites">${items}</ul>` : NO_SITE}
${mayCreate && html`<p><a class="main-button" href="${base}/new-site">New site</a></p>`}
</main>`,
  });
}
