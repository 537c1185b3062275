// The page for errors. It repeats nothing of the request, which could be anything.
import { type Html, html } from './html.js';
import { page } from './layout.js';

export function errorPage(base: string, message: string): Html {
  return page({
    base,
    title: 'Hitherto',
    main: html`<main class="narrow"><h1>That did not work</h1><p>${message}</p>
<p><a href="${base}/">Go to the start page</a></p></main>`,
  });
}
