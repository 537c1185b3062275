// The counting protocol, as it is in production, on a simulated replica set that fails in every way a real one may,
// with nodes that crash, are cloned, and are restored from backups. Each seed makes one small world by chance.
//
//   npm run jest -- test/simulator                                  6,000 seeds, and every mutant
//   SEEDS=1000000 FIRST=6001 npm run jest -- test/simulator
//   SEED=123 npm run jest -- test/simulator                         prints what happens with that seed;
//                                                                   with MUTANT='<its name>', with that mutant
//
// The program is run.ts, bundled: inside jest everything takes more than twice as long.
//
// Assumptions: a running process is noticed by one that listens for it; a folder that is copied while its process runs
// is started while that process still runs; when a machine is restored, the old disk is lost and only the newest
// backup is used; guards are removed when nothing older than the node's end is under way or can return. The last two
// tests show what old disks and older backups may do beyond that, and what would help.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MUTANTS, OLD_DISK, OLD_DISK_NOTICED } from './mutants.js';
import type { Report } from './run.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** One per processor. */
const PROGRAMS = 2;
const SEEDS = Number(process.env.SEEDS ?? 6_000);
const FIRST = Number(process.env.FIRST ?? 1);
/** Most mutants are found within a few dozen seeds, the slowest within a few thousand. */
const SEEDS_FOR_A_MUTANT = 40_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const runFile = promisify(execFile);
let folder: string;
let program: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-simulator-'));
  program = join(folder, 'run.mjs');
  execFileSync(join(ROOT, 'node_modules/.bin/esbuild'), [
    join(import.meta.dirname, 'run.ts'),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--log-level=warning',
    `--outfile=${program}`,
  ]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ report: Report; output: string }> {
  const { stdout } = await runFile(process.execPath, [program, ...args], { maxBuffer: OUTPUT_BYTES_MAX });
  const output = stdout.trimEnd();
  return { report: JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as Report, output };
}

/** Throws with the trace of the first seed that broke a rule. */
async function expectToHold(first: number, seeds: number, ...args: string[]): Promise<void> {
  const { report } = await run('--first', `${first}`, '--seeds', `${seeds}`, ...args);
  if (report.seed === undefined) return;
  const { output } = await run('--first', `${report.seed}`, '--seeds', '1', '--trace', ...args);
  throw new Error(output);
}

const { SEED, MUTANT } = process.env;
if (SEED !== undefined) {
  it(`prints the trace of seed ${SEED}`, async () => {
    const { output } = await run(
      '--first',
      SEED,
      '--seeds',
      '1',
      '--trace',
      ...(MUTANT === undefined ? [] : ['--mutant', MUTANT]),
    );
    console.log(output);
  });
} else {
  describe('the counting protocol, simulated', () => {
    it(`holds for ${SEEDS.toLocaleString('en')} seeds`, async () => {
      const share = Math.ceil(SEEDS / PROGRAMS);
      await Promise.all(Array.from({ length: PROGRAMS }, (_, i) => expectToHold(FIRST + i * share, share)));
    }, 86_400_000);

    it('gives the same run for the same seed', async () => {
      const runs = await Promise.all([1, 2].map(() => run('--first', '7', '--seeds', '20', '--trace')));
      const [first, again] = runs.map(({ output }) => output.slice(0, output.lastIndexOf('\n')));
      expect(first).toBe(again);
    });
  });

  describe('finds a violation when', () => {
    it.each([...MUTANTS, OLD_DISK].map(({ name }) => name))(
      '%s',
      async (name) => {
        const { report } = await run('--mutant', name, '--seeds', `${SEEDS_FOR_A_MUTANT}`);
        expect(report.violations).not.toEqual([]);
      },
      600_000,
    );
  });

  describe('finds none when', () => {
    it(`${OLD_DISK_NOTICED.name}`, () => expectToHold(1, 2000, '--mutant', OLD_DISK_NOTICED.name), 600_000);
  });
}
