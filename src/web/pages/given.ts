// What a page with a first view contains beside it.
import type { FirstView } from '../../reporting/first-view.js';
import { Html } from './html.js';

/** The answers for the script, as data, which browsers do not run. A `<` could end the element. */
export function given({ answers }: Pick<FirstView, 'answers'>): Html {
  return new Html([`<script type="application/json" id="given">${answers.replaceAll('<', '\\u003c')}</script>`]);
}

export const ALLOW_IT = {
  en: 'Allow it, or read the numbers from the API.',
  de: 'Erlauben Sie es, oder lesen Sie die Zahlen über die API.',
};
