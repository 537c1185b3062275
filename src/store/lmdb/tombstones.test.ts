import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { tombstonesContract } from '../contracts/tombstones.js';
import { openEnvironment } from './environment.js';
import { openLmdbTombstones } from './tombstones.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

tombstonesContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  return { tombstones: openLmdbTombstones(root), other: openLmdbTombstones(root) };
});
