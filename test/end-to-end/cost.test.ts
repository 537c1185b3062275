import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

it('docs/cost.md contains the tables that scripts/cost.mjs computes', () => {
  const computed = execFileSync(process.execPath, [join(root, 'scripts/cost.mjs')], { encoding: 'utf8' });
  const rows = computed.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(20);
  const page = readFileSync(join(root, 'docs/cost.md'), 'utf8');
  expect(rows.filter((row) => !page.includes(`${row}\n`))).toEqual([]);
});
