// Where packs must end, as the journal's folder itself remembers it: a store that was restored has forgotten the
// backups that were made of it.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DamagedData } from '../store/damaged.js';
import type { PackBoundary } from '../store/holds.js';

const FILE = 'cuts.json';

export function packBoundariesIn(journalFolder: string): readonly PackBoundary[] {
  const path = join(journalFolder, FILE);
  if (!existsSync(path)) return [];
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { cuts: PackBoundary[] }).cuts;
  } catch {
    throw new DamagedData(
      `${path} is damaged: move it away; backups that were made until now can then not be continued from this journal`,
    );
  }
}

/** Remembers more of them, and forgets those from before this moment. */
export function rememberPackBoundaries(journalFolder: string, more: readonly PackBoundary[], beforeMs: number): void {
  const before = packBoundariesIn(journalFolder);
  const all = new Map(
    [...before, ...more].filter(({ atMs }) => atMs >= beforeMs).map((cut) => [`${cut.node} ${cut.after}`, cut]),
  );
  if (all.size === before.length && more.every((cut) => before.some((one) => one.node === cut.node && one.after === cut.after)))
    return;
  const path = join(journalFolder, FILE);
  writeFileSync(`${path}.draft`, `${JSON.stringify({ cuts: [...all.values()] })}\n`, { flush: true, mode: 0o600 });
  renameSync(`${path}.draft`, path);
}
