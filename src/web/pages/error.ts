// The page for errors. It repeats nothing of the request, which could be anything.
import { type Html, html, type Insertable } from './html.js';
import { page } from './layout.js';

export function errorPage(base: string, message: Insertable): Html {
  return page({
    base,
    title: 'Hitherto',
    main: html`<main class="narrow"><h1>${{ en: 'That did not work', de: 'Das hat nicht geklappt' }}</h1><p>${message}</p>
<p><a href="${base}/">${{ en: 'Go to the start page', de: 'Zur Startseite' }}</a></p></main>`,
  });
}
