// The list of an owner's sites.
import type { Site } from '../../hit/site.js';
import { notice } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';
import { limitNotice, sitesText, type Used } from './limits.js';

const NO_SITE = html`<p>${{ en: 'You have access to no site yet.', de: 'Sie haben noch zu keiner Website Zugang.' }}</p>`;

export interface SitesParts {
  readonly base: string;
  readonly nav: Html;
  readonly sites: readonly Site[];
  /** The person who is signed in. Undefined for a token. */
  readonly used: Used | undefined;
  readonly mayCreate: boolean;
  readonly done?: Insertable;
}

export function sitesPage({ base, nav, sites, used, mayCreate, done }: SitesParts): Html {
  const items = sites.map(
    ({ id, title, timezone }) =>
      html`<li><a class="card site-link" href="${base}/sites/${id}">
<strong><bdi>${title}</bdi></strong><span>${id} · ${timezone}</span></a></li>`,
  );
  return page({
    base,
    title: { en: 'Your sites – Hitherto', de: 'Ihre Websites – Hitherto' },
    header: nav,
    main: html`<main class="narrow"><h1>${{ en: 'Your sites', de: 'Ihre Websites' }}</h1>
${notice(done)}
${used !== undefined && limitNotice(used)}
${items.length > 0 ? html`<ul class="sites">${items}</ul>` : NO_SITE}
${mayCreate && html`<p><a class="main-button" href="${base}/new-site">${{ en: 'New site', de: 'Neue Website' }}</a></p>`}
${used !== undefined && limitHint(used, mayCreate)}
</main>`,
  });
}

/** How many sites the person owns, before and when the limit is reached. */
function limitHint({ person }: Used, mayCreate: boolean): Html | false {
  if (person.isOperator || person.sitesMax === 0) return false;
  return html`<p class="hint">${{ en: html`You own ${sitesText(person)}.`, de: html`Ihnen gehören ${sitesText(person)}.` }}${
    !mayCreate && {
      en: ' To create another one, ask an operator of this service for a higher limit.',
      de: ' Für eine weitere bitten Sie einen Betreiber dieses Dienstes um eine höhere Grenze.',
    }
  }</p>`;
}
