import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { saltsContract } from '../contracts/salts.js';
import { openLocalSalts } from './salts.js';

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

it.each([
  ['no JSON', 'keep out', /salts\.json is damaged: it is not JSON; move it away/],
  ['a list', '["2026-11-20"]', /salts\.json is not as expected/],
  ['without a day', `{"../x":"${Buffer.alloc(32).toString('base64')}"}`, /salts\.json is not as expected/],
  ['too short to be random', '{"2026-11-20":"AAAA"}', /salts\.json is not as expected/],
  ['a number', '{"2026-11-20":1e300}', /salts\.json is not as expected/],
])('names its file but shows nothing of its content if that is %s', (_, text, message) => {
  const path = folder();
  writeFileSync(join(path, 'salts.json'), text);
  expect(() => openLocalSalts(path, () => 0)).toThrow(message);
});

it('refuses to read a device or a pipe', () => {
  const path = folder();
  symlinkSync('/dev/zero', join(path, 'salts.json'));
  expect(() => openLocalSalts(path, () => 0)).toThrow(/salts\.json is not a regular file but a device/);
});

it('removes old salts from its file', () => {
  const path = folder();
  const old = openLocalSalts(path, () => Date.parse('2026-11-20T12:00:00Z'))
    .salt('2026-11-20')
    .toString('base64');
  const file = () => readFileSync(join(path, 'salts.json'), 'utf8');
  expect(file()).toContain(old);
  openLocalSalts(path, () => Date.parse('2026-11-24T12:00:00Z'));
  expect(file()).not.toContain(old);
});

it('reports why a salt cannot be stored, except for dates that have not begun yet', async () => {
  const path = folder();
  const salts = openLocalSalts(path, () => Date.parse('2026-11-20T12:00:00Z'));
  const inTheWay = join(path, 'salts.json.draft');
  mkdirSync(inTheWay);
  expect(() => salts.salt('2026-11-22')).toThrow('salts.json.draft');
  expect(salts.state()).toEqual({ shared: true, failure: undefined });
  expect(() => salts.salt('2026-11-21')).toThrow('salts.json.draft'); // it has begun in Kiritimati
  salts.retry();
  expect(salts.state()).toEqual({ shared: true, failure: expect.stringContaining('salts.json.draft') });
  rmSync(inTheWay, { recursive: true });
  salts.retry();
  expect(salts.state()).toEqual({ shared: true, failure: undefined });
  await salts.close();
});

it('opens even if old salts cannot be deleted', () => {
  const path = folder();
  openLocalSalts(path, () => Date.parse('2026-11-20T12:00:00Z')).salt('2026-11-20');
  mkdirSync(join(path, 'salts.json.draft'));
  expect(() => openLocalSalts(path, () => Date.parse('2026-11-24T12:00:00Z'))).not.toThrow();
});
