// The command as people use it: exports of other tools into a data folder; killed at any time, stopped, and started
// several times at once.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLmdbDocuments } from '../../src/store/lmdb/documents.js';
import { openEnvironment } from '../../src/store/lmdb/environment.js';
import { utcDay } from '../../src/time/dates.js';
import { preparedData } from '../fixtures/prepared-data.js';
import { linesOf, sample, samples, sums, total } from '../fixtures/tool-exports.js';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
afterAll(() => rmSync(folder, { recursive: true }));

const newData = preparedData(folder);
const dataDir = () => newData('garden', '--title', 'x', '--timezone', 'Europe/Berlin');

const argsFor = (dir: string, ...more: string[]) => [CLI, '--data-dir', dir, 'import', '--site', 'garden', ...more];
const hitherto = (dir: string, ...more: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, argsFor(dir, ...more), { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('close', resolve));

/** Views of a month's document, in whichever collection it is. */
async function viewsOf(dir: string, name: string, months: readonly string[]): Promise<Record<string, number>> {
  const { root } = openEnvironment(dir);
  const documents = openLmdbDocuments(root);
  const views: Record<string, number> = {};
  for (const collection of (await documents.collections()).filter((known) => known.startsWith(`${name}.`)))
    for (const month of months) {
      const [counters] = await documents.read([{ collection, id: `garden:${month}` }]);
      if (counters !== undefined) views[month] = (views[month] ?? 0) + counters.get('v');
    }
  await root.close();
  return views;
}

describe('hitherto import --from', () => {
  it('reports what it would count, counts it, and reports that', async () => {
    const dir = dataDir();
    const views = total(sums(linesOf(sample('plausible', 'imported_visitors')), 'date', 'pageviews'));
    const line = new RegExp(`^ {2}views +5 days {2}2024-12-30 to 2025-01-05 {2}${views} views$`, 'm');
    const dry = hitherto(dir, samples('plausible'), '--from', 'plausible', '--dry-run');
    expect(dry).toMatchObject({ status: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^Plausible: 10 files, 164 lines in .*; dry run, nothing was counted; the import would count:\n/);
    expect(dry.stdout).toMatch(line);
    const visits = total(sums(linesOf(sample('plausible', 'imported_visitors')), 'date', 'visits'));
    expect(dry.stdout).toMatch(new RegExp(`^ {2}visits +5 days {2}2024-12-30 to 2025-01-05 {2}${visits} visits$`, 'm'));
    expect(await viewsOf(dir, 'traffic', ['2024-12', '2025-01'])).toEqual({});
    const real = hitherto(dir, samples('plausible'), '--from', 'plausible');
    expect(real.stdout).toMatch(line);
    expect(real.stdout).toContain('left out: imported_locations_20241230_20250105.csv: places are not counted here');
    expect(total(await viewsOf(dir, 'traffic', ['2024-12', '2025-01']))).toBe(views);
    const again = hitherto(dir, samples('plausible'), '--from', 'plausible', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ tool: 'plausible', complete: true, dryRun: false });
    expect(hitherto(dir, samples('plausible'), '--from', 'plausible').stdout).toContain('already counted, nothing new');
    expect(total(await viewsOf(dir, 'traffic', ['2024-12', '2025-01']))).toBe(views);
  });

  it('excludes days after the last one requested, and days that are not over', () => {
    const dir = dataDir();
    const file = join(folder, 'recent.csv');
    writeFileSync(file, `date,pageviews\n2020-01-01,1\n2020-01-02,1\n${new Date().getUTCFullYear() + 1}-06-01,5\n`);
    const { stdout } = hitherto(dir, file, '--from', 'plausible', '--until', '2020-01-01');
    expect(stdout).toContain('left out: 2 lines: later-day (after 2020-01-01');
    expect(hitherto(dir, file, '--from', 'plausible', '--until', '2090-01-01').stdout).toContain('left out: 1 line: later-day');
  });

  it('counts from the requested day on, and the days before later', () => {
    const dir = dataDir();
    const file = join(dir, 'days.csv');
    writeFileSync(file, 'date,visitors,pageviews\n2020-01-01,1,5\n2020-01-02,1,7\n');
    const counted = (...more: string[]) => hitherto(dir, file, '--from', 'plausible', '--json', ...more).stdout;
    const amountOf = (out: string) => JSON.parse(out).reports.find(({ report }: { report: string }) => report === 'views').amount;
    const first = counted('--from-day', '2020-01-02');
    expect(JSON.parse(first).leftOut).toEqual({ 'earlier-day': 1 });
    expect([amountOf(first), amountOf(counted())]).toEqual([7, 5]);
  });

  it.each([
    [['x.csv', '--from', 'piwik'], 2, /'piwik' is invalid\. Allowed choices are plausible, ga4, goatcounter, matomo/],
    [['x.csv', '--from', 'matomo'], 1, /there is no file or folder x\.csv/],
    [['x.csv', '--from', 'ga4', '--format', 'combined'], 1, /--format is for logs; it cannot be used with --from/],
    [['x.csv', '--from', 'ga4', '--from-day', '2026-02-02', '--until', '2026-02-01'], 1, /there is no day to count/],
    [['x.csv', '--from', 'ga4', '--until', 'soon'], 1, /--until "soon" is not a day; write it like/],
    [['x.csv', '--from', 'ga4', '--site', 'other'], 1, /there is no site "other"; add it first/],
    [[sample('ga4', 'no-date'), '--from', 'ga4'], 1, /it has no column Date/],
  ])('%j is one line on stderr', (args, status, message) => {
    const outcome = hitherto(dataDir(), ...args);
    expect(outcome).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(outcome.stderr).toMatch(/^hitherto: [^\n]+\n$/);
  });

  describe('of a large export', () => {
    const file = join(folder, 'pages.csv');
    const months: Record<string, number> = {};

    beforeAll(() => {
      const lines = ['"date","hostname","page","visits","visitors","pageviews"'];
      for (let day = Date.UTC(2021, 0, 1); day < Date.UTC(2024, 0, 1); day += 86_400_000) {
        const date = utcDay(day);
        for (let page = 0; page < 80; page++) lines.push(`"${date}","garden.example","/page/${page}",1,1,${page + 1}`);
        months[date.slice(0, 7)] = (months[date.slice(0, 7)] ?? 0) + (80 * 81) / 2;
      }
      writeFileSync(file, `${lines.join('\n')}\n`);
    });

    it('counts it once when it is killed at any time and repeated', async () => {
      const dir = dataDir();
      for (let round = 0; round < 6; round++) {
        const child = spawn(process.execPath, argsFor(dir, file, '--from', 'plausible', '--quiet'), { stdio: 'ignore' });
        await delay(400 + round * 150 + Math.random() * 150);
        child.kill('SIGKILL');
        await ended(child);
      }
      expect(hitherto(dir, file, '--from', 'plausible', '--quiet').status).toBe(0);
      expect(await viewsOf(dir, 'content', Object.keys(months))).toEqual(months);
    });

    it('counts it once when several start at the same time, and when it is repeated', async () => {
      const dir = dataDir();
      const children = [1, 2, 3].map(() =>
        spawn(process.execPath, argsFor(dir, file, '--from', 'plausible', '--quiet'), { stdio: 'ignore' }),
      );
      await Promise.all(children.map(ended));
      expect(hitherto(dir, file, '--from', 'plausible', '--quiet').status).toBe(0);
      expect(await viewsOf(dir, 'content', Object.keys(months))).toEqual(months);
    });

    it('stops at Ctrl-C with a report of what is counted, and can be continued', async () => {
      const dir = dataDir();
      const child = spawn(process.execPath, argsFor(dir, file, '--from', 'plausible', '--quiet', '--json'));
      let out = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      setTimeout(() => child.kill('SIGINT'), 900);
      const code = await ended(child);
      // on a slow machine it has not begun by then, on a fast one it has finished
      if (code !== null) expect(code).toBe(JSON.parse(out).complete ? 0 : 130);
      expect(hitherto(dir, file, '--from', 'plausible').status).toBe(0);
      expect(await viewsOf(dir, 'content', Object.keys(months))).toEqual(months);
    });
  });
});
