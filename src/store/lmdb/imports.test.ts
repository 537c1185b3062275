import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { Counters } from '../../counters/counters.js';
import { exampleSite } from '../contracts/accounts.js';
import { importsContract } from '../contracts/imports.js';
import { openLmdbDocuments } from './documents.js';
import { openEnvironment } from './environment.js';
import { openLmdbImports } from './imports.js';
import { openLmdbNodes } from './nodes.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

importsContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  return { imports: openLmdbImports(root), other: openLmdbImports(root) };
});

it('the removal of a site’s imports does not make other sites’ documents look as if they contained these imports', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  const [imports, documents] = [openLmdbImports(root), openLmdbDocuments(root)];
  const delta = (id: string) => {
    const counters = new Counters();
    counters.sum('v');
    return { collection: 'content.2026', id, counters, caps: {} };
  };
  await imports.begin({ id: 'i1', site: { ...exampleSite, id: 'gone' }, key: 'ab', beginnings: [] }, () => false);
  await documents.apply({ node: 'i1', number: 1, checksum: 1 }, [delta('gone:2026-11-20')], Date.parse('2026-11-21'));
  await openLmdbNodes(root).claim('n1', 'boot', undefined);
  await documents.apply({ node: 'n1', number: 1, checksum: 1 }, [delta('stays:2026-11-20')], Date.parse('2026-11-21'));
  const importsIn = async (id: string) => (await documents.snapshots('content.2026', [id]))[0]?.imports;
  expect(await importsIn('gone:2026-11-20')).toEqual(['i1']);
  await imports.removeSite('gone');
  expect(await importsIn('stays:2026-11-20')).toEqual([]);
  expect([...root.openDB({ name: 'imported', encoding: 'json' }).getKeys({})].join()).not.toContain('gone');
});
