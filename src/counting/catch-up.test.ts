import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { describeStores, type Store } from '../../test/fixtures/stores.js';
import { plain } from '../../test/fixtures/trees.js';
import type { Point } from '../hit/hit.js';
import { openRegisters } from '../journal/registers.js';
import { catchUp } from './catch-up.js';
import { createDeletionFilter } from './deleted/filter.js';
import { createFold } from './fold.js';

const DAY = '2026-11-20';
const POINTS = [
  [7, 3],
  [9, 1],
  [4095, 12],
].map(([register, rank]): Point => {
  return { site: 'one', day: DAY, receivedAtMs: Date.parse(DAY), sketch: 'first', register, rank } as Point;
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describeStores((open) => {
  let store: Store;
  beforeEach(async () => {
    store = await open();
  });
  const kinds = DOCUMENT_KINDS.filter(({ name }) => name === 'traffic');
  const caughtUp = () => catchUp({ folder, documents: store.documents, kinds, filter: createDeletionFilter([]) });
  const documentsNow = async () => {
    const found = await store.documents.snapshots('traffic.2026', [`one:${DAY}`, 'one:2026-11']);
    return found.map(({ counters, upTo }) => ({ counters: counters && plain(counters), upTo: [...upTo] }));
  };

  it('adds the points of an ended process to the documents, is idempotent, and changes nothing else', async () => {
    const { documents, nodes } = store;
    const fold = createFold(kinds);
    fold.point(POINTS[0] as Point);
    await nodes.claim('n1', 'boot', undefined);
    await documents.apply({ node: 'n1', number: 1, checksum: 1 }, fold.deltas(), 1000);

    const registers = openRegisters(folder);
    for (const point of POINTS) registers.raise(point);
    registers.close();
    await caughtUp();
    const once = await documentsNow();
    await caughtUp();
    expect(await documentsNow()).toEqual(once);

    const whole = createFold(kinds);
    for (const point of POINTS) whole.point(point);
    const expected = new Map(whole.deltas().map(({ id, counters }) => [id, plain(counters)]));
    expect(once.map(({ counters }) => counters)).toEqual([expected.get(`one:${DAY}`), expected.get('one:2026-11')]);
    expect(once.map(({ upTo }) => upTo)).toEqual([[['n1', 1]], [['n1', 1]]]);
  });
});

it('a journal without sketches needs no store', async () => {
  const documents = { rewrite: () => Promise.reject(new Error('asked')) };
  const caughtUp = catchUp({ folder, documents, kinds: DOCUMENT_KINDS, filter: createDeletionFilter([]) });
  await expect(caughtUp).resolves.toBeUndefined();
});
