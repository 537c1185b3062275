// The list of an owner's sites.
import type { Site } from '../../hit/site.js';
import { notice } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { limitNotice, sitesText, type Used } from './limits.js';

const NO_SITE = html`<p>You have access to no site yet.</p>`;

export interface SitesParts {
  readonly base: string;
  readonly nav: Html;
  readonly sites: readonly Site[];
  /** The person who is signed in. Undefined for a token. */
  readonly used: Used | undefined;
  readonly mayCreate: boolean;
  readonly done?: string | undefined;
}

export function sitesPage({ base, nav, sites, used, mayCreate, done }: SitesParts): Html {
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
${used !== undefined && limitNotice(used)}
${items.length > 0 ? html`<ul class="sites">${items}</ul>` : NO_SITE}
${mayCreate && html`<p><a class="main-button" href="${base}/new-site">New site</a></p>`}
${used !== undefined && limitHint(used, mayCreate)}
</main>`,
  });
}

/** How many sites the person owns, before and when the limit is reached. */
function limitHint({ person }: Used, mayCreate: boolean): Html | false {
  if (person.isOperator || person.sitesMax === 0) return false;
  return html`<p class="hint">You own ${sitesText(person)}.${
    !mayCreate && ' To create another one, ask an operator of this service for a higher limit.'
  }</p>`;
}
