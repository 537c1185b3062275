// Malicious and broken site files. Each is refused with a message of one line before anything is created, and the id of
// the site can still be used.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip, type Gzip, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { composeTool, type ToolParts } from '../../process/compose.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { importSite } from './import-site.js';

let folder: string;
let parts: ToolParts;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-hostile-'));
  parts = await composeTool({ dataDir: join(folder, 'data') });
});
afterEach(async () => {
  await parts.close();
  rmSync(folder, { recursive: true });
});

const HEADER = {
  hitherto: 'site',
  format: 1,
  version: '0.1.0',
  at: '2026-11-20T10:00:00.000Z',
  export: '0123456789abcdef',
  site: { ...exampleSite, id: 'garden' },
  ledger: [{ work: 'tidy', until: '2026-11-18', days: [{ from: '2026-01-01', to: '2026-01-31' }] }],
};
const CHUNK = { batch: 1, collection: 'traffic.2026', key: '2026-11-20', counters: { v: 3 } };

/** Returns the lines of a file. The last line matches the others. */
function linesOf({ header = JSON.stringify(HEADER), chunks = [JSON.stringify(CHUNK)], end = {} }): string[] {
  const hash = createHash('sha256');
  for (const line of [header, ...chunks]) hash.update(`${line}\n`);
  const last = { end: true, batches: 1, documents: chunks.length, sha256: hash.digest('hex'), ...end };
  return [header, ...chunks, JSON.stringify(last)];
}

let files = 0;
function file(content: Buffer | string): string {
  const path = join(folder, `file-${++files}.jsonl.gz`);
  writeFileSync(path, content);
  return path;
}
const fileOf = (lines: Parameters<typeof linesOf>[0]) => file(gzipSync(`${linesOf(lines).join('\n')}\n`));

const importing = (path: string, changes: Partial<Parameters<typeof importSite>[1]> = {}) =>
  importSite(parts, {
    path,
    same: false,
    nowMs: () => Date.UTC(2026, 10, 25),
    onShare: () => {},
    isStopped: () => false,
    ...changes,
  });

async function nothingIsCreated(): Promise<void> {
  const { accounts, documents, ledger } = parts;
  expect([accounts.sites(), accounts.damagedSites(), await documents.collections(), await ledger.works()]).toEqual([
    [],
    [],
    [],
    [],
  ]);
  // the id can still be used by a valid file
  expect(await importing(fileOf({}))).toMatchObject({ id: 'garden', documents: 1, complete: true });
}

const withSite = (changes: object) => JSON.stringify({ ...HEADER, site: { ...HEADER.site, ...changes } });
const withChunk = (changes: object) => [JSON.stringify({ ...CHUNK, ...changes })];
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('importing a site file', () => {
  it.each<[string, Parameters<typeof linesOf>[0], RegExp]>([
    ['NaN as the creation time', { header: withSite({ createdAtMs: 'NaN' }) }, /line 1, .*site\.createdAtMs/],
    ['a creation time as a string', { header: withSite({ createdAtMs: '12' }) }, /site\.createdAtMs/],
    ['null as the creation time', { header: withSite({ createdAtMs: Number.NaN }) }, /site\.createdAtMs/],
    ['a huge creation time', { header: withSite({ createdAtMs: 1e300 }) }, /site\.createdAtMs/],
    ['an inexact creation time', { header: withSite({ createdAtMs: 2 ** 53 + 2 }) }, /site\.createdAtMs/],
    ['a creation time before 1970', { header: withSite({ createdAtMs: -5 }) }, /site\.createdAtMs/],
    ['a creation time with a fraction', { header: withSite({ createdAtMs: 1.5 }) }, /site\.createdAtMs/],
    ['no creation time', { header: withSite({ createdAtMs: undefined }) }, /site\.createdAtMs/],
    [
      'a number that JavaScript cannot hold',
      { header: withSite({}).replace(/"createdAtMs":\d+/, '"createdAtMs":1e999') },
      /createdAtMs/,
    ],
    ['an unknown time zone', { header: withSite({ timezone: 'Mars/Base' }) }, /site\.timezone: unknown time zone/],
    ['a title that is a list', { header: withSite({ title: ['x'] }) }, /site\.title/],
    ['a title with an escape sequence', { header: withSite({ title: '\u001b[31mred' }) }, /control characters/],
    ['hosts that are a string', { header: withSite({ hosts: 'example.com' }) }, /site\.hosts/],
    ['an invalid excluded range', { header: withSite({ excludedAddresses: ['192.0.2.1/999'] }) }, /excludedAddresses/],
    ['a path as its id', { header: withSite({ id: '../x' }) }, /cannot be a site's id/],
    ['__proto__ as its id', { header: withSite({}).replace('"id":"garden"', '"id":"__proto__"') }, /cannot be a site's id/],
    ['not a site', { header: JSON.stringify({ ...HEADER, site: null }) }, /line 1, is not as expected: site/],
    ['a site that is a number', { header: JSON.stringify({ ...HEADER, site: 7 }) }, /line 1, is not as expected: site/],
    ['__proto__ instead of a site', { header: JSON.stringify(HEADER).replace('"site":{', '"__proto__":{') }, /line 1, .*: site/],
    ['a ledger that is an object', { header: JSON.stringify({ ...HEADER, ledger: { length: 1 } }) }, /line 1, .*: ledger/],
    [
      'a path as a kind of work',
      { header: JSON.stringify({ ...HEADER, ledger: [{ work: '../x', days: [] }] }) },
      /ledger\.0\.work/,
    ],
    [
      'invalid days',
      { header: JSON.stringify({ ...HEADER, ledger: [{ work: 'x', days: [{ from: 'a', to: 'b' }] }] }) },
      /not a day/,
    ],
    [
      'too many kinds of work',
      { header: JSON.stringify({ ...HEADER, ledger: Array(501).fill({ work: 'x', days: [] }) }) },
      /: ledger/,
    ],
    [
      'another format',
      { header: JSON.stringify({ ...HEADER, format: '\u001b[31m2' }) },
      /has another format than this version reads/,
    ],
    ['a first line that is not JSON', { header: 'keep out' }, /line 1, is damaged: it is not JSON$/],
    // parsers differ in which of two equal keys they use
    [
      'a second collection in a line',
      { chunks: [`${JSON.stringify(CHUNK).slice(0, -1)},"collection":"accounts"}`] },
      /not a document of counters/,
    ],
    [
      'a second day in a line',
      { chunks: [`${JSON.stringify(CHUNK).slice(0, -1)},"key":"vic:2026-11-20"}`] },
      /not a document of counters/,
    ],
    ['a collection of tokens', { chunks: withChunk({ collection: 'tokens' }) }, /line 2, .*not a document of counters/],
    ['a collection with a path', { chunks: withChunk({ collection: 'traffic.2026/vic' }) }, /not a document of counters/],
    ['a key of another site', { chunks: withChunk({ key: 'vic:2026-11-20' }) }, /not a document of counters/],
    ['a day that does not exist', { chunks: withChunk({ key: '2026-02-30' }) }, /not a document of counters/],
    ['a day of another year', { chunks: withChunk({ key: '2025-11-20' }) }, /not a document of counters/],
    ['a day with an escape sequence', { chunks: withChunk({ key: '2026-11-20\u001b[2J' }) }, /not a document of counters/],
    ['a batch 0', { chunks: withChunk({ batch: 0 }) }, /line 2, .*batch/],
    ['a batch with a fraction', { chunks: withChunk({ batch: 1.5 }) }, /batch/],
    ['a batch as a string', { chunks: withChunk({ batch: '1' }) }, /batch/],
    ['a missing batch', { chunks: withChunk({ batch: 2 }), end: { batches: 2 } }, /batches are out of order/],
    [
      'a document twice in a batch',
      { chunks: [...withChunk({}), ...withChunk({})], end: { documents: 1 } },
      /contains a document twice/,
    ],
    ['too few batches', { end: { batches: 2 } }, /last line does not match its documents/],
    ['a number of batches that is a string', { end: { batches: 'x' } }, /is truncated/],
    ['a negative counter', { chunks: withChunk({ counters: { v: -5 } }) }, /line 2, is not a document of counters/],
    ['a counter with a fraction', { chunks: withChunk({ counters: { v: 1.5 } }) }, /not a document of counters/],
    ['a huge counter', { chunks: withChunk({ counters: { v: 1e300 } }) }, /not a document of counters/],
    ['an infinite counter', { chunks: [JSON.stringify(CHUNK).replace('"v":3', '"v":1e999')] }, /not a document of counters/],
    ['null as a counter', { chunks: withChunk({ counters: { v: null } }) }, /not a document of counters/],
    ['counters that are a list', { chunks: withChunk({ counters: [1, 2] }) }, /not a document of counters/],
    ['no counters', { chunks: withChunk({ counters: undefined }) }, /line 2, is not as expected: counters/],
    ['a sketch beyond its registers', { chunks: withChunk({ counters: { s: [4096, 1] } }) }, /holds no sketch/],
    ['a sketch with an odd length', { chunks: withChunk({ counters: { s: [1, 2, 3] } }) }, /holds no sketch/],
    ['an invalid day as a mark', { chunks: withChunk({ counters: { v: 1, '@': 'soon' } }) }, /"@" does not contain a day/],
    [
      'an invalid level as a mark',
      { chunks: withChunk({ counters: { v: 1, '#': 'x' } }) },
      /"#" does not contain the parts of a document/,
    ],
    ['a hundred levels', { chunks: [JSON.stringify(CHUNK).replace('{"v":3}', deep(100))] }, /more than 50 levels/],
    ['twenty thousand levels', { chunks: [JSON.stringify(CHUNK).replace('{"v":3}', deep(20_000))] }, /more than 50 levels/],
    ['a line that is not JSON', { chunks: ['{"secret":'] }, /line 2, is damaged: it is not JSON$/],
    ['an empty line', { chunks: [''] }, /line 2, is damaged: it is not JSON$/],
  ])('is refused with %s before anything is created', async (_, lines, message) => {
    await expect(importing(fileOf(lines))).rejects.toThrow(message);
    await nothingIsCreated();
  });

  it('takes keys such as __proto__ as data', async () => {
    const chunks = [JSON.stringify(CHUNK).replace('{"v":3}', '{"v":3,"__proto__":{"v":5},"constructor":{"prototype":{"v":7}}}')];
    expect(await importing(fileOf({ chunks }))).toMatchObject({ documents: 1, complete: true });
    const [found] = await parts.documents.read([{ collection: 'traffic.2026', id: 'garden:2026-11-20' }]);
    expect(found?.below('__proto__').get('v')).toBe(5);
    expect(found?.below('constructor').below('prototype').get('v')).toBe(7);
    expect(({} as Record<string, unknown>).v).toBeUndefined();
  });

  it('is refused if it is not a regular file', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(importing(pipe)).rejects.toThrow(/pipe is not a regular file but a pipe/);
    await expect(importing('/dev/zero')).rejects.toThrow(/is not a regular file but a device/);
    await expect(importing(folder)).rejects.toThrow(/is not a regular file but a folder/);
    await expect(importing(join(folder, 'none'))).rejects.toThrow(/there is no file/);
    // a person may name a link to a file
    const link = join(folder, 'link');
    symlinkSync(fileOf({}), link);
    expect(await importing(link)).toMatchObject({ complete: true });
  });

  it.each([
    ['without a line break', 0x61, /a line of more than \d+ bytes|unpacks to more than/],
    ['of line breaks', 0x0a, /is damaged: it is not JSON|unpacks to more than/],
    ['of zeros', 0, /a line of more than \d+ bytes|unpacks to more than/],
  ])('is refused if 300 KB unpack to 300 MB %s', async (_, byte, message) => {
    const [head] = linesOf({});
    const bomb = await bombOf(head as string, byte);
    expect(bomb.length).toBeLessThan(500_000);
    await expect(importing(file(bomb))).rejects.toThrow(message);
    await nothingIsCreated();
  });

  it('can be stopped while the file is checked, and creates nothing', async () => {
    const path = file(await bombOf(linesOf({})[0] as string, 0x61, `{"x":"${'y'.repeat(1_500_000)}"}\n`));
    expect(await importing(path, { isStopped: () => true })).toMatchObject({ complete: false });
    await nothingIsCreated();
  });
});

/** One or two lines and then 300 MB of the same byte. */
async function bombOf(head: string, byte: number, second = ''): Promise<Buffer> {
  const gzip: Gzip = createGzip({ level: 9 });
  const packed = buffer(gzip);
  gzip.write(`${head}\n${second}`);
  const megabyte = Buffer.alloc(1024 * 1024, byte);
  for (let i = 0; i < 300; i++) if (!gzip.write(megabyte)) await new Promise((resolve) => gzip.once('drain', resolve));
  gzip.end();
  return packed;
}
