// Malicious and broken backups. Each is refused with a message of one line, and nothing is written anywhere.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { backupCommands } from '../../commands/backup.js';
import { runCommands } from '../../commands/run.js';
import { Counters } from '../../counters/counters.js';
import { composeTool } from '../../process/compose.js';
import { exampleSite } from '../../store/contracts/accounts.js';

let folder: string;
let err: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-hostile-'));
  err = '';
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    if (!String(text).startsWith('(node:')) err += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const at = (...names: string[]) => join(folder, ...names);

async function hitherto(dataDir: string, ...args: string[]): Promise<number> {
  return runCommands([backupCommands], ['node', 'hitherto', '--data-dir', dataDir, ...args, '--quiet']);
}

/** A backup of an embedded store with some data. */
async function goodBackup(): Promise<string> {
  const tool = await composeTool({ dataDir: at('old') });
  const counters = new Counters();
  counters.sum('v', 3);
  await tool.accounts.addSite({ ...exampleSite, id: 'garden' });
  const delta = { collection: 'traffic.2026', id: 'garden:2026-11-20', counters, caps: {} };
  await tool.documents.apply({ node: 'n01', number: 1, checksum: 1 }, [delta], 1);
  await tool.close();
  expect(await hitherto(at('old'), 'backup', at('backup'))).toBe(0);
  return at('backup');
}

/** The checksums of all files below the folder, by path. */
function everything(): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => !path.includes('/lock'));
  return Object.fromEntries(paths.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));
}

async function isRefused(backup: string, message: RegExp): Promise<void> {
  mkdirSync(at('new', 'journal'), { recursive: true });
  const before = everything();
  expect(await hitherto(at('new'), 'restore', backup)).toBe(1);
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(everything()).toEqual(before);
}

type Manifest = { files: Array<Record<string, unknown>> } & Record<string, unknown>;

function changeManifest(backup: string, change: (manifest: Manifest) => unknown): void {
  const path = join(backup, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const changed = change(manifest) ?? manifest;
  writeFileSync(path, typeof changed === 'string' ? changed : JSON.stringify(changed));
}

describe('restoring a backup of an embedded store', () => {
  it.each<[string, (manifest: Manifest) => unknown, RegExp]>([
    [
      'a path that leads out',
      ({ files }) => void files.push({ ...files[0], path: '../outside.txt' }),
      /has one file, store\/data\.mdb, and no other/,
    ],
    [
      'a path that leads out and no other',
      ({ files }) => void Object.assign(files[0] as object, { path: '../outside.txt' }),
      /has one file/,
    ],
    ['an absolute path', ({ files }) => void Object.assign(files[0] as object, { path: '/etc/hostname' }), /has one file/],
    ['another file of the data folder', ({ files }) => void files.push({ ...files[0], path: 'salts.json' }), /has one file/],
    ['the same file twice', ({ files }) => void files.push({ ...files[0] }), /has one file/],
    [
      'a path with ../ that stays inside',
      ({ files }) => void Object.assign(files[0] as object, { path: 'store/../store/data.mdb' }),
      /has one file/,
    ],
    ['no file', (manifest) => ({ ...manifest, files: [] }), /has one file/],
    [
      'files that are an object',
      (manifest) => ({ ...manifest, files: { length: 1 } }),
      /manifest\.json is not as expected: files/,
    ],
    ['a negative size', ({ files }) => void Object.assign(files[0] as object, { bytes: -5 }), /files\.0\.bytes/],
    ['a size with a fraction', ({ files }) => void Object.assign(files[0] as object, { bytes: 1.5 }), /files\.0\.bytes/],
    ['a huge size', ({ files }) => void Object.assign(files[0] as object, { bytes: 1e300 }), /files\.0\.bytes/],
    ['a size as a string', ({ files }) => void Object.assign(files[0] as object, { bytes: '12' }), /files\.0\.bytes/],
    [
      'another size',
      ({ files }) => void Object.assign(files[0] as object, { bytes: 12 }),
      /data\.mdb is damaged: its size differs/,
    ],
    ['no checksum', ({ files }) => void Object.assign(files[0] as object, { sha256: 7 }), /files\.0\.sha256/],
    [
      'another checksum',
      ({ files }) => void Object.assign(files[0] as object, { sha256: '0'.repeat(64) }),
      /its checksum differs/,
    ],
    ['invalid counts', (manifest) => ({ ...manifest, counts: { documents: Number.NaN } }), /counts\.documents/],
    ['an unknown mode', (manifest) => ({ ...manifest, mode: 'redis' }), /: mode/],
    ['an invalid time', (manifest) => ({ ...manifest, begunAt: '\u001b[31m' }), /: begunAt/],
    ['another format', (manifest) => ({ ...manifest, format: 2 }), /has another format than this version reads/],
    ['another kind', (manifest) => ({ ...manifest, hitherto: 'site' }), /is not the manifest of a backup/],
    [
      '__proto__ for its fields',
      (manifest) => `{"__proto__":${JSON.stringify(manifest)}}`,
      /manifest\.json is not as expected: hitherto/,
    ],
    ['text that is not JSON', () => 'keep out of this', /manifest\.json is damaged: it is not JSON\n$/],
    ['deeply nested JSON', () => '['.repeat(100_000), /manifest\.json is damaged: it is not JSON\n$/],
  ])('is refused with %s in its manifest, and nothing is written', async (_, change, message) => {
    const backup = await goodBackup();
    writeFileSync(at('outside.txt'), 'outside');
    changeManifest(backup, change);
    await isRefused(backup, message);
  });

  it.each<[string, (backup: string) => void, RegExp]>([
    [
      'a file that is a link to outside',
      (backup) => {
        cpSync(join(backup, 'store/data.mdb'), at('elsewhere.mdb'));
        rmSync(join(backup, 'store/data.mdb'));
        symlinkSync(at('elsewhere.mdb'), join(backup, 'store/data.mdb'));
      },
      /data\.mdb is a link that leads outside/,
    ],
    [
      'a folder that is a link to outside',
      (backup) => {
        cpSync(join(backup, 'store'), at('elsewhere'), { recursive: true });
        rmSync(join(backup, 'store'), { recursive: true });
        symlinkSync(at('elsewhere'), join(backup, 'store'));
      },
      /data\.mdb is a link that leads outside/,
    ],
    [
      'a link that leads nowhere',
      (backup) => {
        rmSync(join(backup, 'store/data.mdb'));
        symlinkSync('nothing', join(backup, 'store/data.mdb'));
      },
      /data\.mdb is a link that leads nowhere/,
    ],
    [
      'a pipe instead of its file',
      (backup) => {
        rmSync(join(backup, 'store/data.mdb'));
        execFileSync('mkfifo', [join(backup, 'store/data.mdb')]);
      },
      /data\.mdb is not a regular file but a pipe/,
    ],
    [
      'a device instead of its manifest',
      (backup) => {
        rmSync(join(backup, 'manifest.json'));
        symlinkSync('/dev/zero', join(backup, 'manifest.json'));
      },
      /manifest\.json is a link that leads outside/,
    ],
    [
      'a pipe instead of its manifest',
      (backup) => {
        rmSync(join(backup, 'manifest.json'));
        execFileSync('mkfifo', [join(backup, 'manifest.json')]);
      },
      /manifest\.json is not a regular file but a pipe/,
    ],
    ['its file missing', (backup) => rmSync(join(backup, 'store/data.mdb')), /data\.mdb is missing/],
  ])('is refused with %s, and nothing is written', async (_, change, message) => {
    const backup = await goodBackup();
    change(backup);
    await isRefused(backup, message);
  });

  it('works if the folder itself is a link, because the person has named it', async () => {
    symlinkSync(await goodBackup(), at('link'));
    expect(await hitherto(at('new'), 'restore', at('link'))).toBe(0);
  });
});

const SITE = { _id: 'garden', mark: 'm', site: { ...exampleSite, id: 'garden' } };
const TRAFFIC = { _id: 'garden:2026-11-20', k: { n01: 1 }, c: { v: 3, _s: { 7: 2 } } };

interface Dump {
  [collection: string]: ReadonlyArray<object | string>;
}

/** Writes a backup of a MongoDB database with any content and valid checksums. */
function dump(collections: Dump): string {
  mkdirSync(at('dump'));
  const files = Object.entries({
    nodes: [{ _id: 'n01', number: 1, checksum: 1, countedUntilMs: 5, boot: 'b' }],
    ...collections,
  }).map(([collection, entries]) => {
    const text = entries.map((entry) => `${typeof entry === 'string' ? entry : JSON.stringify(entry)}\n`).join('');
    const path = `${encodeURIComponent(collection)}.jsonl.gz`;
    const packed = gzipSync(text);
    writeFileSync(at('dump', path), packed);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { path, bytes: packed.length, lines: entries.length, sha256, collection };
  });
  const manifest = {
    hitherto: 'backup',
    format: 1,
    version: '0',
    begunAt: '2026-11-20T10:00:00.000Z',
    mode: 'mongodb',
    files,
    counts: {},
  };
  writeFileSync(at('dump', 'manifest.json'), JSON.stringify(manifest));
  return at('dump');
}

const site = (changes: object) => ({ ...SITE, site: { ...SITE.site, ...changes } });

describe('restoring a backup of a MongoDB database', () => {
  it.each<[string, Dump, RegExp]>([
    ['a site that is not an object', { sites: [{ ...SITE, site: 7 }] }, /sites\.jsonl\.gz, line 1, is not as expected: site/],
    ['a site in an unknown time zone', { sites: [site({ timezone: 'Mars/Base' })] }, /timezone: unknown time zone/],
    ['a site with a path as its id', { sites: [site({ id: '../x', hosts: 7 })] }, /line 1, is not as expected: site/],
    [
      'a negative counter',
      { 'traffic.2026': [{ ...TRAFFIC, c: { v: -5 } }] },
      /traffic\.2026\.jsonl\.gz, line 1, .*c: a counter is not a whole number/,
    ],
    ['a counter with a fraction', { 'traffic.2026': [{ ...TRAFFIC, c: { v: 1.5 } }] }, /a counter is not a whole number/],
    [
      'NaN as a counter',
      { 'traffic.2026': [JSON.stringify({ ...TRAFFIC, c: { v: 0 } }).replace('"v":0', '"v":{"$numberDouble":"NaN"}')] },
      /a counter is not a whole number/,
    ],
    [
      'code instead of a counter',
      { 'traffic.2026': [JSON.stringify({ ...TRAFFIC, c: { v: 0 } }).replace('"v":0', '"v":[{"$code":"1"}]')] },
      /these are not counters/,
    ],
    ['a counter with a dot in its name', { 'traffic.2026': [{ ...TRAFFIC, c: { 'a.b': 1 } }] }, /a name that is not allowed/],
    ['a sketch beyond its registers', { 'traffic.2026': [{ ...TRAFFIC, c: { _s: { 4096: 1 } } }] }, /a sketch is not valid/],
    ['a guard that is a string', { 'traffic.2026': [{ ...TRAFFIC, k: { n01: '12' } }] }, /k\.n01/],
    ['a document without a day', { 'traffic.2026': [{ ...TRAFFIC, _id: 'garden:soon' }] }, /its id is not the id of a document/],
    ['a document twice', { 'traffic.2026': [TRAFFIC, TRAFFIC] }, /line 2, is damaged: "garden:2026-11-20" appears twice/],
    [
      'an id that is an object',
      { 'traffic.2026': [{ ...TRAFFIC, _id: { $gt: '' } }] },
      /line 1, is damaged: it (has no id|is not a JSON document)/,
    ],
    ['a negative number of a node', { nodes: [{ _id: 'n01', number: -5 }] }, /nodes\.jsonl\.gz, line 1, .*number/],
    [
      'an invalid token',
      { tokens: [{ _id: 'p', hash: 'x', token: { prefix: 'p', title: '', sites: 7, createdAtMs: 1 } }] },
      /tokens\.jsonl\.gz, line 1/,
    ],
    ['a person that is a number', { records: [{ _id: 'person/a', mark: 'm', value: 7 }] }, /records\.jsonl\.gz, line 1, .*value/],
    ['a person without a value', { records: [{ _id: 'person/a', mark: 'm' }] }, /records\.jsonl\.gz, line 1, .*value/],
    [
      'an unknown kind of deletion',
      { tombstones: [{ _id: 'd1', tombstone: { id: 'd1', site: 'garden', deleted: { kind: 'all' }, receivedUntilMs: 1 } }] },
      /tombstones\.jsonl\.gz, line 1/,
    ],
    [
      'invalid days',
      { ledger: [{ _id: 'tidy:garden', days: [{ from: 'a', to: 'b' }] }] },
      /ledger\.jsonl\.gz, line 1, .*not a day/,
    ],
    ['an invalid range', { 'import-ranges': [{ _id: 'i01:1', range: { number: 1e300 } }] }, /import-ranges\.jsonl\.gz, line 1/],
    ['a line that is not JSON', { sites: ['{"secret":'] }, /sites\.jsonl\.gz, line 1, is damaged: it is not a JSON document\n$/],
    ['a collection of the server', { 'system.users': [] }, /"system\.users" is not a collection that can be restored/],
    ['a collection with $ in its name', { a$cmd: [] }, /is not a collection that can be restored/],
    ['the collection that marks unfinished restores', { restores: [] }, /is not a collection that can be restored/],
  ])('is refused with %s, and nothing is written', async (_, collections, message) => {
    await isRefused(dump(collections), message);
  });

  it.each<[string, (manifest: Manifest) => unknown, RegExp]>([
    [
      'a path that leads out',
      ({ files }) => void Object.assign(files[0] as object, { path: '../nodes.jsonl.gz' }),
      /"\.\.\/nodes\.jsonl\.gz" is not the file of the collection/,
    ],
    [
      'the file of another collection',
      ({ files }) => void Object.assign(files[0] as object, { collection: 'tokens' }),
      /is not the file of the collection/,
    ],
    ['a collection twice', ({ files }) => void files.push({ ...files[0] }), /"nodes" appears twice/],
    [
      'no number of lines',
      ({ files }) => void Object.assign(files[0] as object, { lines: undefined }),
      /does not say how many lines it has/,
    ],
    ['too few lines', ({ files }) => void Object.assign(files[0] as object, { lines: 0 }), /its checksum differs/],
  ])('is refused with %s in its manifest, and nothing is written', async (_, change, message) => {
    const backup = dump({ sites: [SITE] });
    cpSync(join(backup, 'nodes.jsonl.gz'), at('nodes.jsonl.gz'));
    changeManifest(backup, change);
    await isRefused(backup, message);
  });

  it('takes keys such as __proto__ as data', async () => {
    const line = JSON.stringify({ ...TRAFFIC, c: {} }).replace(
      '"c":{}',
      '"c":{"v":1,"%5f_proto__":{"v":5},"constructor":{"v":7}}',
    );
    expect(await hitherto(at('new'), 'restore', dump({ sites: [SITE], 'traffic.2026': [line] }))).toBe(0);
    const tool = await composeTool({ dataDir: at('new') });
    const [found] = await tool.documents.read([{ collection: 'traffic.2026', id: TRAFFIC._id }]);
    expect([found?.get('v'), found?.below('__proto__').get('v'), found?.below('constructor').get('v')]).toEqual([1, 5, 7]);
    expect(({} as Record<string, unknown>).v).toBeUndefined();
    await tool.close();
  });

  it('works with a site whose creation time is damaged, and reports that site', async () => {
    const bad = { ...site({ id: 'bad', createdAtMs: 1e300 }), _id: 'bad' };
    expect(await hitherto(at('new'), 'restore', dump({ sites: [SITE, bad] }))).toBe(0);
    const tool = await composeTool({ dataDir: at('new') });
    expect(tool.accounts.sites().map(({ id, createdAtMs }) => [id, createdAtMs])).toEqual([
      ['bad', 0],
      ['garden', exampleSite.createdAtMs],
    ]);
    await tool.close();
  });
});

describe('restoring a folder', () => {
  it('is refused if there is no manifest in it', async () => {
    mkdirSync(at('empty'));
    await isRefused(at('empty'), /is not a finished backup/);
    expect(existsSync(at('new', 'store'))).toBe(false);
  });
});
