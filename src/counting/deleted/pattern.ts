// Patterns for rows: `*` stands for any text, also none and also with slashes in it; everything else stands for itself.
import { domainToASCII } from 'node:url';
import { cleanPath } from '../../hit/text.js';

/**
 * As keys of rows are written: a path may be typed with its escapes (`/caf%C3%A9`), a host in its own letters
 * (`müller.example`).
 */
export function canonicalPattern(kind: 'page' | 'referrer', pattern: string): string {
  const slash = kind === 'page' ? 0 : pattern.indexOf('/');
  const host = slash < 0 ? pattern : pattern.slice(0, slash);
  const path = slash < 0 ? '' : pattern.slice(slash);
  // without a dot it is the name of a source
  const ascii = host.includes('.') ? host.split('.').map(asciiLabel).join('.') : host;
  return ascii + path.split('*').map(cleanPath).join('*');
}

function asciiLabel(label: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(label) || label.includes('*');
  return isPlain ? label : domainToASCII(label) || label;
}

/** Whether a whole text is as the pattern says. Takes time that grows with both, never faster. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === text;
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  // Each part at its first place: a later one would leave less room for those that follow.
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
