// Backups of one kind of store, restored into the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../../../test/fixtures/servers.js';
import { composeBackups, composeTool } from '../../process/compose.js';
import { openMongodb } from '../../store/mongodb/connection.js';
import { AT_EASE, backUp, contentOf, fillParts, type Opened, type Parts } from './contract.js';
import { Stopped } from './port.js';

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

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) if (tries === 10) throw new Error('it is never so');
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
  it('of an embedded store fills MongoDB, which goes on from the segments that it holds', async () => {
    const [from, to, copy] = [await embedded(), await distributed(), newFolder()];
    await within(from, fillParts);
    const manifest = await backUp(from.backups, copy);
    expect(await to.backups.load(copy, manifest, AT_EASE)).toEqual([]);
    expect(await within(to, contentOf)).toEqual(await within(from, contentOf));
    const { db, close } = await openMongodb(to.uri);
    cleanUp.push(close);
    expect(await db.collection('traffic.2026').findOne({ _id: 'garden:2026-11-20' as never })).toMatchObject({
      k: { n01: 3, rev: 1 },
    });
    expect(await db.collection('setaside').countDocuments()).toBe(1);
  });

  it('of MongoDB fills an embedded store, when it was made while nothing was counted', async () => {
    const [from, to, copy] = [await distributed(), await embedded(), newFolder()];
    await within(from, fillParts);
    const manifest = await backUp(from.backups, copy);
    await to.backups.refuseUnfit(copy, manifest, AT_EASE);
    expect(await to.backups.load(copy, manifest, AT_EASE)).toEqual([]);
    expect(await within(to, contentOf)).toEqual(await within(from, contentOf));
  });

  it('of MongoDB is refused by an embedded store when it was made while hits were counted', async () => {
    const [from, to, copy] = [await distributed(), await embedded(), newFolder()];
    await within(from, fillParts);
    const { db, close } = await openMongodb(from.uri);
    cleanUp.push(close);
    await db.collection('traffic.2026').updateOne({ _id: 'garden:2026-11-20' as never }, { $set: { 'k.n01': 4 } });
    const manifest = await backUp(from.backups, copy);
    await expect(to.backups.refuseUnfit(copy, manifest, AT_EASE)).rejects.toThrow(
      /made while hits were being counted.*stop all webs/,
    );
    expect(await to.backups.holds()).toBeUndefined();
  });

  it('says what the other kind of store has no place for', async () => {
    const [from, to, copy] = [await distributed(), await embedded(), newFolder()];
    await within(from, fillParts);
    const { db, close } = await openMongodb(from.uri);
    cleanUp.push(close);
    await db.collection<{ _id: string }>('novelties').insertMany([{ _id: 'a' }, { _id: 'b' }]);
    const manifest = await backUp(from.backups, copy);
    expect(manifest.counts.novelties).toBe(2);
    expect(await to.backups.load(copy, manifest, AT_EASE)).toEqual([
      expect.stringMatching(/^2 entries of "novelties" could not/),
    ]);
  });

  it('is made once more when documents were removed meanwhile', async () => {
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

  it('that was restored only in part keeps everybody out until it is restored again', async () => {
    const [from, to, copy] = [await distributed(), await distributed(), newFolder()];
    await within(from, fillParts);
    const manifest = await backUp(from.backups, copy);
    let asked = 0;
    await expect(to.backups.load(copy, manifest, { ...AT_EASE, isStopped: () => ++asked > 3 })).rejects.toThrow(Stopped);
    await expect(to.parts()).rejects.toThrow(/a restore into .* is not finished.*--force/);
    await expect(to.backups.copy(newFolder(), AT_EASE)).rejects.toThrow(/is not finished/);
    expect(await to.backups.holds()).toBeTruthy();
    await to.backups.clear();
    await to.backups.load(copy, manifest, AT_EASE);
    expect(await within(to, contentOf)).toEqual(await within(from, contentOf));
  });

  it('is not restored over a running web', async () => {
    const store = await distributed();
    const parts = await store.parts();
    await parts.documents.claim('n01', 'boot', undefined);
    let beat: Promise<unknown> | undefined;
    const timer = setInterval(() => {
      beat = parts.documents.beat('n01', 'boot', 1);
    }, 300);
    expect(await store.backups.inUse()).toMatch(/n01/);
    clearInterval(timer);
    await beat;
    await parts.close();
  });

  it('is not restored over a command that is at work, nor over another restore', async () => {
    const store = await distributed();
    const parts = await store.parts();
    await until(async () => (await store.backups.inUse()) !== undefined);
    expect(await store.backups.inUse()).toMatch(/^a command \(process \d+ on .+\)$/);
    await parts.close();
    expect(await store.backups.inUse()).toBeUndefined();
    const another = await composeBackups({ dataDir: '', mongodbUri: store.uri, redisUrl: redisUrl() as string });
    expect(await store.backups.inUse()).toMatch(/^a backup or a restore/);
    await another.close();
  });

  it('that is going to be restored keeps commands from starting, unless one runs already', async () => {
    const store = await distributed();
    const parts = await store.parts();
    await until(async () => (await store.backups.inUse()) !== undefined);
    expect(await store.backups.reserve()).toMatch(/^a command/);
    await parts.close();
    await within(store, fillParts);
    const copy = newFolder();
    const manifest = await backUp(store.backups, copy);
    expect(await store.backups.reserve()).toBeUndefined();
    await expect(store.parts()).rejects.toThrow(/a restore into the database .* is not finished/);
    await store.backups.clear();
    await expect(store.parts()).rejects.toThrow(/is not finished/);
    await store.backups.load(copy, manifest, AT_EASE);
    await within(store, contentOf);
  });
});

it('a backup is not restored over an embedded store that a command uses, and is once the command has ended, however it did', async () => {
  const store = await embedded();
  const { dataDir } = store;
  await within(store, fillParts);
  expect(await store.backups.inUse()).toBeUndefined();
  const script = `
    import { open } from 'lmdb';
    open({ path: process.argv[1], maxDbs: 32, encoding: 'binary' }).openDB({ name: 'accounts', encoding: 'json' }).get(['version']);
    console.log('open');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(dataDir, 'store')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  for (const ask of [store.backups.inUse, store.backups.reserve]) expect(await ask()).toBe(`the process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await store.backups.inUse()).toBeUndefined();
});
