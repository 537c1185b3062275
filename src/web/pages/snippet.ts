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
  return html`<script defer src="${readableUrl(publicUrl)}/track.js" data-site="${id}"${attributes}></script>`.text;
}

/**
 * The host stays in ASCII, since some mail programs accept no other. Without the referrer policy, browsers send only the
 * origin, and every view would be of an unknown page.
 */
export function pixelSnippet({ id }: Measured, publicUrl: string): string {
  const src = `${publicUrl}/a.gif?s=${encodeURIComponent(id)}&i=1`;
  return html`<img src="${src}" referrerpolicy="no-referrer-when-downgrade" alt="">`.text;
}

/** Both snippets, ready to copy. */
export function snippets(site: Measured, publicUrl: string): Html {
  return html`<p>Paste this into every page that you want to count, preferably inside <code>&lt;head&gt;</code>:</p>
${copyable(scriptSnippet(site, publicUrl), 'Snippet for your pages')}
<details><summary>Where no script can run (mails, feeds, README files)</summary>
<p>This image counts views only:</p>
${copyable(pixelSnippet(site, publicUrl), 'Image for places without scripts')}
</details>`;
}
