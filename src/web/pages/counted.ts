// The card that explains a site's privacy settings: whether browsers keep a record, and how Do Not Track and Global
// Privacy Control are treated.
import type { Site } from '../../hit/site.js';
import { type Html, html } from './html.js';
import { snippets } from './snippet.js';

const STORAGE: Readonly<Record<Site['storage'], string>> = {
  record:
    'Each browser keeps a small record of its own visits: a cookie, for at most 13 months, and a list of its last pages. ' +
    'The record stays in the browser, which sends only ages and counts. They give the visitors of any period, ' +
    'new and returning ' +
    'visitors, visits, loyalty and retention.',
  none:
    'With the snippet below, browsers keep nothing, and nothing that they kept before is counted. Visitors are estimated for ' +
    'each day. A view that comes from another site begins a visit. The length of visits and returning visitors are not known.',
};

const SIGNALS: Readonly<Record<Site['signals'], string>> = {
  'without-record': 'Counted without a record: their views, and visitors of the day.',
  'views-only': 'Only their views are counted, not the visitors.',
  ignored: 'Counted like any other browser.',
};

/** `change`: where these settings are changed. */
export function countedCard(site: Site, publicUrl: string, change: Html): Html {
  const { storage, signals } = site;
  return html`<details class="card counted"><summary>What is counted</summary>
<dl>
<dt>What browsers keep</dt><dd>${STORAGE[storage]}</dd>
<dt>Browsers that send Do Not Track or Global Privacy Control</dt><dd>${SIGNALS[signals]}</dd>
</dl>
<p class="hint">${change} The tracker follows them in the browser, so your pages need the matching snippet:</p>
${snippets(site, publicUrl)}
</details>`;
}
