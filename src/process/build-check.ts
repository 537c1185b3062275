// Checks that the built program is complete. Otherwise a missing file would show late: as a page without its script,
// or as a thread that does not start.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRAM_ROOT } from '../system/program.js';

/** Processes, threads, and what they load. The other compiled modules are for scripts and tests. */
const NEEDED = /^dist\/(browser\/.*|chunks\/.*\.js|src\/(\w+|.*-(thread|worker))\.js)$/;

/** Returns what is wrong with the build and what to do; `undefined` when nothing is wrong, or the list of files is missing. */
export function buildDamage(root: string = fileURLToPath(PROGRAM_ROOT)): string | undefined {
  let files: string[];
  try {
    files = Object.keys((JSON.parse(readFileSync(join(root, 'dist/build.json'), 'utf8')) as { files: object }).files);
  } catch {
    return undefined;
  }
  const lost = files.find((name) => NEEDED.test(name) && !statSync(join(root, name), { throwIfNoEntry: false })?.size);
  if (lost === undefined) return undefined;
  return `the program is damaged: ${join(root, lost)} is missing or empty; build it again (npm run build), or install it again`;
}
