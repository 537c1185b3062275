// The owner's page of one site: the skeleton. page.js fills it from the API and keeps it up to date.
import type { Site } from '../../hit/site.js';
import { type Html, html } from './html.js';
import { page, signOutForm } from './layout.js';
import { snippets } from './snippet.js';

export function sitePage(site: Site, readable: readonly Site[], publicUrl: string, kept: Html): Html {
  const { id, title, timezone, hosts } = site;
  const host = hosts.find((name) => !name.startsWith('*.'));
  return page({
    title: `${title} – Hitherto`,
    script: 'site',
    header: html`${readable.length > 1 && switcher(id, readable)}${signOutForm}`,
    main: html`<main id="site" data-site="${id}" data-timezone="${timezone}" data-host="${host}">
<div class="head">
  <div>
    <h1><bdi>${title}</bdi></h1>
    <p class="zone">Days and hours of <strong>${timezone}</strong><span id="clock"></span></p>
  </div>
  <div class="toggle" role="group" aria-label="Period">
    <button type="button" id="show-today" aria-pressed="true" aria-keyshortcuts="d">Today <kbd>d</kbd></button>
    <button type="button" id="show-month" aria-pressed="false" aria-keyshortcuts="m">This month <kbd>m</kbd></button>
  </div>
</div>
<noscript>
  <p class="card">This page is filled in by a script from this server. Allow it, or read the numbers from the API.</p>
</noscript>
<section id="waiting" class="card" hidden>
  <h2>Waiting for the first view</h2>
  ${snippets(site, publicUrl)}
  <p class="hint">This page notices by itself when it comes.</p>
</section>
<section class="card main-chart" aria-labelledby="numbers-title">
  <h2 id="numbers-title" class="visually-hidden">Views and visitors</h2>
  <div class="numbers">
    <div class="number views"><span class="label">Views</span><span class="value" id="views">–</span></div>
    <div class="number visitors"><span class="label">Visitors</span>
      <span><span class="value" id="visitors">–</span> <span class="error" id="visitors-error"></span></span></div>
    <p class="state" id="state" role="status">Connecting …</p>
  </div>
  <div id="chart" class="chart" aria-hidden="true"></div>
  <p id="chart-empty" class="empty" hidden></p>
  <table id="chart-table" class="visually-hidden"></table>
</section>
<section class="card just-now" aria-labelledby="just-now-title" id="just-now" hidden>
  <h2 id="just-now-title">Just now</h2>
  <ol id="just-now-rows"></ol>
</section>
<div class="lists" id="lists"></div>
${kept}
</main>`,
  });
}

function switcher(current: string, sites: readonly Site[]): Html {
  const options = sites.map(({ id, title }) => html`<option value="${id}"${id === current && html` selected`}>${title}</option>`);
  return html`<label class="visually-hidden" for="switcher">Site</label><select id="switcher">${options}</select>`;
}
