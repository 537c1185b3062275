// What the files of a service reveal about returning visitors, on a site so quiet that each hit is alone in its file:
// nothing. The test sets the service's clock.
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { packedLines, packsIn, readPack } from '../../src/journal/packs.js';
import { linesOf, segmentPath, segmentsIn } from '../../src/journal/segment.js';
import { HOUR_MS } from '../../src/time/units.js';
import { type Environment, PERSON, prepare, type Running, testbed } from './running.js';

const CLOCK = fileURLToPath(new URL('../fixtures/clock.mjs', import.meta.url));
/** Ten past midnight, so that 24 hours are one day. */
const START_MS = Date.parse('2026-11-20T00:10:00Z');
const HOURS = 23;

const { newFolder, running } = testbed();

interface Browser {
  readonly address: string;
  /** `register.rank`, as it is sent. Absent: it keeps no record. */
  readonly point?: string;
}

async function quietSite(env: Environment = {}) {
  const dataDir = newFolder();
  const file = join(newFolder(), 'clock');
  const setHour = (hour: number) => {
    writeFileSync(`${file}.new`, String(START_MS + hour * HOUR_MS - Date.now()));
    renameSync(`${file}.new`, file);
  };
  setHour(0);
  await prepare(dataDir, [{ id: 'garden', createdAtMs: 0 }]);
  const clock = { NODE_OPTIONS: `--import ${CLOCK}`, CLOCK_FILE: file };
  const service = await running(dataDir, { ...env, ...clock, TRUST_PROXY: '127.0.0.1' });
  return { dataDir, service, setHour };
}

/** One view of a page by a visitor who has been here before. */
async function view(service: Running, { address, point }: Browser, ageSeconds: number): Promise<void> {
  const record = point === undefined ? '' : `&f=3&n=7&g=1&a=${ageSeconds}&h=${point}`;
  const headers = { 'User-Agent': PERSON, 'X-Forwarded-For': address, ...(point === undefined && { DNT: '1' }) };
  const answer = await fetch(`${service.url}/a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F&t=Home${record}`, { headers });
  expect([answer.status, answer.headers.get('x-hitherto')]).toEqual([200, null]);
  // the store seems not to answer `/health` when the clock is set forward
  while ((await service.health()).journal.uncountedBytes > 0) await delay(20);
}

const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Every line in the journal: in open segments, sealed segments and packs. */
async function linesIn(dataDir: string): Promise<string[]> {
  const journal = join(dataDir, 'journal');
  const packed = await Promise.all(packsIn(journal).map((name) => packedLines(readPack(journal, name))));
  const segments = segmentsIn(journal).map((file) => linesOf(readFileSync(segmentPath(journal, file))).slice(1));
  return [...packed, ...segments].flat().filter((line) => line !== '');
}

/** Without times: the five minutes, the day, the hour and the minute. */
const timeless = (line: string) =>
  line.replaceAll(/\b\d{4}-\d\d-\d\d\b/g, 'day').replaceAll(/\t(\d{2}:\d{2}|\d{2}|\d{6,})(?=\t|$)/g, '\ttime');

/** What was added to the journal, and whether a sketch has changed. */
async function change(dataDir: string, act: () => Promise<void>) {
  const sketches = () =>
    filesBelow(join(dataDir, 'journal', 'registers'))
      .map((path) => readFileSync(path).toString('latin1'))
      .join();
  const [lines, sketched] = [await linesIn(dataDir), sketches()];
  await act();
  const after = await linesIn(dataDir);
  for (const line of lines) after.splice(after.indexOf(line), 1);
  return { added: after.map(timeless).sort(), isSketchRaised: sketches() !== sketched };
}

describe.each([
  ['with a record', (n: number): Browser => ({ address: `10.0.0.${n}`, point: `${3000 + n}.${20 + (n % 9)}` })],
  ['that asks not to be tracked', (n: number): Browser => ({ address: `10.0.0.${n}` })],
])('a browser %s', (_, browser) => {
  it('that returns each hour of a day leaves the same as 23 browsers that return once', async () => {
    const { dataDir, service, setHour } = await quietSite();
    const others = Array.from({ length: HOURS }, (_, n) => browser(n + 2));
    for (const one of [browser(1), ...others]) await view(service, one, 90_000);
    for (const [hour, other] of others.entries()) {
      setHour(hour + 1);
      const [again, once] = [
        await change(dataDir, () => view(service, browser(1), 4000)),
        await change(dataDir, () => view(service, other, 4000)),
      ];
      expect(again).toEqual(once);
      expect(again.isSketchRaised).toBe(false);
      expect(again.added.length).toBeGreaterThan(0);
      expectNoPoints(dataDir, [browser(1), other]);
    }
    expect(await service.stop()).toBe(0);
    const left = await linesIn(dataDir);
    const rows = left.filter((line) => line.startsWith('v'));
    expect(packsIn(join(dataDir, 'journal'))).toHaveLength(1);
    expect(rows.length).toBe(3 * HOURS + 1);
    expect(new Set(rows.map(timeless)).size).toBeLessThan(4); // the first views of a day look the same
    expectNoPoints(dataDir, [browser(1), ...others]);

    // No file contains the counters as they were before each hit, or the exact time of a hit.
    const store = readFileSync(join(dataDir, 'store', 'data.mdb')).toString('latin1');
    expect(store.split('content.2026/garden:2026-11-20').length - 1).toBeLessThanOrEqual(2); // the id may also separate two pages
    const times = filesBelow(join(dataDir, 'journal')).filter((path) => /registers\/|\.hits$/.test(path));
    expect(times.length).toBeGreaterThan(0);
    for (const path of times) expect(statSync(path).mtimeMs % 300_000).toBe(0);
  });
});

it('a hit leaves nothing in the journal after it is counted if JOURNAL_KEEP is 0', async () => {
  const { dataDir, service } = await quietSite({ JOURNAL_KEEP: '0' });
  for (let n = 1; n < 6; n++) await view(service, { address: `10.0.0.${n}`, point: `${3000 + n}.20` }, 4000);
  expect(await service.stop()).toBe(0);
  expect([await linesIn(dataDir), packsIn(join(dataDir, 'journal'))]).toEqual([[], []]);
  const sketches = filesBelow(join(dataDir, 'journal', 'registers'));
  expect(sketches.map((path) => statSync(path).mtimeMs % 300_000)).toEqual([0]);
});

/** Neither as text nor as numbers, in any file but the sketches, which contain all points together. */
function expectNoPoints(dataDir: string, browsers: readonly Browser[]): void {
  for (const path of filesBelow(dataDir)) {
    const bytes = readFileSync(path);
    for (const { point } of browsers) {
      if (point === undefined) continue;
      const [register = 0, rank = 0] = point.split('.').map(Number);
      const number = Buffer.alloc(5);
      number.writeUInt32LE(register);
      number.writeUInt8(rank, 4);
      for (const text of [point, `${register}\t${rank}`, `${register},${rank}`, number]) {
        expect({ path, holds: bytes.includes(text) ? text : '' }).toEqual({ path, holds: '' });
      }
    }
  }
}
