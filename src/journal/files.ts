// Writes files of the journal synced to disk, and rounds their times.
import { closeSync, fdatasyncSync, openSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { FIVE_MINUTES_MS } from '../time/units.js';

/** Writes the parts one after the other, and syncs the file to disk. */
export function writeSynced(file: string, parts: ReadonlyArray<string | Buffer>): void {
  const handle = openSync(file, 'w');
  try {
    for (const part of parts) writeFileSync(handle, part);
    fdatasyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Sets a file's modification time to that of another file (or its own), rounded up to five minutes. The exact time
 * would be that of a hit.
 */
export function roundModifiedTime(of: string, file = of): void {
  const roughMs = Math.ceil(statSync(of).mtimeMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
  utimesSync(file, roughMs / 1000, roughMs / 1000);
}
