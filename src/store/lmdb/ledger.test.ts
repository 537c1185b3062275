import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { ledgerContract } from '../contracts/ledger.js';
import { openEnvironment } from './environment.js';
import { openLmdbLedger } from './ledger.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

ledgerContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  return { ledger: openLmdbLedger(root), other: openLmdbLedger(root) };
});
