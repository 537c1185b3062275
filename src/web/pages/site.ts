// The owner's page of one site: its frame. page.*.js fills it from the API and keeps it up to date.
import { readableHost } from '../../hit/host.js';
import { adviceDe, adviceEn } from '../../hit/refusal-texts.js';
import type { Site } from '../../hit/site.js';
import type { InEach } from '../../language/languages.js';
import type { FirstView, PageSite } from '../../reporting/first-view.js';
import { ALLOW_IT, given } from './given.js';
import { Html, html } from './html.js';
import { pageEnd, pageStart } from './layout.js';
import { snippets } from './snippet.js';

const SETTINGS = { en: 'Settings', de: 'Einstellungen' };
const SITE = { en: 'Site', de: 'Website' };
const ANOTHER_SITE = { en: 'Another site …', de: 'Andere Website …' };
const SHOWS_TODAY = {
  en: 'Without a script from this server, this page shows only today, and does not change.',
  de: 'Ohne ein Skript von diesem Server zeigt diese Seite nur heute, und sie ändert sich nicht.',
};
const NEEDS_SCRIPT = {
  en: 'This page needs a script from this server.',
  de: 'Diese Seite braucht ein Skript von diesem Server.',
};

export interface SitePageParts {
  readonly site: Site;
  /** The sites to switch to. */
  readonly readable: readonly Site[];
  readonly publicUrl: string;
  /** Prefix of all addresses of the page. */
  readonly base: string;
  readonly nav: Html;
  readonly mayEdit: boolean;
  /** Whether it is behind a share link. */
  readonly isShared?: boolean;
  /** At the end of the page. */
  readonly notes: readonly Html[];
  /** The only reports that the page may show, and `live`. Absent: everything. */
  readonly reports?: readonly string[] | undefined;
}

export function asPageSite({ id, title, timezone, hosts, createdAtMs }: Site): PageSite {
  return {
    site: id,
    title,
    timezone,
    host: hosts.find((name) => !name.startsWith('*.')) ?? '',
    since: new Date(createdAtMs).toISOString(),
  };
}

/** The page in two parts: what is before its first view, and the rest with it, or without it where there is none. */
export function sitePage(parts: SitePageParts): { readonly start: Html; rest(firstView: FirstView | undefined): Html } {
  const { site, readable, base, nav, mayEdit, isShared = false } = parts;
  const { id, title } = site;
  const header = html`${readable.length > 1 && switcher(id, readable)}
${mayEdit && html`<a class="settings-link" href="${base}/sites/${id}/settings">${SETTINGS}</a>`}${nav}`;
  return {
    start: pageStart({ base, title: `${title} – Hitherto`, script: 'site', header }),
    rest: (firstView) => html`${mainPart(parts, firstView)}${pageEnd({ base, isShared })}`,
  };
}

function mainPart({ site, publicUrl, mayEdit, notes, reports }: SitePageParts, firstView: FirstView | undefined): Html {
  const { id, title, timezone } = site;
  const { host, since } = asPageSite(site);
  const isViewed = firstView?.isWaiting === false; // it needs no snippets any more
  const snippetsOfSite = isViewed ? html`` : snippets(site, publicUrl);
  return html`<main>
<noscript>
  ${!firstView && html`<h1><bdi>${title}</bdi></h1>`}
  <p class="card">${firstView ? SHOWS_TODAY : NEEDS_SCRIPT} ${ALLOW_IT}</p>
</noscript>
<div id="page" data-site="${id}" data-title="${title}" data-timezone="${timezone}" data-since="${since}"
  data-host="${host}"${reports && html` data-reports="${reports.join(' ')}"`}
  ${mayEdit && html`data-edits`}
  ${firstView?.firstDay && html`data-first-day="${firstView.firstDay}"`}
  ${firstView && html`data-waiting="${String(firstView.isWaiting)}"`}>${firstView && rendered(firstView, snippetsOfSite)}</div>
${firstView && given(firstView)}
${!isViewed && html`<template id="snippets" data-advice="${adviceFor(site)}">${snippetsOfSite}</template>`}
${notes}
</main>`;
}

/** On hits that are not counted, as JSON: only the page of a site that waits for its first view needs it. */
function adviceFor({ hosts }: Site): InEach<string> {
  const [en, de] = [adviceEn, adviceDe].map((of) => JSON.stringify(of(hosts.map(readableHost)))) as [string, string];
  return { en, de };
}

const SNIPPETS_PLACE = '<div data-place="snippets"></div>';

/** The components leave an empty place for the snippets. */
function rendered({ html: text }: FirstView, snippets: Html): Html {
  const [before = '', after] = text.split(SNIPPETS_PLACE);
  if (after === undefined) return new Html([text]);
  return html`${new Html([before])}<div data-place="snippets">${snippets}</div>${new Html([after])}`;
}

/** With more sites, a list of them would be too long to choose from. */
const SITES_IN_LIST_MAX = 25;

function switcher(current: string, sites: readonly Site[]): Html {
  const label = html`<label class="visually-hidden" for="switcher">${SITE}</label>`;
  if (sites.length > SITES_IN_LIST_MAX)
    return html`${label}<input id="switcher" list="switcher-sites" placeholder="${ANOTHER_SITE}" autocomplete="off"
  spellcheck="false"><datalist id="switcher-sites"></datalist>`;
  const options = sites.map(({ id, title }) => html`<option value="${id}"${id === current && html` selected`}>${title}</option>`);
  return html`${label}<select id="switcher">${options}</select>`;
}
