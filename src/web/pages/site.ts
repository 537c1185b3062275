// The owner's page of one site: the skeleton. page.js fills it from the API and keeps it up to date.
import { readableHost } from '../../hit/host.js';
import type { Site } from '../../hit/site.js';
import { basePathOf } from '../base-path.js';
import { type Html, html } from './html.js';
import { page, signOutForm } from './layout.js';
import { snippets } from './snippet.js';

/** In the order in which they are read: what came, how it came, how it was read. */
const NUMBERS = [
  ['views', 'Views'],
  ['visitors', 'Visitors'],
  ['visits', 'Visits'],
  ['bounce-rate', 'Bounce rate'],
  ['views-per-visit', 'Views per visit'],
  ['visit-duration', 'Visit duration'],
  ['reading-time', 'Reading time'],
  ['online', 'Online now'],
] as const;

/** `notes` stand below the numbers. */
export function sitePage(site: Site, readable: readonly Site[], publicUrl: string, notes: readonly Html[]): Html {
  const { id, title, timezone, hosts, createdAtMs } = site;
  const host = hosts.find((name) => !name.startsWith('*.'));
  const base = basePathOf(publicUrl);
  return page({
    base,
    title: `${title} – Hitherto`,
    script: 'site',
    header: html`${readable.length > 1 && switcher(id, readable)}${signOutForm(base)}`,
    main: html`<main id="site" data-site="${id}" data-timezone="${timezone}" data-host="${host}" data-hosts="${hosts.map(readableHost).join(' ')}" data-since="${new Date(createdAtMs).toISOString()}">
<div class="head">
  <div>
    <h1><bdi>${title}</bdi></h1>
    <p class="zone">Times in <strong>${timezone}</strong><span id="clock"></span>
      <span class="state" id="state" role="status">Connecting …</span></p>
  </div>
  <div class="choices">
    <label class="compare">Compare with <select id="compare">
      <option value="previous">the period before</option>
      <option value="year-before">a year before</option>
      <option value="nothing">nothing</option>
    </select></label>
    <div class="toggle" role="group" aria-label="Period">
      <button type="button" id="show-today" aria-pressed="true" aria-keyshortcuts="d">Today <kbd>d</kbd></button>
      <button type="button" id="show-month" aria-pressed="false" aria-keyshortcuts="m">This month <kbd>m</kbd></button>
      <button type="button" id="show-year" aria-pressed="false" aria-keyshortcuts="y">This year <kbd>y</kbd></button>
    </div>
  </div>
</div>
<noscript>
  <p class="card">This page is filled in by a script from this server. Allow it, or read the numbers from the API.</p>
</noscript>
<section id="signed-out" class="card" role="alert" hidden>
  <h2>You are signed out</h2>
  <p id="signed-out-why"></p>
  <p><a class="main-button" href="/">Sign in</a></p>
</section>
<section id="waiting" class="card" hidden>
  <h2>Waiting for the first view</h2>
  <div id="waiting-refused" role="status" hidden></div>
  ${snippets(site, publicUrl)}
  <p class="hint">This page shows the first view as soon as it comes. If nothing comes, check that the snippet stands in the page
    with <code>data-site="${id}"</code>, and that no blocker in your browser stops it.</p>
</section>
<section class="card main-chart" aria-labelledby="numbers-title">
  <h2 id="numbers-title" class="visually-hidden">Numbers</h2>
  <div class="numbers">
    ${NUMBERS.map(
      ([name, label]) => html`<div class="number ${name}"><span class="label">${label}</span>
      <span><span class="value" id="${name}">–</span>${name === 'visitors' && html` <span class="error" id="visitors-error"></span>`}</span>
      <span class="before" id="${name}-before"></span></div>
    `,
    )}
  </div>
  <p id="compared" class="hint" hidden></p>
  <div id="chart" class="chart" aria-hidden="true"></div>
  <p id="chart-empty" class="empty" hidden></p>
  <div class="visually-hidden"><table id="chart-table"></table></div>
</section>
<section class="card just-now" aria-labelledby="just-now-title" id="just-now" hidden>
  <h2 id="just-now-title">Just now</h2>
  <ol id="just-now-rows"></ol>
</section>
<div class="lists" id="lists"></div>
${notes}
</main>`,
  });
}

function switcher(current: string, sites: readonly Site[]): Html {
  const options = sites.map(({ id, title }) => html`<option value="${id}"${id === current && html` selected`}>${title}</option>`);
  return html`<label class="visually-hidden" for="switcher">Site</label><select id="switcher">${options}</select>`;
}
