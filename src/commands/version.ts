// Which version this is, for files that outlive it.
import { existsSync, readFileSync } from 'node:fs';

/** As package.json has it; that is one folder further up from what was built. */
export function versionOfThis(): string {
  const [beside, above] = ['../../package.json', '../../../package.json'].map((path) => new URL(path, import.meta.url));
  return (JSON.parse(readFileSync(existsSync(beside as URL) ? (beside as URL) : (above as URL), 'utf8')) as { version: string })
    .version;
}
