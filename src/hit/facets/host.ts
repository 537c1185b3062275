// The host of the page. A site may have several: with `www.` and without, or one for each language.
import { type Facet, textColumn } from '../facet.js';

export const host: Facet<'host', string> = {
  name: 'host',
  /** In lower case, without a port (page.ts). Empty if the page's address was only a path. */
  empty: '',
  parse: ({ page }) => page.host,
  column: textColumn('page_host'),
};
