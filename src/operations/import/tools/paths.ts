// Reads the pages of other tools' reports.
import { parsePage } from '../../../hit/page.js';

/** The path of a whole address, or of a path with or without a query. Otherwise empty, as for `(other)`: an unknown page. */
export function pathOf(page: string, queryParameters: readonly string[]): string {
  if (/^https?:\/\//i.test(page)) return parsePage(page, queryParameters).path;
  return page.startsWith('/') ? parsePage(`http://-${page}`, queryParameters).path : '';
}
