// The page for errors. It repeats nothing of the request, which could be anything.
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';

const NOT_FOUND = { en: 'Page not found', de: 'Seite nicht gefunden' };
const FAILED = { en: 'That did not work', de: 'Das hat nicht geklappt' };

export function errorPage(base: string, message: Insertable, isMissing = false): Html {
  return page({
    base,
    title: isMissing ? { en: 'Page not found – Hitherto', de: 'Seite nicht gefunden – Hitherto' } : 'Hitherto',
    main: html`<main class="narrow"><h1>${isMissing ? NOT_FOUND : FAILED}</h1><p>${message}</p>
<p><a href="${base}/">${{ en: 'Go to the start page', de: 'Zur Startseite' }}</a></p></main>`,
  });
}
