// Whether the program is all there. A file of it that is missing shows late and oddly otherwise: as a page without
// its script, or as a thread that does not start.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From dist/src/process/build-check.js. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What is wrong with the build and what to do, in a sentence; undefined: nothing, or it is not known what belongs to it. */
export function buildDamage(root: string = ROOT): string | undefined {
  let files: string[];
  try {
    files = Object.keys((JSON.parse(readFileSync(join(root, 'dist/build.json'), 'utf8')) as { files: object }).files);
  } catch {
    return undefined;
  }
  const lost = files.find((name) => !statSync(join(root, name), { throwIfNoEntry: false })?.size);
  if (lost === undefined) return undefined;
  return `the program is damaged: ${join(root, lost)} is missing or empty; build it again (npm run build), or install it again`;
}
