// Patterns for rows. `*` matches any text, including none and including slashes; every other character matches itself.
import { domainToASCII } from 'node:url';
import { cleanPath } from '../../hit/text.js';

/**
 * Converts a pattern to the form of the keys of rows. A person may type a path with percent escapes (`/caf%C3%A9`) and
 * a host in Unicode (`müller.example`).
 */
export function canonicalPattern(kind: 'page' | 'referrer', pattern: string): string {
  const slash = kind === 'page' ? 0 : pattern.indexOf('/');
  const host = slash < 0 ? pattern : pattern.slice(0, slash);
  const path = slash < 0 ? '' : pattern.slice(slash);
  // a referrer without a dot is the name of a source
  const ascii = host.includes('.') ? host.split('.').map(asciiLabel).join('.') : host;
  return ascii + path.split('*').map(cleanPath).join('*');
}

function asciiLabel(label: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(label) || label.includes('*');
  return isPlain ? label : domainToASCII(label) || label;
}

/** Whether the pattern matches the whole text. The time is at most proportional to the product of both lengths. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === text;
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  // Each part is matched at its first occurrence, because a later one would leave less text for the following parts.
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
