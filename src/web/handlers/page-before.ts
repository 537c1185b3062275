import type { IncomingMessage } from 'node:http';
import { routeOf } from '../route-of.js';

/** The page on which the form was, by the Referer; the start page if it was the answer to another form. */
export function pageBefore({ headers: { referer = '' } }: IncomingMessage, base: string): string {
  if (!URL.canParse(referer)) return `${base}/`;
  const { pathname, search } = new URL(referer);
  if (!pathname.startsWith(`${base}/`)) return `${base}/`;
  const path = pathname.slice(base.length);
  const isPage = routeOf('GET', path) !== undefined && !path.startsWith('/api/');
  return isPage ? `${base}${path}${search}` : `${base}/`;
}
