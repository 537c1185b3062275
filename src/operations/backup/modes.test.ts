// Backups of one kind of store are restored into the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../../../test/fixtures/servers.js';
import { until } from '../../../test/fixtures/until.js';
import { composeBackups, composeTool } from '../../process/compose.js';
import { openMongodb } from '../../store/mongodb/connection.js';
import { backUp, contentOf, fillParts, type Opened, type Parts, UNWATCHED } from './contract.js';
import { Stopped } from './watch.js';

const folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
const cleanUp: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0)) await undo();
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
const newFolder = () => mkdtempSync(join(folder, `${++made}-`));

async function embedded(): Promise<Opened & { dataDir: string }> {
  const place = { dataDir: newFolder() };
  return { backups: await composeBackups(place), parts: () => composeTool(place), dataDir: place.dataDir };
}

async function distributed(): Promise<Opened & { uri: string }> {
  const uri = mongodbUri() as string;
  const place = { dataDir: '', mongodbUri: uri, redisUrl: redisUrl() as string };
  const backups = await composeBackups(place);
  cleanUp.push(async () => {
    await backups.close();
    const { db, close } = await openMongodb(uri);
    await dropDatabase(db);
    await close();
  });
  return { backups, parts: () => composeTool(place), uri };
}

async function within<Result>(store: Opened, use: (parts: Parts) => Promise<Result>): Promise<Result> {
  const parts = await store.parts();
  try {
    return await use(parts);
  } finally {
    await parts.close();
  }
}

describeWith('MONGODB_URI', 'REDIS_URL')('a backup', () => {
  it('of an embedded store is restored into MongoDB, with guards for the segments that it contains', async () => {
    const [from, to, copy] = [await embedded(), await distributed(), newFolder()];
    await within(from, fillParts);
    const manifest = await backUp(from.backups, copy);
    expect(await to.backups.load(copy, manifest, UNWATCHED)).toEqual([]);
    expect(await within(to, contentOf)).toEqual(await within(from, contentOf));
    const { db, close } = await openMongodb(to.uri);
    cleanUp.push(close);
    expect(await db.collection('traffic.2026').findOne({ _id: 'garden:2026-11-20' as never })).toMatchObject({
      k: { n01: 3, rev: 1 },
    });
    expect(await db.collection('setaside').countDocuments()).toBe(1);
  });

  it('of MongoDB is restored into an embedded store if nothing was counted while it was made', async () => {
    const [from, to, copy] = [await distributed(), await embedded(), newFolder()];
    await within(from, fillParts);
    const manifest = await backUp(from.backups, copy);
    await to.backups.checkFits(copy, manifest, UNWATCHED);
    expect(await to.backups.load(copy, manifest, UNWATCHED)).toEqual([]);
    expect(await within(to, contentOf)).toEqual(await within(from, contentOf));
  });

  it('of MongoDB is refused by an embedded store if hits were counted while it was made', async () => {
    const [from, to, copy] = [await distributed(), await embedded(), newFolder()];
    await within(from, fillParts);
    const { db, close } = await openMongodb(from.uri);
    cleanUp.push(close);
    await db.collection('traffic.2026').updateOne({ _id: 'garden:2026-11-20' as never }, { $set: { 'k.n01': 4 } });
    const manifest = await backUp(from.backups, copy);
    await expect(to.backups.checkFits(copy, manifest, UNWATCHED)).rejects.toThrow(
      /made while hits were being counted.*stop all webs/,
    );
    expect(await to.backups.contents()).toBeUndefined();
  });

  it('names the entries that the other kind of store cannot contain', async () => {
    const [from, to, copy] = [await distributed(), await embedded(), newFolder()];
    await within(from, fillParts);
    const { db, close } = await openMongodb(from.uri);
    cleanUp.push(close);
    await db.collection<{ _id: string }>('novelties').insertMany([{ _id: 'a' }, { _id: 'b' }]);
    const manifest = await backUp(from.backups, copy);
    expect(manifest.counts.novelties).toBe(2);
    expect(await to.backups.load(copy, manifest, UNWATCHED)).toEqual([
      expect.stringMatching(/^2 entries of "novelties" could not/),
    ]);
  });

  it('is made again if documents were removed during the copy', async () => {
    const [from, copy] = [await distributed(), newFolder()];
    await within(from, fillParts);
    const parts = await from.parts();
    let times = 0;
    const copied = await from.backups.copy(copy, {
      onShare: () => {
        if (times++ === 0) void parts.ledger.add('expired', 'garden', { from: '2026-05-01', to: '2026-05-02' });
      },
      isStopped: () => false,
    });
    expect(times).toBeGreaterThan(Object.values(copied.counts).reduce((sum, entries) => sum + entries, 0));
    await parts.close();
  });

  it('that was only partly restored prevents all use of the store until it is restored again', async () => {
    const [from, to, copy] = [await distributed(), await distributed(), newFolder()];
    await within(from, fillParts);
    const manifest = await backUp(from.backups, copy);
    let asked = 0;
    await expect(to.backups.load(copy, manifest, { ...UNWATCHED, isStopped: () => ++asked > 3 })).rejects.toThrow(Stopped);
    await expect(to.parts()).rejects.toThrow(/a restore into .* is not finished.*--force/);
    await expect(to.backups.copy(newFolder(), UNWATCHED)).rejects.toThrow(/is not finished/);
    expect(await to.backups.contents()).toBeTruthy();
    await to.backups.clear();
    await to.backups.load(copy, manifest, UNWATCHED);
    expect(await within(to, contentOf)).toEqual(await within(from, contentOf));
  });

  it('is not restored while a web uses the store', async () => {
    const store = await distributed();
    const parts = await store.parts();
    await parts.nodes.claim('n01', 'boot', undefined);
    let beat: Promise<unknown> | undefined;
    const timer = setInterval(() => {
      beat = parts.nodes.heartbeat('n01', 'boot', 1);
    }, 300);
    expect(await store.backups.users()).toMatch(/n01/);
    clearInterval(timer);
    await beat;
    await parts.close();
  });

  it('is not restored while a command or another restore uses the store', async () => {
    const store = await distributed();
    const parts = await store.parts();
    await until(async () => (await store.backups.users()) !== undefined);
    expect(await store.backups.users()).toMatch(/^a command \(process \d+ on .+\)$/);
    await parts.close();
    expect(await store.backups.users()).toBeUndefined();
    const another = await composeBackups({ dataDir: '', mongodbUri: store.uri, redisUrl: redisUrl() as string });
    expect(await store.backups.users()).toMatch(/^a backup or a restore/);
    await another.close();
  });

  it('reserves the store, so that no command can start, unless one is running already', async () => {
    const store = await distributed();
    const parts = await store.parts();
    await until(async () => (await store.backups.users()) !== undefined);
    expect(await store.backups.reserve()).toMatch(/^a command/);
    await parts.close();
    await within(store, fillParts);
    const copy = newFolder();
    const manifest = await backUp(store.backups, copy);
    expect(await store.backups.reserve()).toBeUndefined();
    await expect(store.parts()).rejects.toThrow(/a restore into the database .* is not finished/);
    await store.backups.clear();
    await expect(store.parts()).rejects.toThrow(/is not finished/);
    await store.backups.load(copy, manifest, UNWATCHED);
    await within(store, contentOf);
  });
});

it('a backup is not restored while a command uses the embedded store, but it is after the command was killed', async () => {
  const store = await embedded();
  const { dataDir } = store;
  await within(store, fillParts);
  expect(await store.backups.users()).toBeUndefined();
  const script = `
    import { open } from 'lmdb';
    const root = open({ path: process.argv[1], maxDbs: 32, encoding: 'binary' });
    root.openDB({ name: 'accounts', encoding: 'json' }).get(['version']);
    console.log('open');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(dataDir, 'store')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  for (const ask of [store.backups.users, store.backups.reserve]) expect(await ask()).toBe(`the process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await store.backups.users()).toBeUndefined();
});
