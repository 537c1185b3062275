import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * With those that it lies in. Node's own way never ends below /proc. Throws a system error that names the one that
 * cannot be made.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const one of missing) {
    try {
      mkdirSync(one);
    } catch (error) {
      // another process may have made it a moment ago
      if (!statSync(one, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
  if (!statSync(path).isDirectory()) mkdirSync(path); // which says what is wrong
}
