import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { open } from 'lmdb';
import { exampleSite } from '../../store/contracts/accounts.js';
import { openLmdbAccounts } from '../../store/lmdb/accounts.js';
import { changeSite } from './change-site.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-settings-'));
const root = open({ path: folder, maxDbs: 32, encoding: 'binary' });
afterAll(async () => {
  await root.close();
  rmSync(folder, { recursive: true });
});

it('two changes of different settings at the same time are both made', async () => {
  const accounts = openLmdbAccounts(root);
  await accounts.addSite(exampleSite);
  const parts = { accounts, ledger: { add: async () => {} }, nowMs: () => 0 };
  const results = await Promise.all([
    changeSite(parts, exampleSite, () => ({ title: 'New' })),
    changeSite(parts, exampleSite, () => ({ hosts: ['new.example'] })),
    changeSite(parts, exampleSite, ({ keep }) => ({ keep: { ...keep, day: 3 } })),
    changeSite(parts, exampleSite, ({ keep }) => ({ keep: { ...keep, month: 24 } })),
  ]);
  expect(results.every((result) => result !== 'unknown' && 'site' in result)).toBe(true);
  expect(accounts.site('garden')).toEqual({
    ...exampleSite,
    title: 'New',
    hosts: ['new.example'],
    keep: { day: 3, month: 24 },
  });
});
