// The owner's page of one site: its frame. page.*.js fills it from the API and keeps it up to date.
import { readableHost } from '../../hit/host.js';
import type { Site } from '../../hit/site.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { snippets } from './snippet.js';

export interface SitePageParts {
  readonly site: Site;
  /** The sites to switch to. */
  readonly readable: readonly Site[];
  readonly publicUrl: string;
  /** Prefix of all addresses of the page. */
  readonly base: string;
  readonly nav: Html;
  readonly mayEdit: boolean;
  /** At the end of the page. */
  readonly notes: readonly Html[];
  /** The only reports that the page may show, and `live`. Absent: everything. */
  readonly reports?: readonly string[] | undefined;
}

export function sitePage({ site, readable, publicUrl, base, nav, mayEdit, notes, reports }: SitePageParts): Html {
  const { id, title, timezone, hosts, createdAtMs } = site;
  const host = hosts.find((name) => !name.startsWith('*.'));
  const readableHosts = hosts.map(readableHost).join(' ');
  const since = new Date(createdAtMs).toISOString();
  return page({
    base,
    title: `${title} – Hitherto`,
    script: 'site',
    header: html`${readable.length > 1 && switcher(id, readable)}
${mayEdit && html`<a class="settings-link" href="${base}/sites/${id}/settings">Settings</a>`}${nav}`,
    main: html`<main>
<noscript>
  <h1><bdi>${title}</bdi></h1>
  <p class="card">This page needs a script from this server. Allow it, or read the numbers from the API.</p>
</noscript>
<div id="page" data-site="${id}" data-title="${title}" data-timezone="${timezone}" data-since="${since}"
  data-host="${host}" data-hosts="${readableHosts}"${reports && html` data-reports="${reports.join(' ')}"`}></div>
<template id="snippets">${snippets(site, publicUrl)}</template>
${notes}
</main>`,
  });
}

function switcher(current: string, sites: readonly Site[]): Html {
  const options = sites.map(({ id, title }) => html`<option value="${id}"${id === current && html` selected`}>${title}</option>`);
  return html`<label class="visually-hidden" for="switcher">Site</label><select id="switcher">${options}</select>`;
}
