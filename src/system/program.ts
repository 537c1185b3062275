// Where the program and its built files are.
import { existsSync } from 'node:fs';

/**
 * The folder with package.json. It is searched for, because this code runs from the sources in tests, and otherwise from
 * a compiled module or a part of a bundle, which lie at different depths.
 */
export const PROGRAM_ROOT: URL = rootAbove(new URL('.', import.meta.url));

/** `path`: from the folder `dist`. Also when the sources run, since only built files can be started. */
export function builtFile(path: string): URL {
  return new URL(`dist/${path}`, PROGRAM_ROOT);
}

function rootAbove(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder;
  const above = new URL('..', folder);
  if (above.href === folder.href) throw new Error(`there is no package.json above ${import.meta.url}`);
  return rootAbove(above);
}
