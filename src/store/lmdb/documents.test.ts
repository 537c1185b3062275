import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { documentGroupsContract } from '../contracts/document-groups.js';
import { documentsContract } from '../contracts/documents.js';
import { openLmdbDocuments } from './documents.js';
import { openEnvironment } from './environment.js';
import { openLmdbNodes } from './nodes.js';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

for (const contract of [documentsContract, documentGroupsContract]) contract(open);

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
  const { root } = openEnvironment(folder);
  closers.push(async () => {
    await root.close();
    rmSync(folder, { recursive: true });
  });
  return { documents: openLmdbDocuments(root), nodes: openLmdbNodes(root), other: openLmdbDocuments(root) };
}
