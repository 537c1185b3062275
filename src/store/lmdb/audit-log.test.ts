import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import type { RootDatabase } from 'lmdb';
import { auditEntryAt, auditLogContract } from '../contracts/audit-log.js';
import { openLmdbAuditLog } from './audit-log.js';
import { openEnvironment } from './environment.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function newRoot(): RootDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  return root;
}

auditLogContract(async () => {
  const root = newRoot();
  return { log: openLmdbAuditLog(root), other: openLmdbAuditLog(root) };
});

it('the audit log can be read when one of its entries is damaged', async () => {
  const root = newRoot();
  const log = openLmdbAuditLog(root);
  const entries = [auditEntryAt(1000), auditEntryAt(2000), auditEntryAt(3000)];
  for (const entry of entries) await log.add(entry);
  const damaged = root.openDB({ name: 'audit', encoding: 'string' });
  await damaged.put(['entry', entries[1]?.id as string], '{"id":');
  for (const site of [{}, { site: 'garden' }]) expect(await log.newest({ ...site, limit: 10 })).toEqual([entries[2], entries[0]]);
  await log.removeBefore(2500);
  expect(await log.newest({ limit: 10 })).toEqual([entries[2]]);
});
