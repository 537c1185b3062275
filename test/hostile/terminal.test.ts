// Escape sequences in files and names must not reach the terminal. Each command here reads some.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLmdbAccounts } from '../../src/store/lmdb/accounts.js';
import { openEnvironment } from '../../src/store/lmdb/environment.js';
import { prepare } from '../end-to-end/running.js';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
/**
 * Sets a colour, the window's title, and a colour by a single byte; fakes a line of output; reverses the direction of
 * text.
 */
const EVIL = '\x1b[31mred\x1b]0;pwn\x07\u009b31m\nhitherto: all is well\r\u202eEVIL';
const SHOWN = '\\u001b[31mred\\u001b]0;pwn\\u0007\\u009b31m\\u000ahitherto: all is well\\u000d\\u202eEVIL';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-terminal-'));
const dataDir = join(folder, 'data');
beforeAll(async () => {
  await prepare(dataDir, [{ id: 'garden', createdAtMs: Date.parse('2026-01-01') }]);
  const { root } = openEnvironment(dataDir);
  await openLmdbAccounts(root).addToken({ title: EVIL, sites: 'all', nowMs: 1 });
  await root.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function hitherto(...args: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, '--data-dir', dataDir, ...args], { encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

let files = 0;
function file(content: string | Buffer, name = 'a.csv'): string {
  const path = join(folder, String(++files));
  mkdirSync(path);
  writeFileSync(join(path, name), content);
  return join(path, name);
}

const csv = (header: string, line = '') => file(`${header}\n${line}`);
const quoted = `"${EVIL}"`;
const siteFile = (changes: object) => file(gzipSync(`${JSON.stringify({ hitherto: 'site', format: 1, ...changes })}\n`), 'a.gz');
function backup(manifest: object): string {
  const path = file(JSON.stringify(manifest), 'manifest.json');
  return path.slice(0, -'/manifest.json'.length);
}

const imported = ['import', '--site', 'garden', '--from'];

describe('output to a terminal', () => {
  it.each<[string, string[], number, string?]>([
    ['an unknown header', [...imported, 'plausible', csv(quoted)], 1, SHOWN],
    ['columns that are not counted', [...imported, 'plausible', csv(`date,pageviews,${quoted}`, '2025-01-01,5,x\n')], 0, SHOWN],
    ['dimensions that are not counted', [...imported, 'ga4', csv(`Date,${quoted},Views`, '20250101,x,5\n')], 1],
    ['a file’s name', [...imported, 'plausible', file('date,entry_page\n', `${EVIL}.csv`)], 1],
    [
      'a file’s name beside what is counted',
      [...imported, 'plausible', file('date,pageviews,x\n2025-02-01,5,6\n', `${EVIL}.csv`)],
      0,
      SHOWN,
    ],
    ['a file’s name that is not there', [...imported, 'plausible', EVIL], 1],
    ['the format of a site file', ['site', 'import', siteFile({ format: EVIL })], 1],
    ['fields of a site file', ['site', 'import', siteFile({ site: { [EVIL]: 1 }, version: EVIL })], 1],
    ['a site file that is not JSON', ['site', 'import', file(gzipSync(EVIL), 'a.gz')], 1],
    ['the name of a site file', ['site', 'import', EVIL], 1],
    ['the format of a backup', ['restore', backup({ hitherto: 'backup', format: EVIL })], 1],
    [
      'paths in a backup',
      [
        'restore',
        backup({
          hitherto: 'backup',
          format: 1,
          version: EVIL,
          mode: 'mongodb',
          begunAt: '2026-11-20T10:00:00Z',
          counts: {},
          files: [{ path: EVIL, bytes: 1, sha256: '0'.repeat(64), lines: 1, collection: EVIL }],
        }),
      ],
      1,
    ],
    ['a manifest that is not JSON', ['restore', join(file(EVIL, 'manifest.json'), '..')], 1],
    ['titles of tokens', ['token', 'list'], 0, SHOWN],
    ['an unknown command', [EVIL], 2],
    ['an unknown option', ['site', 'list', `--${EVIL}`], 2],
    ['an unknown id', ['site', 'show', EVIL], 1],
  ])('%s cannot move the cursor or imitate another line', (_, args, code, shown = '') => {
    const output = hitherto(...args);
    expect(output.text).toContain(shown);
    expect(output.text.match(/(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu)).toBeNull();
    expect(output.text.split('\n')).not.toContain('hitherto: all is well');
    expect(output.code).toBe(code);
  });

  it('stays valid JSON with its meaning', () => {
    const path = csv(`date,pageviews,${quoted}`, '2025-03-01,5,x\n');
    const { text } = hitherto(...imported, 'plausible', path, '--json', '--quiet');
    expect(text).toContain('\\u009b');
    expect(JSON.parse(text).files[0].columnsLeftOut).toEqual([EVIL]);
  });
});
