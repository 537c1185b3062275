// What a person sees when something is not as they expected. Nothing of what they sent is repeated.
import { type Html, html } from './html.js';
import { page } from './layout.js';

export function errorPage(base: string, message: string): Html {
  return page({
    base,
    title: 'Hitherto',
    main: html`<main class="narrow"><h1>That did not work</h1><p>${message}</p><p><a href="${base}/">To the first page</a></p></main>`,
  });
}
