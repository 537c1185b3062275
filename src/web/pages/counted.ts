// What is counted of a site's visitors, as it is set: whether their browsers keep a record, and what their wishes do.
import type { Site } from '../../hit/site.js';
import { type Html, html } from './html.js';
import { snippets } from './snippet.js';

const STORAGE: Readonly<Record<Site['storage'], string>> = {
  record:
    'Each browser keeps a small record of its own visits: a cookie for 13 months at most, and when it last viewed which pages. The record never leaves it: only ages and numbers are sent. From them come visitors of any time, new and returning ones, visits, loyalty and retention.',
  none: 'Nothing that browsers keep is counted, and with the snippet below they keep nothing. Visitors are known by the day only, as an estimate; a visit is a view that came from elsewhere. How long visits were, who is new and who comes back is not known.',
};

const SIGNALS: Readonly<Record<Site['signals'], string>> = {
  'without-record': 'They are counted without a record: as views, and as visitors of the day.',
  'views-only': 'Only their views are counted, and no visitor.',
  ignored: 'They are counted as any other.',
};

export function countedCard(site: Site, publicUrl: string): Html {
  const { id, storage, signals } = site;
  return html`<details class="card counted"><summary>What is counted</summary>
<dl>
<dt>In browsers</dt><dd>${STORAGE[storage]}</dd>
<dt>Browsers that send Do Not Track or Global Privacy Control</dt><dd>${SIGNALS[signals]}</dd>
</dl>
<p class="hint">To change it: <code>hitherto site set ${id} --storage ${other(storage)} --signals ${signals === 'ignored' ? 'without-record' : 'ignored'}</code>
(storage: <code>record</code> or <code>none</code>; signals: <code>without-record</code>, <code>views-only</code> or <code>ignored</code>).
The tracker acts on it in the browser, so the snippet in your pages must say the same. It is now:</p>
${snippets(site, publicUrl)}
</details>`;
}

function other(storage: Site['storage']): Site['storage'] {
  return storage === 'record' ? 'none' : 'record';
}
