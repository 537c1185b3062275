// Kills `backup`, `restore` and `delete` with kill -9 at many points after their first write. Running the command
// again must succeed, nothing incomplete may pass as complete, and nothing may be lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { encode } from '../../src/counters/codec/codec.js';
import type { Counters } from '../../src/counters/counters.js';
import { composeTool, type ToolParts } from '../../src/process/compose.js';
import { exampleSite } from '../../src/store/contracts/accounts.js';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { archive } from '../../src/upkeep/archive/archive.js';
import { summarise } from '../../src/upkeep/summarise.js';
import { CLI, type Environment, startAndEnd, temporaryFolder, testbed } from '../end-to-end/running.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { count, viewsBetween } from '../fixtures/several-years.js';

const ROUNDS = 2;

const { cleanUp, newFolder } = testbed();

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function launch(env: Environment, args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, err })) };
}

const hitherto = (env: Environment, ...args: string[]) => launch(env, args).ended;

/** Runs the command to its end. Returns how long it ran after its first write, in milliseconds. */
async function span(env: Environment, args: readonly string[], hasWritten: () => boolean | Promise<boolean>): Promise<number> {
  const { ended } = launch(env, args);
  while (!(await hasWritten())) await delay(1);
  const began = performance.now();
  expect(await ended).toMatchObject({ code: 0 });
  return performance.now() - began;
}

/** Kills the command `afterMs` after its first write. Returns false when it had ended by then. */
async function killed(
  env: Environment,
  args: readonly string[],
  hasWritten: () => boolean | Promise<boolean>,
  afterMs: number,
): Promise<boolean> {
  const { child, ended } = launch(env, args);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver && !(await hasWritten())) await delay(1);
  await delay(afterMs);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

/**
 * Random delays, one in each part of the span, so that they cover all of the work; then shorter and shorter ones until the
 * command was killed once, since another run may take less time than the measured one.
 */
function* moments(ms: number, hasKilled: () => boolean): Generator<number> {
  for (let i = 0; i < ROUNDS; i++) yield ((i + Math.random()) / ROUNDS) * ms;
  for (let part = 4; part <= 128 && !hasKilled(); part *= 2) yield ms / part;
}

/** A digest of each site's settings and counters. */
async function digestOf({ documents, accounts, ledger }: ToolParts): Promise<Record<string, string>> {
  const hashes = new Map(accounts.sites().map((site) => [site.id, createHash('sha256').update(JSON.stringify(site))]));
  for (const collection of (await documents.collections()).sort()) {
    for (const [id, hash] of hashes) {
      for await (const one of documents.ids(collection, id)) {
        const [counters] = await documents.read([{ collection, id: one }]);
        hash.update(one).update(sorted(counters as Counters));
      }
    }
  }
  for (const [id, hash] of hashes) hash.update(JSON.stringify([await ledger.until('tidy', id), accounts.tokens()]));
  return Object.fromEntries([...hashes].map(([id, hash]) => [id, hash.digest('hex')]));
}

/** Sorts counters, because stores keep them in different orders. */
function sorted(counters: Counters): Buffer {
  const fields = [...counters.fields].sort(([a], [b]) => (a < b ? -1 : 1));
  counters.fields.clear();
  for (const [key, value] of fields) {
    if (typeof value === 'object' && 'fields' in value) sorted(value);
    counters.fields.set(key, value);
  }
  return encode(counters);
}

async function inFolder<Result>(dataDir: string, act: (tool: ToolParts) => Promise<Result>): Promise<Result> {
  const tool = await composeTool({ dataDir });
  return act(tool).finally(() => tool.close());
}

/** Two sites with years of views, and an archive of 2019. */
async function filled(dataDir: string): Promise<void> {
  await inFolder(dataDir, async (tool) => {
    for (const [i, id] of ['garden', 'zqgone'].entries()) {
      await tool.accounts.addSite({ ...exampleSite, id });
      await count(tool.documents, viewsBetween('2019-01-01', '2020-12-31', 2, { site: id }), `i0${i}`);
    }
    await tool.ledger.done('tidy', 'garden', '2020-12-30');
    const names = (await tool.documents.collections()).filter((name) => name.includes('.2019'));
    const parts = { ...tool, kinds: DOCUMENT_KINDS, sites: ['garden', 'zqgone'], isStopped: () => false };
    for (const name of names) await summarise(parts, name);
    const nowMs = Date.parse('2023-06-01');
    await archive({ ...tool, archivesDir: join(dataDir, 'archives'), year: '2019', names, nowMs, isStopped: () => false });
  });
}

let original: { readonly path: string; remove(): void };
let digest: Record<string, string>;
beforeAll(async () => {
  original = temporaryFolder();
  await filled(original.path);
  digest = await inFolder(original.path, digestOf);
  expect(Object.keys(digest)).toEqual(['garden', 'zqgone']);
});
afterAll(() => original.remove());

function copyOfOriginal(): string {
  const dataDir = join(newFolder(), 'data');
  cpSync(original.path, dataDir, { recursive: true });
  return dataDir;
}

/** Every place below the folder that contains this text. */
function placesOf(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .flatMap((path) => {
      const bytes = readFileSync(path);
      const places: string[] = [];
      for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
        places.push(`${path}: ${bytes.subarray(Math.max(0, at - 30), at + 60).toString('latin1')}`);
      return places;
    });
}

describe('a backup that is killed', () => {
  it('does not pass as a backup, and the same command makes one', async () => {
    const [dataDir, copies] = [copyOfOriginal(), newFolder()];
    const folderOf = (name: string) => join(copies, name);
    const hasBegun = (name: string) => () => existsSync(folderOf(name)) && readdirSync(folderOf(name)).length > 0;
    const env = { DATA_DIR: dataDir };
    const ms = await span(env, ['backup', folderOf('whole'), '--quiet'], hasBegun('whole'));
    let kills = 0;
    let round = 0;
    for (const afterMs of moments(ms, () => kills > 0)) {
      round++;
      const folder = folderOf(`round-${round}`);
      const args = ['backup', folder, '--quiet'];
      if (!(await killed(env, args, hasBegun(`round-${round}`), afterMs))) continue;
      kills++;
      const isWhole = existsSync(join(folder, 'manifest.json'));
      const restored = await hitherto({ DATA_DIR: join(copies, `early-${round}`) }, 'restore', folder, '--quiet');
      expect(restored).toMatchObject(isWhole ? { code: 0 } : { code: 1, err: expect.stringMatching(/is not a finished backup/) });
      const isFinished = isWhole && !existsSync(join(folder, 'unfinished'));
      const again = isFinished ? { code: 1, err: expect.stringMatching(/contains a finished backup/) } : { code: 0, err: '' };
      expect(await hitherto(env, ...args)).toMatchObject(again);
      expect(readdirSync(folder).sort()).toEqual(['manifest.json', 'store']);
      const into = join(copies, `data-${round}`);
      expect(await hitherto({ DATA_DIR: into }, 'restore', folder, '--quiet')).toMatchObject({ code: 0, err: '' });
      expect(await inFolder(into, digestOf)).toEqual(digest);
    }
    expect(kills).toBeGreaterThan(0);
    expect(await inFolder(dataDir, digestOf)).toEqual(digest);
  });

  it('refuses a folder with other files, and one in which another backup is being made', async () => {
    const [dataDir, folder] = [copyOfOriginal(), newFolder()];
    const { child, ended } = launch({ DATA_DIR: dataDir }, ['backup', join(folder, 'a'), '--quiet']);
    while (!existsSync(join(folder, 'a', 'unfinished'))) await delay(1);
    child.kill('SIGSTOP');
    const beside = await hitherto({ DATA_DIR: dataDir }, 'backup', join(folder, 'a'), '--quiet');
    expect(beside).toMatchObject({ code: 1, err: expect.stringMatching(/in use by process/) });
    child.kill('SIGCONT');
    expect(await ended).toMatchObject({ code: 0 });
    const again = await hitherto({ DATA_DIR: dataDir }, 'backup', join(folder, 'a'), '--quiet');
    expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/contains a finished backup/) });
  });
});

describe('a restore that is killed', () => {
  it('leaves the old store, the new one, or a message that it is not finished; the same command finishes it', async () => {
    const [source, copies] = [copyOfOriginal(), newFolder()];
    const backup = join(copies, 'backup');
    expect(await hitherto({ DATA_DIR: source }, 'backup', backup, '--quiet')).toMatchObject({ code: 0 });
    const other = join(copies, 'other');
    await inFolder(other, ({ accounts }) => accounts.addSite({ ...exampleSite, id: 'shop' }));
    const otherDigest = await inFolder(other, digestOf);
    const args = ['restore', backup, '--force', '--quiet'];
    const hasBegun = (dataDir: string) => () => existsSync(join(dataDir, 'store.draft'));
    const copyOfOther = (name: string): string => {
      cpSync(other, join(copies, name), { recursive: true });
      return join(copies, name);
    };
    const measured = copyOfOther('measured');
    const ms = await span({ DATA_DIR: measured }, args, hasBegun(measured));
    let kills = 0;
    let round = 0;
    for (const afterMs of moments(ms, () => kills > 0)) {
      round++;
      const dataDir = copyOfOther(`round-${round}`);
      const env = { DATA_DIR: dataDir };
      if (!(await killed(env, args, hasBegun(dataDir), afterMs))) continue;
      kills++;
      const listed = await hitherto(env, 'site', 'list');
      if (listed.code === 0) expect([otherDigest, digest]).toContainEqual(await inFolder(dataDir, digestOf));
      else {
        expect(listed.err).toMatch(/a restore into \S+ is not finished: run hitherto .*restore again/);
        expect((await startAndEnd(env)).code).toBe(69);
      }
      expect(await hitherto(env, ...args)).toMatchObject({ code: 0, err: '' });
      expect(await inFolder(dataDir, digestOf)).toEqual(digest);
      // The old store still exists under another name.
      const aside = readdirSync(dataDir).filter((name) => name.startsWith('store.replaced-'));
      const asides = await Promise.all(
        aside.map((name) => {
          const put = join(copies, `aside-${round}-${name}`);
          cpSync(join(dataDir, name), join(put, 'store'), { recursive: true });
          return inFolder(put, digestOf);
        }),
      );
      expect(asides).toContainEqual(otherDigest);
      expect(readdirSync(dataDir)).not.toContain('store.draft');
    }
    expect(kills).toBeGreaterThan(0);
  });

  it('between moving the old store away and moving the new one in does not lead to an empty store', async () => {
    const [dataDir, copies] = [copyOfOriginal(), newFolder()];
    expect(await hitherto({ DATA_DIR: dataDir }, 'backup', join(copies, 'a'), '--quiet')).toMatchObject({ code: 0 });
    const into = join(copies, 'data');
    cpSync(join(dataDir, 'store'), join(into, 'store.draft', 'store'), { recursive: true });
    const started = await startAndEnd({ DATA_DIR: into });
    expect(started).toMatchObject({
      code: 69,
      stderr: expect.stringMatching(/^hitherto: a restore into \S+ is not finished[^\n]*\n$/),
    });
    expect(existsSync(join(into, 'store'))).toBe(false);
    expect(await hitherto({ DATA_DIR: into }, 'restore', join(copies, 'a'), '--quiet')).toMatchObject({ code: 0, err: '' });
    expect(await inFolder(into, digestOf)).toEqual(digest);
  });
});

describe('a deletion that is killed', () => {
  it('is finished by the same command: nothing of the site is left, and everything of the others', async () => {
    const args = ['delete', 'site', 'zqgone', '--yes', '--quiet'];
    const changed = (dataDir: string) => {
      const before = statSync(join(dataDir, 'store/data.mdb')).mtimeMs;
      return () => statSync(join(dataDir, 'store/data.mdb')).mtimeMs !== before;
    };
    const measured = copyOfOriginal();
    const ms = await span({ DATA_DIR: measured }, args, changed(measured));
    let kills = 0;
    for (const afterMs of moments(ms, () => kills > 0)) {
      const dataDir = copyOfOriginal();
      const env = { DATA_DIR: dataDir };
      const hasBegun = changed(dataDir);
      // Kill it several times, each time a bit later.
      for (const part of [0.3, 0.7, 1])
        if (await killed(env, args, part === 0.3 ? hasBegun : () => true, afterMs * part)) kills++;
      expect(await hitherto(env, ...args)).toMatchObject({ code: 0, err: '' });
      expect(await inFolder(dataDir, digestOf)).toEqual({ garden: digest.garden });
      expect((await hitherto(env, 'archive', 'verify')).out).toMatch(/archives\/2019: [\d,]+ documents, intact/);
      expect((await hitherto(env, 'verify', '--store')).code).toBe(0);
      expect(readdirSync(join(dataDir, 'archives'))).toEqual(['2019']);
      const isTombstone = (place: string) => /"site":"zqgone","deleted":\{"kind":"site"\}|used.{1,2}zqgone/s.test(place);
      // the audit log says that it was deleted, and by whom
      const isEntry = (place: string) => /site\.deleted","site":"zqgone"|of.site\/zqgone/s.test(place);
      expect(placesOf(dataDir, 'zqgone').filter((place) => !isTombstone(place) && !isEntry(place))).toEqual([]);
    }
    expect(kills).toBeGreaterThan(0);
  });
});

describeWith('MONGODB_URI', 'REDIS_URL')('with MongoDB', () => {
  const database = (): Environment => {
    const uri = mongodbUri() as string;
    cleanUp.push(async () => {
      const { db, close } = await openMongodb(uri);
      await dropDatabase(db);
      await close();
    });
    return { MONGODB_URI: uri, REDIS_URL: redisUrl() as string };
  };
  const inDatabase = async <Result>(env: Environment, act: (tool: ToolParts) => Promise<Result>): Promise<Result> => {
    const tool = await composeTool({ dataDir: '', mongodbUri: env.MONGODB_URI, redisUrl: env.REDIS_URL });
    return act(tool).finally(() => tool.close());
  };

  it('a killed backup or restore can be run again, and nothing uses half a restore', async () => {
    const [source, copies] = [copyOfOriginal(), newFolder()];
    const embedded = join(copies, 'embedded');
    expect(await hitherto({ DATA_DIR: source }, 'backup', embedded, '--quiet')).toMatchObject({ code: 0 });
    const env = database();
    const restoring = ['restore', embedded, '--force', '--quiet'];
    const uri = env.MONGODB_URI as string;
    const { db, close } = await openMongodb(uri);
    cleanUp.push(close);
    const hasBegun = async () => (await db.listCollections({ name: 'restores' }).toArray()).length > 0;
    const ms = await span(env, restoring, hasBegun);
    let kills = 0;
    for (const afterMs of moments(ms, () => kills > 0)) {
      if (!(await killed(env, restoring, hasBegun, afterMs))) continue;
      kills++;
      if (!(await hasBegun())) continue;
      const listed = await hitherto(env, 'site', 'list');
      // The server may finish a request after the command was killed.
      if (listed.code === 0) expect(await inDatabase(env, digestOf)).toEqual(digest);
      else {
        expect(listed).toMatchObject({ code: 1, err: expect.stringMatching(/a restore into .* is not finished.*--force/) });
        const backedUp = await hitherto(env, 'backup', join(copies, `half-${kills}`), '--quiet');
        expect(backedUp).toMatchObject({ code: 1, err: expect.stringMatching(/is not finished/) });
      }
    }
    expect(kills).toBeGreaterThan(0);
    expect(await hitherto(env, ...restoring)).toMatchObject({ code: 0, err: '' });
    expect(await inDatabase(env, digestOf)).toEqual(digest);

    const folder = join(copies, 'dump');
    const backingUp = ['backup', folder, '--quiet'];
    const hasFiles = () => existsSync(folder) && readdirSync(folder).length > 2;
    expect(await killed(env, backingUp, hasFiles, 50)).toBe(true);
    expect(await hitherto(database(), 'restore', folder, '--quiet')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is not a finished/),
    });
    expect(await hitherto(env, ...backingUp)).toMatchObject({ code: 0, err: '' });
    const into = database();
    expect(await hitherto(into, 'restore', folder, '--quiet')).toMatchObject({ code: 0, err: '' });
    expect(await inDatabase(into, digestOf)).toEqual(digest);
  });
});
