// Stores pack boundaries in the journal's folder as well, because a restored store does not contain the boundaries of
// later backups.
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
      `${path} is damaged: move it away; after a restore of an existing backup, counting then cannot continue from this journal`,
    );
  }
}

/** Stores more boundaries, and removes those of backups from before this time. */
export function rememberPackBoundaries(journalFolder: string, more: readonly PackBoundary[], beforeMs: number): void {
  const before = packBoundariesIn(journalFolder);
  const all = new Map(
    [...before, ...more].filter(({ atMs }) => atMs >= beforeMs).map((one) => [`${one.node} ${one.after}`, one]),
  );
  if (
    all.size === before.length &&
    more.every(({ node, after }) => before.some((one) => one.node === node && one.after === after))
  )
    return;
  const path = join(journalFolder, FILE);
  writeFileSync(`${path}.draft`, `${JSON.stringify({ cuts: [...all.values()] })}\n`, { flush: true, mode: 0o600 });
  renameSync(`${path}.draft`, path);
}
