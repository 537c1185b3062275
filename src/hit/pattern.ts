// Patterns that people type for paths and hosts. `*` matches any text, including none and including slashes; every other
// character matches itself.
import { cleanPath } from './text.js';

/** Converts a pattern to the form of counted paths. A person may type a path with percent escapes (`/caf%C3%A9`). */
export function canonicalPathPattern(pattern: string): string {
  return pattern.split('*').map(cleanPath).join('*');
}

/**
 * Returns a function that tells whether the pattern matches a whole text. Its time is at most proportional to the product
 * of both lengths.
 */
export function createMatcher(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return (text) => pattern === text;
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  const inner = parts.slice(1, -1);
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    // Each part is matched at its first occurrence, because a later one would leave less text for the following parts.
    for (const part of inner) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** Returns a function that tells whether any of the patterns matches a path. They must be canonical. */
export function createPathRule(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const matchers = patterns.filter((pattern) => pattern.includes('*')).map(createMatcher);
  return (path) => exact.has(path) || matchers.some((matches) => matches(path));
}
