// "Is it installed?": whether hits arrive, why they are not counted, and what to check if none does. The page’s script asks
// for it again and again; without scripts, people reload it.
import { isLocalHost, readableHost } from '../../hit/host.js';
import { adviceOn, reasonName } from '../../hit/refusal-texts.js';
import type { Site } from '../../hit/site.js';
import { basePathOf } from '../base-path.js';
import type { Installation } from '../installation.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';

export interface InstallationParts {
  readonly site: Pick<Site, 'id' | 'title' | 'hosts'>;
  readonly publicUrl: string;
  /** Undefined: it is not known now. */
  readonly installation: Installation | undefined;
}

export function installationPage(parts: InstallationParts, nav: Html): Html {
  const { site, publicUrl } = parts;
  const base = basePathOf(publicUrl);
  const address = `${base}/sites/${site.id}`;
  return page({
    base,
    title: `Is it installed? ${site.title} – Hitherto`,
    script: 'installation',
    header: nav,
    main: html`<main class="narrow">
<p><a href="${address}">← <bdi>${site.title}</bdi></a></p>
<h1>Installation</h1>
${installationCard(parts)}
</main>`,
  });
}

/** Until `data-answered`, the elements with `data-live` are replaced by newer ones with the same id. */
export function installationCard(parts: InstallationParts): Html {
  const { site, publicUrl, installation } = parts;
  const address = `${basePathOf(publicUrl)}/sites/${site.id}/installation`;
  const isAnswered = installation !== undefined && installation.counted > 0;
  const answered = isAnswered && html` data-answered`;
  return html`<section class="card" id="installation" data-address="${address}"${answered}><h2>Is it installed?</h2>
<div id="installation-state" role="status" data-live>${stateOf(parts)}</div>
<p class="hint">This is about the hits of today and yesterday.<noscript> <a href="${address}">Check again</a></noscript></p>
<div id="installation-help" data-live>${installation?.counted === 0 && checklist(parts, installation)}</div>
</section>`;
}

function stateOf({ site, installation }: InstallationParts): Html {
  if (installation === undefined) return html`<p>The numbers cannot be read at the moment.</p>`;
  const { counted, refused } = installation;
  if (counted > 0) {
    return html`<p><strong>Yes.</strong> ${hitsText(counted)} counted.</p>
${refused > 0 && html`<p>${hitsText(refused)} not counted:</p>${reasonsList(installation, site.hosts)}`}`;
  }
  if (refused > 0) {
    return html`<p><strong>Not yet.</strong> Hits arrive, but none was counted:</p>
${reasonsList(installation, site.hosts)}`;
  }
  return html`<p><strong>Nothing has arrived yet.</strong> Open a page of your site in an ordinary browser.</p>`;
}

function hitsText(hits: number): string {
  return `${hits.toLocaleString('en')} ${hits === 1 ? 'hit was' : 'hits were'}`;
}

function reasonsList({ reasons, foreignHost }: Installation, hosts: readonly string[]): Html {
  return html`<ul>${reasons.map(({ reason, hits }) => {
    const advice = adviceOn(reason, hosts.map(readableHost));
    return html`<li><strong>${hits.toLocaleString('en')} × ${reasonName(reason)}</strong>${advice !== undefined && `: ${advice}`}
${reason === 'foreign-host' && foreignHost && html`The last one came from <code>${readableHost(foreignHost)}</code>.`}</li>`;
  })}</ul>`;
}

/** What only the owner can see: whether the page is right, and what the browser says about it. */
function checklist({ site, publicUrl }: InstallationParts, { refused }: Installation): Html {
  const { origin, hostname, protocol } = new URL(publicUrl);
  const missing = refused === 0 ? 'If nothing arrives' : 'If your own visit is not among them';
  return html`<p>${missing} within a minute, check these:</p>
<ul>
<li>The page that visitors get contains the snippet with <code>data-site="${site.id}"</code>. Look at its source in the browser: a
cache may still deliver the page without it.</li>
<li>The page’s Content Security Policy allows the tracker. If it has one, add these sources:
<code>script-src ${origin}</code>, <code>connect-src ${origin}</code>, and for the image <code>img-src ${origin}</code>. In
the developer tools of the browser, the console names what was blocked.</li>
${
  isLocalHost(hostname)
    ? html`<li>This service is at <code>${publicUrl}</code>, which only this computer or its network can reach. For visitors,
set <code>PUBLIC_URL</code> to an address that they can reach.</li>`
    : protocol === 'http:' &&
      html`<li>This service is at an <code>http:</code> address, which browsers block on pages with <code>https:</code>. Serve
it by https, and set <code>PUBLIC_URL</code> accordingly.</li>`
}
<li>No extension of the browser blocks it. Try a private window, or another browser.</li>
<li>This browser is not excluded. <code>#hitherto-on</code> at the end of a page’s address counts its visits again.</li>
</ul>`;
}
