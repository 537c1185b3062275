// The version of the program, which is written into backups and exports.
import { existsSync, readFileSync } from 'node:fs';

/** Read from package.json, which is one folder further up from the built files than from the sources. */
export function versionOfThis(): string {
  const [beside, above] = ['../../package.json', '../../../package.json'].map((path) => new URL(path, import.meta.url));
  return (JSON.parse(readFileSync(existsSync(beside as URL) ? (beside as URL) : (above as URL), 'utf8')) as { version: string })
    .version;
}
