import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { holdsContract } from '../contracts/holds.js';
import { openEnvironment } from './environment.js';
import { openLmdbHolds } from './holds.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

holdsContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  return { holds: openLmdbHolds(root), other: openLmdbHolds(root) };
});
