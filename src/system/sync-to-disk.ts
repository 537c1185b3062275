import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Flushes a file, or the list of files in a folder, to disk. */
export function syncToDisk(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
