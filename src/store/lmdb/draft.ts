import { join } from 'node:path';

/** Where a restore builds the embedded store until it is complete. */
export function draftOf(dataDir: string): string {
  return join(dataDir, 'store.draft');
}
