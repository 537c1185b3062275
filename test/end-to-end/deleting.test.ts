// What is deleted is really removed: every byte on disk, in MongoDB and in Redis is searched, under load and after
// kills.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { localNotifiers } from '../../src/sharing/local/notifier.js';
import { openRedis } from '../../src/sharing/redis/connection.js';
import { exampleSite } from '../../src/store/contracts/accounts.js';
import { openMongodbAccounts } from '../../src/store/mongodb/accounts.js';
import { databaseName, openMongodb } from '../../src/store/mongodb/connection.js';
import { utcDay } from '../../src/time/dates.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { until } from '../fixtures/until.js';
import { type Environment, FLOOD, PERSON, prepare, type Running, start, temporaryFolder } from './running.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/src/cli.js');

const SITE = 'zqgone';
const OTHER = 'garden';
const PAGE = '/zqpage';
/** What remains of a deleted site: that its id was used, its tombstone, and who created and deleted it in the audit log. */
const TOMBSTONE = /"site":"zqgone","deleted":\{"kind":"site"\}/;

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line tool while the service runs; kills it after `killMs`. */
async function hitherto(env: Environment, args: readonly string[], killMs?: number): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const timer = killMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, out, err };
}

const view = (url: string, site: string, path: string) =>
  fetch(
    `${url}/a.gif?s=${site}&u=${encodeURIComponent(`https://${site}.example${path}`)}&r=${encodeURIComponent(`https://${site}-from.example/`)}`,
    {
      headers: { 'User-Agent': PERSON },
    },
  );

/** Sends views of both sites until it is stopped; returns how many of the other site were answered. */
function load(urls: readonly string[]): { end(): Promise<number> } {
  let isEnded = false;
  let sent = 0;
  const running = urls.map(async (url) => {
    for (let i = 0; !isEnded; i++) {
      await view(url, SITE, `${PAGE}/${i % 50}`);
      await view(url, OTHER, `/${i % 50}`);
      sent++;
      await delay(2);
    }
  });
  return {
    async end() {
      isEnded = true;
      await Promise.all(running);
      return sent;
    },
  };
}

const views = async (url: string, token: string, site: string, collection = 'traffic'): Promise<number> => {
  const today = utcDay(Date.now());
  const answer = await fetch(`${url}/api/v1/sites/${site}/${collection}?from=${today}&to=${today}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const { total } = (await answer.json()) as { total: { views: number } };
  return total.views;
};

/** Empty if a running service has removed the file meanwhile. */
function contentsOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** Where a text is in the files of a folder: this many letters around each place. */
function foundIn(folder: string, text: string): string[] {
  const found: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const path = join(name.parentPath, name.name);
    const bytes = contentsOf(path);
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      found.push(`${path}: ${bytes.subarray(Math.max(0, at - 40), at + 60).toString('latin1')}`);
    }
  }
  return found;
}

/** lmdb keeps the id among those that were used: `used`, a separator, the id. */
const isLeftByDesign = (place: string) =>
  TOMBSTONE.test(place) || /used.{1,2}zqgone|(?:[a-z]\.[a-z-]+"|\]),"site":"zqgone"|of.site\/zqgone/s.test(place);

const log = (lines: number): string =>
  Array.from(
    { length: lines },
    (_, i) =>
      `192.0.2.${i % 200} - - [17/May/2015:10:${String(i % 60).padStart(2, '0')}:03 +0000] "GET ${PAGE}/log-${i % 40} HTTP/1.1" 200 10 "-" "${PERSON}"\n`,
  ).join('');

/** Days before today, in UTC. */
const dayBefore = (days: number) => utcDay(Date.now() - days * 86_400_000);

/** A log of some days, with this many lines each. */
function logOf(days: readonly string[], lines: number): string {
  const at = (day: string) => {
    const [year, month, date] = day.split('-') as [string, string, string];
    const name = new Date(`${day}T00:00:00Z`).toLocaleString('en', { month: 'short', timeZone: 'UTC' });
    return `${date}/${name}/${year}:10:${month}:03 +0000`;
  };
  return days
    .flatMap((day) =>
      Array.from(
        { length: lines },
        (_, i) => `192.0.2.${i % 200} - - [${at(day)}] "GET /of-${day}/${i % 40} HTTP/1.1" 200 10 "-" "${PERSON}"\n`,
      ),
    )
    .join('');
}

/** Deletes yesterday from a site that is being counted into; the day before and today remain. */
async function expectPeriodDeleted(env: Environment, folder: string, urls: readonly string[], token: string): Promise<void> {
  const [before, yesterday] = [dayBefore(2), dayBefore(1)];
  const path = join(folder, 'days.log');
  writeFileSync(path, logOf([before, yesterday], 2000));
  expect((await hitherto(env, ['import', path, '--site', OTHER])).code).toBe(0);
  rmSync(path);
  const loading = load(urls);
  await delay(1000);
  const period = ['delete', 'period', OTHER, '--from', yesterday, '--to', yesterday];
  expect((await hitherto(env, [...period, '--dry-run'])).out).toMatch(/views +2,000\n/);
  expect(await hitherto(env, [...period, '--yes', '--quiet'])).toMatchObject({ code: 0, err: '' });
  const sent = await loading.end();
  for (const url of urls) {
    await until(async () => (await views(url, token, OTHER)) === sent);
  }
  const [url] = urls as [string];
  const range = async (collection: string, from: string, to: string): Promise<number> => {
    const answer = await fetch(`${url}/api/v1/sites/${OTHER}/${collection}?from=${from}&to=${to}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return ((await answer.json()) as { total: { views: number } }).total.views;
  };
  // The months are read as one document each.
  const months = [before, dayBefore(0)].map((day) => day.slice(0, 7));
  const end = utcDay(Date.UTC(Number(months[1]?.slice(0, 4)), Number(months[1]?.slice(5)), 0));
  for (const collection of ['traffic', 'content']) {
    expect(await range(collection, yesterday, yesterday)).toBe(0);
    expect(await range(collection, before, before)).toBe(2000);
    expect(await range(collection, dayBefore(0), dayBefore(0))).toBe(sent);
    expect(await range(collection, `${months[0]}-01`, end)).toBe(2000 + sent);
  }
}

describe('deleting on one machine', () => {
  it('removes a day from a month that is being counted into', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const token = await prepare(folder.path, [{ id: SITE }, { id: OTHER }]);
    const service = await start(folder.path, FLOOD);
    cleanUp.push(() => service.kill9());
    await expectPeriodDeleted({ DATA_DIR: folder.path }, folder.path, [service.url, service.url], token);
    expect(foundIn(folder.path, `/of-${dayBefore(1)}`)).toEqual([]);
    expect(foundIn(folder.path, `/of-${dayBefore(2)}`).length).toBeGreaterThan(0);
    await service.stop();
  });

  it('leaves nothing of a site except its tombstone, under load, and removes nothing of another site', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const env = { DATA_DIR: folder.path };
    const token = await prepare(folder.path, [{ id: SITE }, { id: OTHER }]);
    const service = await start(folder.path, FLOOD);
    cleanUp.push(() => service.kill9());
    const logs = temporaryFolder();
    cleanUp.push(logs.remove);
    const path = join(logs.path, 'zq.log');
    writeFileSync(path, log(5000));
    expect((await hitherto(env, ['import', path, '--site', SITE])).code).toBe(0);
    expect((await hitherto(env, ['token', 'add', '--site', SITE])).code).toBe(0);
    const loading = load([service.url, service.url]);
    await delay(1500);
    expect(foundIn(folder.path, PAGE).length).toBeGreaterThan(0);

    const preview = await hitherto(env, ['delete', 'site', SITE, '--dry-run']);
    expect(preview).toMatchObject({ code: 0, err: '' });
    expect(preview.out).toMatch(/documents +\d+ removed/);
    expect(await views(service.url, token, SITE)).toBeGreaterThan(100);

    const deleted = await hitherto(env, ['delete', 'site', SITE, '--yes', '--quiet']);
    expect(deleted).toMatchObject({ code: 0, err: '' });
    const sent = await loading.end();
    await service.counted();
    expect(await views(service.url, token, OTHER)).toBe(sent);
    expect(await views(service.url, token, OTHER, 'content')).toBe(sent);
    expect((await service.health()).beacon.refused['unknown-site']).toBeGreaterThan(0);
    expect(foundIn(folder.path, PAGE)).toEqual([]);
    expect(foundIn(folder.path, SITE).filter((place) => !isLeftByDesign(place))).toEqual([]);
    const again = await hitherto(env, ['site', 'add', SITE, '--title', 'Again', '--timezone', 'UTC']);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('never used again') });
    expect((await hitherto(env, ['import', path, '--site', SITE])).code).toBe(1);
    await service.stop();
    expect(foundIn(folder.path, PAGE)).toEqual([]);
  });

  it('ends a running import and leaves nothing of it', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const env = { DATA_DIR: join(folder.path, 'data') };
    await prepare(env.DATA_DIR, [{ id: SITE }]);
    const path = join(folder.path, 'zq.log');
    writeFileSync(path, log(10_000).repeat(40));
    const importing = hitherto(env, ['import', path, '--site', SITE]);
    await delay(1500);
    expect(await hitherto(env, ['delete', 'site', SITE, '--yes', '--quiet'])).toMatchObject({ code: 0, err: '' });
    const { code, err } = await importing;
    expect(code).toBe(1);
    expect(err).toContain('the site "zqgone" was deleted');
    expect(foundIn(env.DATA_DIR, PAGE)).toEqual([]);
    expect(foundIn(env.DATA_DIR, SITE).filter((place) => !isLeftByDesign(place))).toEqual([]);
  });

  it('continues after a kill at any time, and reaches hits that no process has counted yet', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const env = { DATA_DIR: folder.path };
    const token = await prepare(folder.path, [{ id: SITE }, { id: OTHER }]);
    let service = await start(folder.path, FLOOD);
    cleanUp.push(() => service.kill9());
    const loading = load([service.url]);
    await delay(1000);
    await loading.end();
    for (let i = 0; i < 100; i++) await view(service.url, i % 2 ? SITE : OTHER, `${i % 2 ? PAGE : '/x'}/${i}`);
    await service.kill9();
    const open = readdirSync(join(folder.path, 'journal')).filter((name) => name.endsWith('.open'));
    expect(open.length).toBeGreaterThan(0);
    // the journal of a node whose disk returns later
    const away = temporaryFolder();
    cleanUp.push(away.remove);
    cpSync(join(folder.path, 'journal'), away.path, { recursive: true });
    for (const killMs of [250, 350, 450, 600, 800]) await hitherto(env, ['delete', 'site', SITE, '--yes'], killMs);
    expect(await hitherto(env, ['delete', 'site', SITE, '--yes', '--quiet'])).toMatchObject({ code: 0, err: '' });
    expect(foundIn(folder.path, PAGE)).toEqual([]);
    expect(foundIn(folder.path, SITE).filter((place) => !isLeftByDesign(place))).toEqual([]);

    // It counts what is left, under the tombstone, and cleans its own journal.
    rmSync(join(folder.path, 'journal'), { recursive: true });
    mkdirSync(join(folder.path, 'journal'));
    cpSync(away.path, join(folder.path, 'journal'), { recursive: true });
    for (const name of readdirSync(join(folder.path, 'journal'))) {
      if (name.startsWith('lock')) rmSync(join(folder.path, 'journal', name));
    }
    expect(foundIn(folder.path, PAGE).length).toBeGreaterThan(0);
    service = await start(folder.path, FLOOD);
    await service.counted();
    await until(() => foundIn(folder.path, PAGE).length === 0);
    expect(await views(service.url, token, OTHER)).toBeGreaterThan(0);
    await service.stop();
    expect(foundIn(folder.path, PAGE)).toEqual([]);
    expect((await hitherto(env, ['delete', 'list'])).out).toContain(SITE);
  });

  it('removes pages from documents and journal, and counts those that arrive later', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const env = { DATA_DIR: folder.path };
    const token = await prepare(folder.path, [{ id: OTHER }]);
    const service = await start(folder.path);
    cleanUp.push(() => service.kill9());
    for (let i = 0; i < 50; i++) await view(service.url, OTHER, i % 5 ? `/public/${i % 3}` : `${PAGE}/${i}`);
    await service.counted();
    expect((await hitherto(env, ['delete', 'page', OTHER, `${PAGE}*`])).err).toContain('--yes');
    expect(await hitherto(env, ['delete', 'page', OTHER, `${PAGE}/*`, '--yes', '--quiet'])).toMatchObject({ code: 0, err: '' });
    // only in the pattern of the tombstone
    expect(foundIn(folder.path, PAGE).filter((place) => !place.includes('"pattern":"/zqpage/*"'))).toEqual([]);
    expect(await views(service.url, token, OTHER)).toBe(50);
    expect(await views(service.url, token, OTHER, 'content')).toBe(50);
    // What arrives in the same five minutes is deleted too: it becomes a view of no page.
    await view(service.url, OTHER, `${PAGE}/again`);
    await service.counted();
    expect(await views(service.url, token, OTHER)).toBe(51);
    expect(foundIn(folder.path, `${PAGE}/again`)).toEqual([]);
    await service.stop();
  });
});

async function installation() {
  const folder = temporaryFolder();
  const uri = mongodbUri() as string;
  const env = { MONGODB_URI: uri, REDIS_URL: redisUrl() as string };
  const mongodb = await openMongodb(uri);
  cleanUp.push(folder.remove, async () => {
    await dropDatabase(mongodb.db);
    await mongodb.close();
  });
  const bells = localNotifiers();
  const accounts = await openMongodbAccounts(mongodb, bells());
  for (const id of [SITE, OTHER]) await accounts.addSite({ ...exampleSite, id, hosts: [], timezone: 'UTC' });
  const { secret: token } = await accounts.addToken({ title: '', sites: 'all', nowMs: 1 });
  await accounts.close();
  const web = async (name: string): Promise<Running> => {
    const started = await start(join(folder.path, name), { ...env, ...FLOOD }, ['web']);
    cleanUp.push(() => started.kill9());
    return started;
  };
  return { folder, env, mongodb, uri, token, web };
}

describeWith('MONGODB_URI', 'REDIS_URL')('deleting on several machines', () => {
  it('removes a day from a month into which several nodes count', async () => {
    const { folder, env, token, web } = await installation();
    const [one, two] = [await web('one'), await web('two')];
    await expectPeriodDeleted(env, folder.path, [one.url, two.url], token);
  });

  it('reaches every node, even one that was down, and leaves nothing except the tombstone', async () => {
    const { folder, env, mongodb, uri, token, web } = await installation();
    const [one, two] = [await web('one'), await web('two')];
    const loading = load([one.url, two.url]);
    await delay(1500);
    // This node is killed while it has uncounted hits.
    const three = await web('three');
    let uncounted = 0;
    for (let tries = 0; tries < 20 && uncounted === 0; tries++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => view(three.url, i % 2 ? SITE : OTHER, i % 2 ? PAGE : '/x')));
      ({ uncountedBytes: uncounted } = (await three.health()).journal);
    }
    await three.kill9();
    expect(foundIn(join(folder.path, 'three'), PAGE).length).toBeGreaterThan(0);

    const first = await hitherto(env, ['delete', 'site', SITE, '--yes', '--quiet']);
    const { node } = await three.health().catch(() => ({ node: '' }));
    expect(node).toBe('');
    expect(first.code).toBe(1);
    expect(first.err).toMatch(/but not in the journals of n[0-9a-f]+: /);
    const back = await web('three');
    await back.counted();
    const second = await hitherto(env, ['delete', 'site', SITE, '--yes', '--quiet']);
    expect(second).toMatchObject({ code: 0, err: '' });
    await loading.end();
    for (const running of [one, two, back]) await running.counted();

    expect(foundIn(folder.path, PAGE)).toEqual([]);
    expect(foundIn(folder.path, SITE)).toEqual([]);
    const places: string[] = [];
    for (const { name } of await mongodb.db.listCollections().toArray()) {
      for await (const document of mongodb.db.collection(name).find({}, { promoteBuffers: false })) {
        const text = JSON.stringify(document);
        if (text.includes(SITE) || text.includes(PAGE.slice(1))) places.push(`${name} ${text.slice(0, 80)}`);
      }
    }
    const isEntry = (place: string) => /^audit .*"stream":"site\/zqgone"/.test(place);
    expect(places.filter((place) => !isEntry(place)).sort()).toEqual([
      expect.stringMatching(/^sites .*zqgone/),
      expect.stringMatching(/^tombstones /),
    ]);
    const redis = openRedis(env.REDIS_URL, databaseName(uri));
    const connection = redis.connect({});
    const keys = await connection.keys(`*${databaseName(uri)}*`);
    expect(keys.filter((key) => key.includes(SITE))).toEqual([]);
    connection.disconnect();
    await redis.close();
    const total = await views(one.url, token, OTHER);
    expect(total).toBe(await views(one.url, token, OTHER, 'content'));
    expect(total).toBeGreaterThan(100);
  });
});
