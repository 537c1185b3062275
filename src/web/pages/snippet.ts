// The snippets that an owner pastes into their pages.
import { readableUrl } from '../../hit/host.js';
import type { Site } from '../../hit/site.js';
import { copyable } from './form.js';
import { type Html, html } from './html.js';

type Measured = Pick<Site, 'id' | 'storage' | 'signals'>;

/** The tracker follows some settings in the browser, so the snippet names them where they differ from the defaults. */
export function scriptSnippet({ id, storage, signals }: Measured, publicUrl: string): string {
  const attributes = [
    storage === 'record' ? undefined : html` data-storage="${storage}"`,
    signals === 'without-record' ? undefined : html` data-signals="${signals}"`,
  ];
  return html`<script defer src="${readableUrl(publicUrl)}/track.js" data-site="${id}"${attributes}></script>`.in('en');
}

/**
 * The host stays in ASCII, since some mail programs accept no other. Without the referrer policy, browsers send only the
 * origin, and every view would be of an unknown page.
 */
export function pixelSnippet({ id }: Measured, publicUrl: string): string {
  const src = `${publicUrl}/a.gif?s=${encodeURIComponent(id)}&i=1`;
  return html`<img src="${src}" referrerpolicy="no-referrer-when-downgrade" alt="">`.in('en');
}

/** Both snippets, ready to copy. */
export function snippets(site: Measured, publicUrl: string): Html {
  return html`<p>${{
    en: html`Paste this into every page that you want to count, preferably inside <code>&lt;head&gt;</code>:`,
    de: html`Fügen Sie das in jede Seite ein, die Sie zählen möchten, am besten in <code>&lt;head&gt;</code>:`,
  }}</p>
${copyable(scriptSnippet(site, publicUrl), { en: 'Snippet for your pages', de: 'Snippet für Ihre Seiten' })}
<details><summary>${{
    en: 'Where no script can run (mails, feeds, README files)',
    de: 'Wo kein Skript laufen kann (Mails, Feeds, README-Dateien)',
  }}</summary>
<p>${{ en: 'This image counts views only:', de: 'Dieses Bild zählt nur Seitenaufrufe:' }}</p>
${copyable(pixelSnippet(site, publicUrl), { en: 'Image for places without scripts', de: 'Bild für Stellen ohne Skripte' })}
</details>`;
}
