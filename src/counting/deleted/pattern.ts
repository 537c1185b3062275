// Patterns for rows that are deleted; see hit/pattern.ts.
import { domainToASCII } from 'node:url';
import { canonicalPathPattern, createMatcher } from '../../hit/pattern.js';

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
  return ascii + canonicalPathPattern(path);
}

function asciiLabel(label: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(label) || label.includes('*');
  return isPlain ? label : domainToASCII(label) || label;
}

/** Whether the pattern matches the whole text. */
export function matches(pattern: string, text: string): boolean {
  return createMatcher(pattern)(text);
}
