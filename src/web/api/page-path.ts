// Finds the page that the parameter `page` means. Reports show a path in readable form (`/café`), an address bar has it
// escaped (`/caf%C3%A9`), and clients may escape it once more in a query, or not at all.
import { cleanPath, decodeField, PATH_CODEPOINTS_MAX } from '../../hit/text.js';

/** Returns the raw value of `page`, or of the parameter `name`, in the address of a request. `undefined` if it is absent. */
export function pageAsWritten(url: string, name = 'page'): string | undefined {
  const question = url.indexOf('?');
  const parts = question < 0 ? [] : url.slice(question + 1).split('&');
  const part = parts.find((part) => decodeField(part.split('=', 1)[0] as string) === name);
  return part?.slice(part.indexOf('=') < 0 ? part.length : part.indexOf('=') + 1);
}

/** Returns the possible paths, the most likely first. The first one with views is used. */
export function pagesMeant(written: string): readonly [string, ...string[]] {
  const asForm = decodeField(written);
  const asAddress = decodeField(written.replaceAll('+', '%2B'));
  return [...new Set([asForm, cleanPath(asForm), asAddress, cleanPath(asAddress), cleanPath(written)])] as [string, ...string[]];
}

/** Longer paths are cut when they are counted. */
export function isTooLong(page: string): boolean {
  const codepoints = (text: string): number => [...text].length;
  return codepoints(page) > PATH_CODEPOINTS_MAX && codepoints(cleanPath(page)) >= PATH_CODEPOINTS_MAX;
}
