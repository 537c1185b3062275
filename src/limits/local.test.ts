import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { limitsContract, saltsContract } from './contract.js';
import { openLocalLimits, openLocalSalts } from './local.js';

const folders: string[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hitherto-'));
  folders.push(path);
  return path;
}

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

saltsContract(async (nowMs) => {
  const path = folder();
  return { salts: openLocalSalts(path, () => nowMs), reopen: async (later) => openLocalSalts(path, () => later) };
});

limitsContract(async () => openLocalLimits());

it('leaves nothing of an old salt in its file', () => {
  const path = folder();
  const old = openLocalSalts(path, () => Date.parse('2026-11-20T12:00:00Z'))
    .salt('2026-11-20')
    .toString('base64');
  const file = () => readFileSync(join(path, 'salts.json'), 'utf8');
  expect(file()).toContain(old);
  openLocalSalts(path, () => Date.parse('2026-11-24T12:00:00Z'));
  expect(file()).not.toContain(old);
});
