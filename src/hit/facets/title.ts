// The page's title in the visitor's browser.
import { type Facet, textColumn } from '../facet.js';
import { cleanText, TITLE_CODEPOINTS_MAX } from '../text.js';

export const title: Facet<'title', string> = {
  name: 'title',
  empty: '',
  parse: ({ kind, fields }) => (kind === 'view' ? cleanText(fields.get('t') ?? '', TITLE_CODEPOINTS_MAX) : ''),
  column: textColumn('title'),
};
