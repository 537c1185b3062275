// Which page is meant by the `page` of a request. Reports name a page as people read it (`/café`), a browser's address bar has it
// escaped (`/caf%C3%A9`), and on its way into a query it may be escaped once more, or not at all.
import { cleanPath, decodeField, PATH_CODEPOINTS_MAX } from '../../hit/text.js';

/** The value of `page` as it stands in a request's address, still escaped; undefined when it is not there. */
export function pageAsWritten(url: string): string | undefined {
  const question = url.indexOf('?');
  const parts = question < 0 ? [] : url.slice(question + 1).split('&');
  const part = parts.find((part) => decodeField(part.split('=', 1)[0] as string) === 'page');
  return part?.slice(part.indexOf('=') < 0 ? part.length : part.indexOf('=') + 1);
}

/** The paths that it may stand for, the likeliest first. The first that has views is the one. */
export function pagesMeant(written: string): readonly [string, ...string[]] {
  const asForm = decodeField(written);
  const asAddress = decodeField(written.replaceAll('+', '%2B'));
  return [...new Set([asForm, cleanPath(asForm), asAddress, cleanPath(asAddress), cleanPath(written)])] as [string, ...string[]];
}

/** No page has a path that is longer than what is kept of one. */
export function isTooLong(page: string): boolean {
  const codepoints = (text: string): number => [...text].length;
  return codepoints(page) > PATH_CODEPOINTS_MAX && codepoints(cleanPath(page)) >= PATH_CODEPOINTS_MAX;
}
