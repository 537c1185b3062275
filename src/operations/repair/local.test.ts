import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { startTestNode } from '../../../test/fixtures/counting-nodes.js';
import { plainHit } from '../../../test/fixtures/hits.js';
import { openLmdbDocuments } from '../../store/lmdb/documents.js';
import { openEnvironment } from '../../store/lmdb/environment.js';
import { openLmdbNodes } from '../../store/lmdb/nodes.js';
import { journalsContract } from './contract.js';
import { openLocalJournals } from './local.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  const store = { documents: openLmdbDocuments(root), nodes: openLmdbNodes(root) };
  const first = await startTestNode(store, 'nfirst');
  const second = await startTestNode(store, 'nsecond', first.folder);
  closers.push(first.remove);
  return { journals: openLocalJournals(first.folder, DOCUMENT_KINDS), nodes: [first, second] as const };
}

journalsContract(open);

it('a synchronous query returns only the segments after the given number', async () => {
  const { journals, nodes } = await open();
  const atMs = Date.parse('2026-11-20T10:00:00Z');
  for (let number = 1; number <= 3; number++) await nodes[0].count({ hits: [plainHit(atMs)] });
  const query = (to: number, after: number) => ({
    site: 'one',
    day: '2026-11-20',
    upTo: new Map([['traffic.2026', new Map([['nfirst', to]])]]),
    after: new Map([['traffic.2026', new Map([['nfirst', after]])]]),
  });
  const views = (to: number, after: number) =>
    journals.queryNow(query(to, after))?.map(({ trees }) => trees.get('traffic.2026')?.get('v'));
  expect(views(3, 1)).toEqual([2]);
  expect(views(3, 3)).toEqual([undefined]);
  expect(views(2, 0)).toEqual([2]);
});

it('returns nothing if there is no journal', async () => {
  const journals = openLocalJournals(join(tmpdir(), 'hitherto-nowhere'), DOCUMENT_KINDS);
  expect(await journals.query([{ site: 'one', day: '2026-11-20', upTo: new Map() }])).toEqual([[]]);
});

it('reads the segments of a copied folder', async () => {
  const { nodes } = await open();
  await nodes[0].count({ hits: [plainHit(Date.parse('2026-11-20T10:00:00Z'))] });
  const copy = mkdtempSync(join(tmpdir(), 'hitherto-'));
  closers.push(() => rmSync(copy, { recursive: true }));
  cpSync(nodes[0].folder, copy, { recursive: true });
  const upTo = new Map([['traffic.2026', new Map([['nfirst', 1]])]]);
  const [[extract] = []] = await openLocalJournals(copy, DOCUMENT_KINDS).query([{ site: 'one', day: '2026-11-20', upTo }]);
  expect(extract?.trees.get('traffic.2026')?.get('v')).toBe(1);
});
