// The journal when processes die, disks fill up, and folders return from a backup.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { encode } from '../../src/counters/codec/codec.js';
import type { Counters } from '../../src/counters/counters.js';
import { packsIn } from '../../src/journal/packs.js';
import { type SegmentFile, sealSegment, segmentPath, segmentsIn } from '../../src/journal/segment.js';
import { readHeader } from '../../src/journal/segment-header.js';
import {
  FLOOD,
  PERSON,
  prepare,
  type Running,
  start,
  startAndEnd,
  temporaryFolder,
  withDocuments,
} from '../end-to-end/running.js';
import { until } from '../fixtures/until.js';

const SITE = 'one';
const PATHS_MAX = 900; // rows that must remain

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function newFolder(): Promise<string> {
  const folder = temporaryFolder();
  cleanUp.push(folder.remove);
  await prepare(folder.path, [{ id: SITE }]);
  return folder.path;
}

async function started(dataDir: string, env = {}): Promise<Running> {
  const service = await start(dataDir, { ...FLOOD, ...env });
  cleanUp.push(() => service.kill9());
  return service;
}

/** The status, and the text of a refusal. */
async function send(service: Running, path: string): Promise<{ status: number; text: string }> {
  const page = encodeURIComponent(`https://${SITE}.example${path}`);
  const answer = await fetch(`${service.url}/a.gif?s=${SITE}&u=${page}`, { headers: { 'User-Agent': PERSON } });
  return { status: answer.status, text: await answer.text() };
}

const paths = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `/${from + n}`);

async function sendAll(service: Running, list: readonly string[]): Promise<void> {
  const answers = await Promise.all(list.map((path) => send(service, path)));
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
}

/** The month of this test; both months if it runs as one ends. */
function months(): string[] {
  const now = Date.now();
  return [...new Set([now - 120_000, now].map((atMs) => new Date(atMs).toISOString().slice(0, 7)))];
}

async function read(dataDir: string, name: string): Promise<Counters[]> {
  return withDocuments(dataDir, async (documents) => {
    const ids = months().map((key) => ({ collection: `${name}.${key.slice(0, 4)}`, id: `${SITE}:${key}` }));
    return (await documents.read(ids)).filter((document) => document !== undefined);
  });
}

/** Views by path, of a service that has ended. */
async function views(dataDir: string): Promise<Record<string, number>> {
  const rows = new Map<string, number>();
  for (const document of await read(dataDir, 'content')) {
    for (const [path, row] of document.below('p').below('r').fields as Map<string, Counters>) {
      rows.set(path, (rows.get(path) ?? 0) + row.get('v'));
    }
  }
  return Object.fromEntries([...rows].sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1))));
}

const once = (list: readonly string[]) => Object.fromEntries(list.map((path) => [path, 1]));

/** Counts everything that waits, and stops. */
async function countAll(dataDir: string): Promise<Running> {
  const service = await started(dataDir);
  await service.counted();
  expect(await service.stop()).toBe(0);
  return service;
}

const journal = (dataDir: string) => join(dataDir, 'journal');

function openSegment(dataDir: string): SegmentFile | undefined {
  const folder = journal(dataDir);
  const hasLines = (path: string) => statSync(path).size > readHeader(path).length;
  return segmentsIn(folder).find((file) => file.state === 'open' && hasLines(segmentPath(folder, file)));
}

/** Leaves a journal as a killed process does: with an open segment of acknowledged hits. */
async function killedWithOpenSegment(dataDir: string): Promise<{ open: SegmentFile; sent: string[] }> {
  const sent: string[] = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    const service = await started(dataDir);
    const list = paths(sent.length, sent.length + 20);
    await sendAll(service, list);
    await service.kill9();
    sent.push(...list);
    const open = openSegment(dataDir);
    if (open !== undefined) return { open, sent };
  }
  throw new Error('the segment was always sealed before the process could be killed');
}

interface Sent {
  readonly acknowledged: string[];
  readonly unanswered: string[];
  readonly refused: string[];
  readonly reasons: Set<string>;
}

/**
 * Sends views without a pause over 16 connections until it is stopped. The first have a path each, the others share
 * one.
 */
function startLoad(service: Running): { sent: Sent; end(): Promise<Sent> } {
  const sent: Sent = { acknowledged: [], unanswered: [], refused: [], reasons: new Set() };
  let next = 0;
  let over = false;
  const workers = Array.from({ length: 16 }, async () => {
    while (!over) {
      const path = next < PATHS_MAX ? `/${next++}` : '/many';
      try {
        const { status, text } = await send(service, path);
        if (status === 200) sent.acknowledged.push(path);
        else {
          sent.refused.push(path);
          sent.reasons.add(`${status} ${text.trim()}`);
          await delay(5);
        }
      } catch {
        sent.unanswered.push(path);
        await delay(5);
      }
    }
  });
  return {
    sent,
    async end() {
      over = true;
      await Promise.all(workers);
      return sent;
    },
  };
}

async function expectCounted(dataDir: string, sent: Sent): Promise<void> {
  const { '/many': many = 0, ...counted } = await views(dataDir);
  const unique = (list: readonly string[]) => list.filter((path) => path !== '/many');
  const unanswered = new Set(unique(sent.unanswered));
  const settled = Object.fromEntries(Object.entries(counted).filter(([path]) => !unanswered.has(path)));
  const acknowledged = unique(sent.acknowledged).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  expect(settled).toEqual(once(acknowledged));
  expect(Object.values(counted).filter((n) => n > 1)).toEqual([]);
  const total = (await read(dataDir, 'traffic')).reduce((sum, document) => sum + document.get('v'), 0);
  expect(total).toBe(Object.values(counted).reduce((sum, n) => sum + n, many));
  expect(total).toBeGreaterThanOrEqual(sent.acknowledged.length);
  expect(total).toBeLessThanOrEqual(sent.acknowledged.length + sent.unanswered.length);
}

describe('an open segment left by a killed process', () => {
  it('is sealed at the next start and counted once', async () => {
    const dataDir = await newFolder();
    const { sent } = await killedWithOpenSegment(dataDir);
    const service = await countAll(dataDir);
    expect(service.stderr()).toBe('');
    expect(await views(dataDir)).toEqual(once(sent));
    await countAll(dataDir);
    expect(await views(dataDir)).toEqual(once(sent));
  });

  it('loses a torn last line, which was never acknowledged, and nothing else', async () => {
    const dataDir = await newFolder();
    const { open, sent } = await killedWithOpenSegment(dataDir);
    const hits = segmentPath(journal(dataDir), open);
    const whole = readFileSync(hits, 'utf8').trimEnd().split('\n').at(-1) as string;
    appendFileSync(hits, whole.slice(0, -3));
    appendFileSync(`${hits}.points`, `2\t${SITE}\t20`);
    await countAll(dataDir);
    expect(await views(dataDir)).toEqual(once(sent));
  });

  it('is ignored if it contains only a torn line', async () => {
    const dataDir = await newFolder();
    const first = await started(dataDir);
    await first.kill9();
    const [open] = segmentsIn(journal(dataDir)) as [SegmentFile];
    appendFileSync(segmentPath(journal(dataDir), open), 'v\tone\t17');
    await countAll(dataDir);
    expect(await views(dataDir)).toEqual({});
  });
});

describe('a crash between two steps of sealing', () => {
  it('counts each hit once, into the same documents, at every step', async () => {
    const original = await newFolder();
    const { open, sent } = await killedWithOpenSegment(original);
    const name = (file: SegmentFile) => segmentPath('', file).replace(/\.(open|hits)$/, '');
    const file = (dataDir: string, ending: string) => join(journal(dataDir), `${name(open)}.${ending}`);
    const was = (ending: string) => readFileSync(file(original, ending));

    const steps: Record<string, (dataDir: string) => void> = {
      'nothing was done': () => {},
      'the draft was half written': (dataDir) => writeFileSync(file(dataDir, 'hits.draft'), was('open').subarray(0, 300)),
      'the shuffled lines were put in the place of those that came': (dataDir) => {
        sealSegment(journal(dataDir), open);
        renameSync(file(dataDir, 'hits'), file(dataDir, 'open'));
      },
      'all was done and nothing counted': (dataDir) => void sealSegment(journal(dataDir), open),
    };

    const documents = new Set<string>();
    for (const [step, make] of Object.entries(steps)) {
      const copy = temporaryFolder();
      cleanUp.push(copy.remove);
      cpSync(original, copy.path, { recursive: true });
      make(copy.path);
      await countAll(copy.path);
      expect({ step, views: await views(copy.path) }).toEqual({ step, views: once(sent) });
      documents.add((await read(copy.path, 'traffic')).map((document) => encode(document).toString('hex')).join(' '));
      const isPacked = () => !readdirSync(journal(copy.path)).some((file) => file.startsWith(name(open)));
      // a stop waits for packing only for a while; the next start goes on
      for (let starts = 0; starts < 10 && !isPacked(); starts++) await countAll(copy.path);
      expect(isPacked()).toBe(true);
      expect({ step, packs: packsIn(journal(copy.path)) }).toMatchObject({ step, packs: [{ first: 1, last: 1 }] });
    }
    expect(documents.size).toBe(1);
  });
});

describe('a journal left by version 0.1', () => {
  const OLD = join(import.meta.dirname, '../fixtures/journal-0.1');
  const PAGES = ['/', '/beds', '/beds/roses', '/shop', '/last'];

  it('is counted to the reports of version 0.1, no matter how much of it was counted before', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const createdAtMs = Date.parse('2026-11-29T10:00:00Z');
    const token = await prepare(folder.path, [{ id: 'garden', timezone: 'Europe/Berlin', hosts: ['example.com'], createdAtMs }]);
    mkdirSync(journal(folder.path), { recursive: true });
    for (const name of readdirSync(OLD)) if (name !== 'reports.json') cpSync(join(OLD, name), join(journal(folder.path), name));
    const service = await started(folder.path);
    await service.counted();
    const expected = JSON.parse(readFileSync(join(OLD, 'reports.json'), 'utf8')) as Record<string, object>;
    const reports: Record<string, unknown> = {};
    for (const name of Object.keys(expected)) {
      const [report, page] = name.split(' ');
      const query = page === undefined ? '' : `&page=${encodeURIComponent(page)}`;
      const url = `${service.url}/api/v1/sites/garden/${report}?from=2026-11-29&to=2026-11-29${query}`;
      const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
      // Version 0.1 did not report the number of rows.
      const { asOf, online: _, totalRows: _later, ...answer } = await response.json();
      expect(asOf).toBeDefined();
      reports[name] = answer;
    }
    expect(PAGES.every((page) => `pages ${page}` in reports)).toBe(true);
    expect(reports).toMatchObject(expected);
    expect(await service.stop()).toBe(0);
  });
});

describe('a sealed segment that is damaged before it is counted', () => {
  it.each([
    ['in its lines', (header: number) => header + 30],
    ['in its first line', () => 1],
  ])('%s, stops the start with one line that names it, and is counted when it is whole again', async (_where, placeOf) => {
    const dataDir = await newFolder();
    const { open, sent } = await killedWithOpenSegment(dataDir);
    sealSegment(journal(dataDir), open);
    const hits = segmentPath(journal(dataDir), { ...open, state: 'sealed' });
    const bytes = readFileSync(hits);
    const at = placeOf(readHeader(hits).length);
    const flip = () => {
      bytes[at] = (bytes[at] as number) ^ 4;
      writeFileSync(hits, bytes);
    };
    flip();
    const { code, stderr } = await startAndEnd({ DATA_DIR: dataDir });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`${hits} is damaged`);
    expect(code).toBe(70);
    flip();
    await countAll(dataDir);
    expect(await views(dataDir)).toEqual(once(sent));
  });
});

describe('a start that cannot succeed', () => {
  const expectOneLine = (stderr: string) => {
    expect(stderr).toMatch(/^hitherto: .*\n$/);
    expect(stderr).not.toMatch(/^ +at /m);
  };

  it('names the process that uses the folder, and exits with 69; that process is not disturbed', async () => {
    const dataDir = await newFolder();
    const owner = await started(dataDir);
    const { code, stdout, stderr } = await startAndEnd({ DATA_DIR: dataDir });
    expectOneLine(stderr);
    expect(stderr).toContain(`is in use by process ${owner.pid} `);
    expect(stdout).toBe('');
    expect(code).toBe(69);
    await sendAll(owner, ['/0']);
    await owner.counted();
    expect(await owner.stop()).toBe(0);
    expect(await views(dataDir)).toEqual(once(['/0']));
  });

  it('reports that the port is in use, and exits with 69', async () => {
    const server = await new Promise<Server>((resolve) => {
      const listening: Server = createServer().listen(0, '127.0.0.1', () => resolve(listening));
    });
    cleanUp.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await startAndEnd({ DATA_DIR: await newFolder(), PORT: String(port) });
    expectOneLine(stderr);
    expect(stderr).toContain(`127.0.0.1:${port} is taken`);
    expect(code).toBe(69);
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['DURABILITY', 'maybe'],
    ['JOURNAL_MAX', '-1'],
  ])('explains what is wrong with %s=%s, exits with 78 and changes nothing', async (name, value) => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const { code, stderr } = await startAndEnd({ DATA_DIR: folder.path, [name]: value });
    expectOneLine(stderr);
    expect(stderr).toContain(name);
    expect(code).toBe(78);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('reports that the folder cannot be created below a file, and exits with 73', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await startAndEnd({ DATA_DIR: join(file, 'data') });
    expectOneLine(stderr);
    expect(stderr).toContain(`${join(file, 'data')} cannot be written`);
    expect(code).toBe(73);
  });
});

/** A small disk for one test; `undefined` if mounting is not permitted. */
function mount(options: string): string | undefined {
  const folder = temporaryFolder();
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder.path], { encoding: 'utf8' });
  if (done.status !== 0) {
    folder.remove();
    return undefined;
  }
  cleanUp.push(() => {
    spawnSync('umount', ['-l', folder.path]);
    folder.remove();
  });
  return folder.path;
}

const probe = mount('size=1m');
for (const undo of cleanUp.splice(0).reverse()) undo();
if (probe === undefined) {
  console.warn('no tmpfs may be mounted here (that needs root), so what happens on a full or read-only disk is NOT tested');
}

(probe === undefined ? describe.skip : describe)('a disk', () => {
  it('that is read-only stops the start with one line and exit code 73', async () => {
    const disk = mount('size=8m') as string;
    await prepare(disk, [{ id: SITE }]);
    mkdirSync(join(disk, 'journal'));
    expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).toBe(0);
    const { code, stderr } = await startAndEnd({ DATA_DIR: disk });
    expect(stderr).toMatch(/^hitherto: the folder .* cannot be written .*\n$/);
    expect(code).toBe(73);
  });

  it('that fills up makes the beacon answer 503 with the reason, and hits are accepted again once there is space', async () => {
    const disk = mount('size=40m') as string;
    await prepare(disk, [{ id: SITE }]);
    const service = await started(disk, FLOOD);
    const load = startLoad(service);
    await until(() => load.sent.acknowledged.length > 500);
    fill(join(disk, 'ballast'));
    await until(() => load.sent.refused.length > 200);
    const full = await service.health();
    expect(full.status).toBe('failing');
    expect(full.beacon.unavailable).toBeGreaterThan(0);
    rmSync(join(disk, 'ballast'));
    const before = load.sent.acknowledged.length;
    await until(() => load.sent.acknowledged.length > before + 500);
    const sent = await load.end();
    expect([...sent.reasons].filter((reason) => !/^503 hits cannot be kept at the moment: .*ENOSPC/.test(reason))).toEqual([]);
    expect(sent.unanswered).toEqual([]);
    const after = await service.counted();
    expect(after.beacon.taken).toBe(sent.acknowledged.length);
    expect(after.beacon.unavailable).toBe(sent.refused.length);
    expect(await service.stop()).toBe(0);
    await expectCounted(disk, sent);
  });

  it('that is full at the first hit of a day leads to 503, and the process keeps running', async () => {
    const disk = mount('size=8m') as string;
    await prepare(disk, [{ id: SITE }]);
    const service = await started(disk);
    fill(join(disk, 'ballast'));
    for (const path of paths(0, 20)) expect((await send(service, path)).status).toBe(503);
    rmSync(join(disk, 'ballast'));
    await until(async () => (await send(service, '/20')).status === 200);
    await service.counted();
    expect(await service.stop()).toBe(0);
    expect(await views(disk)).toEqual(once(['/20']));
  });
});

/** Fills the disk until not a single byte fits. */
function fill(path: string): void {
  const chunks = [1 << 20, 1 << 12, 1].map((bytes) => Buffer.alloc(bytes));
  for (const chunk of chunks) {
    try {
      for (;;) appendFileSync(path, chunk);
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  }
}

describe('a journal folder restored from a backup', () => {
  it('gets a new node id and logs it, counts nothing twice, and loses no counted hit', async () => {
    const dataDir = await newFolder();
    const first = await started(dataDir);
    await sendAll(first, paths(0, 10));
    await first.counted();
    const { node } = await first.health();
    expect(await first.stop()).toBe(0);
    const backup = join(dataDir, 'backup');
    cpSync(journal(dataDir), backup, { recursive: true });

    const second = await started(dataDir);
    await sendAll(second, paths(10, 20));
    await second.counted();
    expect((await second.health()).node).toBe(node);
    expect(await second.stop()).toBe(0);

    rmSync(journal(dataDir), { recursive: true });
    renameSync(backup, journal(dataDir));
    const third = await started(dataDir);
    await sendAll(third, paths(20, 30));
    await third.counted();
    expect((await third.health()).node).not.toBe(node);
    expect(third.stderr()).toMatch(new RegExp(`^hitherto: .*${node}.* restored or copied.*\n$`));
    expect(await third.stop()).toBe(0);
    expect(await views(dataDir)).toEqual(once(paths(0, 30)));

    // The next start keeps the new id.
    const fourth = await countAll(dataDir);
    expect(fourth.stderr()).toBe('');
    expect(await views(dataDir)).toEqual(once(paths(0, 30)));
  });

  it('that was copied while a segment was open quarantines that segment and names it', async () => {
    const dataDir = await newFolder();
    const { open, sent } = await killedWithOpenSegment(dataDir);
    const backup = join(dataDir, 'backup');
    cpSync(journal(dataDir), backup, { recursive: true });
    await countAll(dataDir);
    rmSync(journal(dataDir), { recursive: true });
    renameSync(backup, journal(dataDir));
    const service = await countAll(dataDir);
    expect(service.stderr()).toContain('was quarantined');
    expect(service.stderr()).toContain(open.node);
    expect(await views(dataDir)).toEqual(once(sent));
  });
});

describe('SIGTERM under load', () => {
  it.each(['write', 'fsync'])(
    'exits with 0 within ten seconds and loses no acknowledged hit (DURABILITY=%s)',
    async (durability) => {
      const dataDir = await newFolder();
      const service = await started(dataDir, { DURABILITY: durability });
      const load = startLoad(service);
      await until(() => load.sent.acknowledged.length > 300);
      const beganMs = Date.now();
      expect(await service.stop()).toBe(0);
      expect(Date.now() - beganMs).toBeLessThan(10_000);
      const sent = await load.end();
      expect(service.stderr()).toBe('');
      await countAll(dataDir);
      await expectCounted(dataDir, sent);
    },
  );
});
