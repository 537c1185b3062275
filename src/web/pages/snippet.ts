// What an owner pastes into their pages.
import { readableUrl } from '../../hit/host.js';
import type { Site } from '../../hit/site.js';
import { type Html, html } from './html.js';

type Measured = Pick<Site, 'id' | 'storage' | 'signals'>;

/** The tracker acts on some settings in the browser, so they stand in the snippet where they are not the usual ones. */
export function scriptSnippet({ id, storage, signals }: Measured, publicUrl: string): string {
  const attributes = [
    storage === 'record' ? undefined : html` data-storage="${storage}"`,
    signals === 'without-record' ? undefined : html` data-signals="${signals}"`,
  ];
  return html`<script defer src="${readableUrl(publicUrl)}/track.js" data-site="${id}"${attributes}></script>`.text;
}

/**
 * The host stays in ASCII, since programs that show mails may know no other. Without the referrer policy browsers
 * send only the origin, and every view would be of an unknown page.
 */
export function pixelSnippet({ id }: Measured, publicUrl: string): string {
  const src = `${publicUrl}/a.gif?s=${encodeURIComponent(id)}&i=1`;
  return html`<img src="${src}" referrerpolicy="no-referrer-when-downgrade" alt="">`.text;
}

/** Both, ready to be copied. */
export function snippets(site: Measured, publicUrl: string): Html {
  return html`<p>Paste this into every page that is to be counted, best inside <code>&lt;head&gt;</code>:</p>
${copyable(scriptSnippet(site, publicUrl), 'Snippet for your pages')}
<details><summary>Where no script can run (mails, feeds, README files)</summary>
<p>This picture counts views only:</p>
${copyable(pixelSnippet(site, publicUrl), 'Picture for places without script')}
</details>`;
}

function copyable(text: string, name: string): Html {
  return html`<textarea class="snippet" readonly rows="2" spellcheck="false" aria-label="${name}">${text}</textarea>`;
}
