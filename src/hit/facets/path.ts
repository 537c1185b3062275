// The page of the hit, without its host. See page.ts.
import { type Facet, textColumn } from '../facet.js';

export const path: Facet<'path', string> = {
  name: 'path',
  /** Begins with `/`; empty for an unknown page. */
  empty: '',
  parse: ({ page }) => page.path,
  column: textColumn('path'),
};
