// The version of the program, which is written into backups and exports.
import { readFileSync } from 'node:fs';
import { PROGRAM_ROOT } from '../system/program.js';

export function versionOfThis(): string {
  return (JSON.parse(readFileSync(new URL('package.json', PROGRAM_ROOT), 'utf8')) as { version: string }).version;
}
