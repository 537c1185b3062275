import { join } from 'node:path';

/** Where a restore makes the embedded store, until it is whole. */
export function draftOf(dataDir: string): string {
  return join(dataDir, 'store.draft');
}
