// The page of all sites. It comes with its first view (../first-view.ts), or else with the names of the sites only; sites.*.js
// keeps the numbers up to date.
import type { Site } from '../../hit/site.js';
import { inNumbers } from '../../language/formats.js';
import type { InEach } from '../../language/languages.js';
import { type Locale, languageOf } from '../../language/locale.js';
import type { SitesView } from '../../reporting/first-view.js';
import { notice } from './form.js';
import { ALLOW_IT, given } from './given.js';
import { Html, html, type Insertable } from './html.js';
import { pageEnd, pageStart } from './layout.js';
import { limitNotice, sitesText, type Used } from './limits.js';

const NO_SITE = html`<p>${{ en: 'You have access to no site yet.', de: 'Sie haben noch zu keiner Website Zugang.' }}</p>`;
/** The script shows as many. Thousands would make the page slow. */
export const ROWS_ON_PAGE = 50;

export interface SitesParts {
  readonly base: string;
  readonly nav: Html;
  readonly sites: readonly Site[];
  /** The person who is signed in. Undefined for a token. */
  readonly used: Used | undefined;
  readonly mayCreate: boolean;
  readonly done?: Insertable;
  /** Without a script: which rows are shown, from 1. Any number; the first ones if it is none. */
  readonly pageNumber: number;
}

/** The page in two parts: what is before its first view, and the rest with it, or without it where there is none. */
export function sitesPage(parts: SitesParts): { readonly start: Html; rest(view: SitesView | undefined): Html } {
  const { base, nav, sites, used, mayCreate, done } = parts;
  const start = pageStart({
    base,
    title: { en: 'Your sites – Hitherto', de: 'Ihre Websites – Hitherto' },
    script: 'sites',
    header: nav,
  });
  return {
    start: html`${start}<main><div class="head"><h1>${{ en: 'Your sites', de: 'Ihre Websites' }}</h1>
${mayCreate && html`<a class="main-button" href="${base}/new-site">${{ en: 'New site', de: 'Neue Website' }}</a>`}</div>
${notice(done)}
${used !== undefined && limitNotice(used)}
`,
    rest: (view) => html`${sites.length > 0 ? list(parts, view) : NO_SITE}
${used !== undefined && limitHint(used, mayCreate)}
</main>${pageEnd({ base })}`,
  };
}

function list({ base, sites, pageNumber }: SitesParts, view: SitesView | undefined): Html {
  const pages = Math.ceil(sites.length / ROWS_ON_PAGE);
  const current = Math.min(pages, Math.max(1, Math.floor(pageNumber) || 1));
  const link = (to: number, text: InEach<string>) =>
    to >= 1 && to <= pages && html`<a href="${base}/?all&amp;page=${to}">${text}</a> `;
  return html`<noscript><p class="card">${view ? OF_NOW : NEEDS_SCRIPT} ${ALLOW_IT}
${link(current - 1, TEXTS.previous)}${link(current + 1, TEXTS.more)}</p></noscript>
<div id="sites" data-rows="${String(ROWS_ON_PAGE)}">${
    view ? new Html([view.html]) : (locale: Locale) => names(base, sites, current, locale)
  }</div>${view && given(view)}`;
}

/** The same elements as those of the script (browser/dashboard/sites/), so that nothing moves when it takes over. */
function names(base: string, sites: readonly Site[], current: number, locale: Locale): Html {
  const { compare } = new Intl.Collator(languageOf(locale), { numeric: true, sensitivity: 'base' });
  const sorted = [...sites].sort((a, b) => compare(a.title, b.title) || (a.id < b.id ? -1 : 1));
  const shown = sorted.slice((current - 1) * ROWS_ON_PAGE, current * ROWS_ON_PAGE);
  return html`<div class="sites-toolbar"><input type="search" aria-label="${TEXTS.search}" placeholder="${TEXTS.search}" disabled>
<span class="hint" id="sites-status" role="status"></span></div>
<div class="card sites-card"><table class="sites-table"><thead><tr><td class="select"></td>
${TEXTS.columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody><tr class="totals"><td class="select"></td><th scope="row"><span class="site-cell"><strong>${inNumbers(sites.length)}
${sites.length === 1 ? SITE : SITES}</strong></span></th>${NO_NUMBERS}</tr></tbody>
<tbody>${shown.map((site) => row(base, site))}</tbody></table></div>`;
}

const OF_NOW = {
  en: 'Without a script from this server, these numbers do not change, and sites cannot be searched or sorted.',
  de: 'Ohne ein Skript von diesem Server ändern sich diese Zahlen nicht, und Websites lassen sich nicht suchen oder sortieren.',
};
const NEEDS_SCRIPT = {
  en: 'The numbers need a script from this server.',
  de: 'Die Zahlen brauchen ein Skript von diesem Server.',
};
const SITE = { en: 'site', de: 'Website' };
const SITES = { en: 'sites', de: 'Websites' };
const TEXTS = {
  search: { en: 'Search sites', de: 'Websites suchen' },
  previous: { en: 'Previous sites', de: 'Vorherige Websites' },
  more: { en: 'More sites', de: 'Weitere Websites' },
  columns: [
    { en: 'Site', de: 'Website' },
    { en: 'Views today', de: 'Aufrufe heute' },
    { en: 'Visitors today', de: 'Besucher heute' },
    { en: 'Online', de: 'Online' },
  ],
};

const NO_NUMBERS = html`<td></td><td></td><td></td>`;

function row(base: string, { id, title, timezone }: Site): Html {
  return html`<tr><td class="select"></td><th scope="row"><span class="site-cell">
<a class="site-link" href="${base}/sites/${id}"><strong><bdi>${title}</bdi></strong>
<span>${id}<span class="zone-of-site"> · ${timezone}</span></span></a></span></th>${NO_NUMBERS}</tr>`;
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
