// "Is it installed?": whether hits arrive, why they are not counted, and what to check if none does. The page’s script asks
// for it again and again; without scripts, people reload it.

import { isLocalHost, readableHost } from '../../hit/host.js';
import { type Advice, adviceDe, adviceEn, adviceOn, REASONS_DE, REASONS_EN, reasonName } from '../../hit/refusal-texts.js';
import type { Site } from '../../hit/site.js';
import { inNumbers } from '../../language/formats.js';
import { basePathOf } from '../base-path.js';
import type { Installation } from '../installation.js';
import { type Html, html, type Insertable } from './html.js';
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
    title: { en: `Is it installed? ${site.title} – Hitherto`, de: `Ist es eingebaut? ${site.title} – Hitherto` },
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
  return html`<section class="card" id="installation" data-address="${address}"${answered}><h2>${{
    en: html`Is it installed?`,
    de: html`Ist es eingebaut?`,
  }}</h2>
<div id="installation-state" role="status" data-live>${stateOf(parts)}</div>
<p class="hint">${{
    en: 'This covers the hits of today and yesterday.',
    de: 'Das berücksichtigt die Zugriffe von heute und gestern.',
  }}<noscript> <a href="${address}">${{ en: 'Check again', de: 'Noch einmal prüfen' }}</a></noscript></p>
<div id="installation-help" data-live>${installation?.counted === 0 && checklist(parts, installation)}</div>
</section>`;
}

function stateOf({ site, installation }: InstallationParts): Html {
  if (installation === undefined)
    return html`<p>${{
      en: html`The numbers cannot be read at the moment.`,
      de: html`Die Zahlen können gerade nicht gelesen werden.`,
    }}</p>`;
  const { counted, refused } = installation;
  if (counted > 0) {
    return html`<p><strong>${{
      en: html`Yes.</strong> ${hitsText(counted)} counted.`,
      de: html`Ja.</strong> ${hitsText(counted)} gezählt.`,
    }}</p>
${refused > 0 && html`<p>${hitsText(refused)} ${NOT_COUNTED}</p>${reasonsList(installation, site.hosts)}`}`;
  }
  if (refused > 0) {
    return html`<p><strong>${{
      en: html`Not yet.</strong> Hits arrive, but none was counted:`,
      de: html`Noch nicht.</strong> Zugriffe kommen an, aber keiner wurde gezählt:`,
    }}</p>
${reasonsList(installation, site.hosts)}`;
  }
  return html`<p><strong>${{
    en: html`Nothing has arrived yet.</strong> Open a page of your site in an ordinary browser.`,
    de: html`Noch ist nichts angekommen.</strong> Öffnen Sie eine Seite Ihrer Website in einem gewöhnlichen Browser.`,
  }}</p>`;
}

const NOT_COUNTED = { en: 'not counted:', de: 'nicht gezählt:' };

function hitsText(hits: number): Insertable {
  return [inNumbers(hits), hits === 1 ? { en: ' hit was', de: ' Zugriff wurde' } : { en: ' hits were', de: ' Zugriffe wurden' }];
}

function reasonsList({ reasons, foreignHost }: Installation, hosts: readonly string[]): Html {
  const [inEnglish, inGerman] = [adviceEn, adviceDe].map((of) => of(hosts.map(readableHost))) as [Advice, Advice];
  return html`<ul>${reasons.map(({ reason, hits }) => {
    const told = (name: string, advice = '') =>
      html`<strong>${inNumbers(hits)} × ${name}</strong>${advice !== '' && `: ${advice}`}`;
    return html`<li>${{
      en: told(reasonName(reason, REASONS_EN), adviceOn(reason, inEnglish)),
      de: told(reasonName(reason, REASONS_DE), adviceOn(reason, inGerman)),
    }}
${
  reason === 'foreign-host' &&
  foreignHost &&
  html`${{
    en: html`The last one came from <code>${readableHost(foreignHost)}</code>.`,
    de: html`Der letzte kam von <code>${readableHost(foreignHost)}</code>.`,
  }}`
}</li>`;
  })}</ul>`;
}

const NOTHING_ARRIVES = {
  en: 'If nothing arrives within a minute, check these:',
  de: 'Wenn innerhalb einer Minute nichts ankommt, prüfen Sie Folgendes:',
};
const OWN_VISIT_IS_MISSING = {
  en: 'If your own visit is not among them within a minute, check these:',
  de: 'Wenn Ihr eigener Besuch innerhalb einer Minute nicht darunter ist, prüfen Sie Folgendes:',
};

/** What only the owner can see: whether the page is right, and what the browser says about it. */
function checklist({ site, publicUrl }: InstallationParts, { refused }: Installation): Html {
  const { origin, hostname, protocol } = new URL(publicUrl);
  return html`<p>${refused === 0 ? NOTHING_ARRIVES : OWN_VISIT_IS_MISSING}</p>
<ul>
<li>${{
    en: html`The page that visitors get contains the snippet with <code>data-site="${site.id}"</code>. Look at its source
in the browser: a cache may still deliver the page without it.`,
    de: html`Die Seite, die Besucher bekommen, enthält das Snippet mit <code>data-site="${site.id}"</code>. Sehen Sie
sich ihren Quelltext im Browser an: Ein Cache liefert die Seite vielleicht noch ohne das Snippet.`,
  }}</li>
<li>${{
    en: html`The page’s Content Security Policy allows the tracker. If it has one, add these sources: <code>script-src
${origin}</code>, <code>connect-src ${origin}</code>, and for the image <code>img-src ${origin}</code>. In
the developer tools of the browser, the console names what was blocked.`,
    de: html`Die Content Security Policy der Seite erlaubt das Skript. Wenn sie eine hat, fügen Sie diese Quellen hinzu:
<code>script-src ${origin}</code>, <code>connect-src ${origin}</code> und für das Bild <code>img-src
${origin}</code>. In den Entwicklerwerkzeugen des Browsers nennt die Konsole, was blockiert wurde.`,
  }}</li>
${
  isLocalHost(hostname)
    ? html`<li>${{
        en: html`This service is at <code>${publicUrl}</code>, which only this computer or its network can reach. For
visitors, set <code>PUBLIC_URL</code> to an address that they can reach.`,
        de: html`Dieser Dienst ist unter <code>${publicUrl}</code> nur von diesem Rechner oder aus seinem Netz erreichbar.
Setzen Sie <code>PUBLIC_URL</code> auf eine Adresse, die Besucher erreichen.`,
      }}</li>`
    : protocol === 'http:' &&
      html`<li>${{
        en: html`This service is at an <code>http:</code> address, which browsers block on pages with <code>https:</code>.
Serve it by https, and set <code>PUBLIC_URL</code> accordingly.`,
        de: html`Dieser Dienst hat eine Adresse mit <code>http:</code>, die Browser auf Seiten mit <code>https:</code>
blockieren. Stellen Sie ihn über https bereit, und passen Sie <code>PUBLIC_URL</code> an.`,
      }}</li>`
}
<li>${{
    en: 'No extension of the browser blocks it. Try a private window, or another browser.',
    de:
      'Keine Erweiterung des Browsers blockiert es. Versuchen Sie es in einem privaten Fenster oder mit einem ' +
      'anderen Browser.',
  }}</li>
<li>${{
    en: html`This browser is not excluded. <code>#hitherto-on</code> at the end of a page’s address counts its visits
again.`,
    de: html`Dieser Browser ist nicht ausgeschlossen. <code>#hitherto-on</code> am Ende der Adresse einer Seite zählt
seine Besuche wieder.`,
  }}</li>
</ul>`;
}
