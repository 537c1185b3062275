// The pages of other tools' reports.
import { parsePage } from '../../../hit/page.js';

/** Of a path that may have a query, or of a whole address; empty, as of an unknown page, for what is neither: `(other)`. */
export function pathOf(page: string, queryParameters: readonly string[]): string {
  if (/^https?:\/\//i.test(page)) return parsePage(page, queryParameters).path;
  return page.startsWith('/') ? parsePage(`http://-${page}`, queryParameters).path : '';
}
