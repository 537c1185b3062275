// A flood of hits uses little of the disk and does not affect other visitors.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { utcDay } from '../../src/time/dates.js';
import { until } from '../fixtures/until.js';
import { type Environment, PERSON, prepare, type Running, testbed } from './running.js';

const HITS = 600;
/** Few, so that a slow machine sends more. */
const PER_SECOND = 20;
/** README.md */
const [SECONDS_AT_ONCE, LINE_BYTES_MAX] = [10, 4096];

const { newFolder, running } = testbed();

async function runningWith(env: Environment) {
  const dataDir = newFolder();
  const token = await prepare(dataDir, [{ id: 'garden' }]);
  return { dataDir, token, service: await running(dataDir, { TRUST_PROXY: '127.0.0.1', ...env }) };
}

/** 31 KB of characters of four bytes: a name and properties. */
const LONG_EVENT = new URLSearchParams({
  ...{ s: 'garden', k: 'e', u: `https://garden.example/${'😀'.repeat(900)}`, en: '😀'.repeat(300) },
  ep: JSON.stringify(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`😀${i}`.repeat(10), '😀'.repeat(60)]))),
}).toString();

const event = (service: Running, address: string) =>
  fetch(`${service.url}/a.gif`, {
    method: 'POST',
    body: LONG_EVENT,
    headers: { 'User-Agent': PERSON, 'X-Forwarded-For': address },
  }).then(({ status, headers }) => headers.get('x-hitherto') ?? String(status));

/** The size of the journal: segments and packs. */
function bytesOfJournal(dataDir: string): number {
  return readdirSync(join(dataDir, 'journal'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

it('an address that floods the beacon is refused beyond its limit, in few lines, and others are not affected', async () => {
  const { dataDir, token, service } = await runningWith({ HITS_PER_ADDRESS: String(PER_SECOND) });
  const before = bytesOfJournal(dataDir);
  const beganMs = Date.now();
  const outcomes: string[] = [];
  for (let left = HITS; left > 0; left -= 30) {
    outcomes.push(...(await Promise.all(Array.from({ length: Math.min(30, left) }, () => event(service, '192.0.2.1')))));
  }
  const seconds = Math.ceil((Date.now() - beganMs) / 1000);
  const taken = outcomes.filter((outcome) => outcome === '200').length;
  expect(new Set(outcomes)).toEqual(new Set(['200', 'too-many']));
  expect(taken).toBeGreaterThanOrEqual(PER_SECOND * SECONDS_AT_ONCE);
  expect(taken).toBeLessThanOrEqual(PER_SECOND * (SECONDS_AT_ONCE + seconds));
  expect(await event(service, '192.0.2.2')).toBe('200');
  const refusedLines = 2 * (seconds + 1);
  expect(bytesOfJournal(dataDir) - before).toBeLessThan((taken + 1 + refusedLines) * LINE_BYTES_MAX + 1_000_000);

  await service.counted();
  const { received, refused } = (await service.health()).beacon;
  expect([received, refused]).toEqual([HITS + 1, { 'too-many': HITS - taken }]);
  await service.stop();
  const again = await running(dataDir);
  const day = utcDay(Date.now());
  const url = `${again.url}/api/v1/sites/garden/refusals?from=${day}&to=${day}`;
  const answer = await (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).json();
  expect(answer.rows).toEqual([{ key: 'too-many', hits: HITS - taken }]);
});

it('the oldest counted hits are removed when the journal exceeds its limit, and everything stays counted', async () => {
  const { dataDir, token, service } = await runningWith({ HITS_PER_ADDRESS: '0', HITS_PER_SITE: '0', JOURNAL_SIZE: '16' });
  for (let round = 0; round < 8; round++) {
    for (let i = 0; i < 40; i++) await Promise.all(Array.from({ length: 20 }, () => event(service, '192.0.2.1')));
    await service.counted();
  }
  // it checks every five seconds
  await until(
    () => bytesOfJournal(dataDir) <= 18_000_000,
    () => `the journal still has ${bytesOfJournal(dataDir)} bytes`,
  );
  const day = utcDay(Date.now());
  const url = `${service.url}/api/v1/sites/garden/refusals?from=${day}&to=${day}`;
  const answer = await (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).json();
  expect(answer.total).toMatchObject({ counted: 6400, refused: 0 });
});
