// The card that explains a site's privacy settings: whether browsers keep a record, and how Do Not Track and Global
// Privacy Control are treated.
import type { Site } from '../../hit/site.js';
import type { Text } from '../../language/languages.js';
import { type Html, html, type Insertable } from './html.js';
import { snippets } from './snippet.js';

const STORAGE: Readonly<Record<Site['storage'], Text>> = {
  record: {
    en:
      'Each browser keeps a small record of its own visits: a cookie, for at most 13 months, and a list of its last pages. ' +
      'The record stays in the browser, which sends only ages and counts. They give the visitors of any period, new and ' +
      'returning visitors, visits, loyalty and retention.',
    de:
      'Jeder Browser speichert wenige Daten über seine eigenen Besuche: ein Cookie, höchstens 13 Monate lang, und eine Liste ' +
      'der letzten Seiten. Diese Besuchsdaten bleiben im Browser, der nur Zeitabstände und Zahlen sendet. Daraus ergeben sich ' +
      'die Besucher jedes Zeitraums, neue und wiederkehrende Besucher, Besuche, Besuchshäufigkeit und Wiederkehr.',
  },
  none: {
    en:
      'With the snippet below, browsers keep nothing, and nothing that they kept before is counted. Visitors are estimated ' +
      'for each day. A view that comes from another site begins a visit. The length of visits and returning visitors are not ' +
      'known.',
    de:
      'Mit dem Snippet unten speichern Browser nichts, und nichts, was sie früher gespeichert haben, wird gezählt. Besucher ' +
      'werden für jeden Tag geschätzt. Ein Seitenaufruf, der von einer anderen Website kommt, beginnt einen Besuch. Die Dauer ' +
      'der Besuche und wiederkehrende Besucher sind nicht bekannt.',
  },
};

const SIGNALS: Readonly<Record<Site['signals'], Text>> = {
  'without-record': {
    en: 'Counted without a record: their views, and visitors of the day.',
    de: 'Werden ohne Besuchsdaten gezählt: ihre Seitenaufrufe und die Besucher des Tages.',
  },
  'views-only': {
    en: 'Only their views are counted, not the visitors.',
    de: 'Nur ihre Seitenaufrufe werden gezählt, nicht die Besucher.',
  },
  ignored: { en: 'Counted like any other browser.', de: 'Werden gezählt wie jeder andere Browser.' },
};

/** `change`: where these settings are changed. */
export function countedCard(site: Site, publicUrl: string, change: Insertable): Html {
  const { storage, signals } = site;
  return html`<details class="card counted"><summary>${{ en: 'What is counted', de: 'Was gezählt wird' }}</summary>
<dl>
<dt>${{ en: 'What browsers keep', de: 'Was Browser speichern' }}</dt><dd>${STORAGE[storage]}</dd>
<dt>${{
    en: 'Browsers that send Do Not Track or Global Privacy Control',
    de: 'Browser, die „Do Not Track“ oder „Global Privacy Control“ senden',
  }}</dt><dd>${SIGNALS[signals]}</dd>
</dl>
<p class="hint">${change} ${{
    en: 'The tracker follows them in the browser, so your pages need the matching snippet:',
    de: 'Das Skript befolgt sie im Browser, darum brauchen Ihre Seiten das passende Snippet:',
  }}</p>
${snippets(site, publicUrl)}
</details>`;
}
