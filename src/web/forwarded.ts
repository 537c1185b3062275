// The header Forwarded of RFC 7239: `for=192.0.2.60;proto=https, for="[2001:db8::1]:443"`. It is read from the end, which
// the nearest proxy wrote: input from the client, perhaps with an unclosed quote, must not change how the end is read.

/** Returns the start of the last element of a header. A comma inside quotes does not end an element. */
export function beginningOfElement(text: string): number {
  let isQuoted = false;
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === '"' && !isEscaped(text, i)) isQuoted = !isQuoted;
    else if (text[i] === ',' && !isQuoted) return i + 1;
  }
  return 0;
}

/** A quoted text may contain what looks like another parameter, so the pairs are read one after the other. */
const PAIR = /\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,"\s]*))\s*(?:;|$)/y;

/** Returns the value of `for` in an element; empty if there is none or more than one, or the element is malformed. */
export function forwardedFor(item: string): string {
  const element = item.trim();
  let found: string | undefined;
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < element.length) {
    const pair = PAIR.exec(element);
    if (pair === null) return '';
    const [, name = '', quoted, plain = ''] = pair;
    if (name.toLowerCase() !== 'for') continue;
    if (found !== undefined) return '';
    found = quoted?.replace(/\\(.)/g, '$1') ?? plain;
  }
  return found ?? '';
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
