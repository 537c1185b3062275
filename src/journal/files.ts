// Files of the journal: on disk for certain, and without exact times.
import { closeSync, fdatasyncSync, openSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { FIVE_MINUTES_MS } from '../time/units.js';

/** Writes the parts one after the other. */
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
 * Gives a file the time of another one (or of itself) as the end of its five minutes: to the millisecond it would be
 * that of a hit.
 */
export function keepRoughTime(of: string, file = of): void {
  const roughMs = Math.ceil(statSync(of).mtimeMs / FIVE_MINUTES_MS) * FIVE_MINUTES_MS;
  utimesSync(file, roughMs / 1000, roughMs / 1000);
}
