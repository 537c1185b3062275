// hitherto verify and rebuild beside running services, in both modes. A journal is moved back in time, so that its
// day is over.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { Counters } from '../../src/counters/counters.js';
import { mergeInto } from '../../src/counters/merge.js';
import type { Documents } from '../../src/store/documents.js';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { openMongodbDocuments } from '../../src/store/mongodb/documents.js';
import { openMongodbNodes } from '../../src/store/mongodb/nodes.js';
import type { Store } from '../../src/store/store.js';
import { utcDay } from '../../src/time/dates.js';
import { HOUR_MS } from '../../src/time/units.js';
import { startTestNode } from '../fixtures/counting-nodes.js';
import { plainHit } from '../fixtures/hits.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { until } from '../fixtures/until.js';
import { type Environment, PERSON, prepare, type Running, start, temporaryFolder, withDocuments } from './running.js';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function hitherto(env: Environment, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { env: { PATH: process.env.PATH, ...env } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const hit = (web: Running, path: string) =>
  fetch(`${web.url}/a.gif?s=garden&u=${encodeURIComponent(`https://garden.example${path}`)}`, {
    headers: { 'User-Agent': PERSON },
  });

const dayOf = (ms: number) => utcDay(ms);
/** Three days ago, by UTC, is over. */
const PAST_MS = Date.parse(`${dayOf(Date.now() - 72 * HOUR_MS)}T12:00:00Z`);
const PAST = dayOf(PAST_MS);

/** A node that has accepted and counted hits of a past day, and its journal as a folder for a service. */
async function pastJournal(
  { documents, nodes }: Pick<Store, 'documents' | 'nodes'>,
  id: string,
  dataDir: string,
  isEnded: boolean,
): Promise<void> {
  const node = await startTestNode({ documents, nodes }, id);
  for (let n = 0; n < 3; n++) {
    await node.count({
      hits: [plainHit(PAST_MS, { site: 'garden', path: `/${n}`, at: { day: PAST, hour: '12', minute: '00' } })],
    });
  }
  if (isEnded) await nodes.end(id, Date.now());
  mkdirSync(join(dataDir, 'journal'), { recursive: true });
  cpSync(node.folder, join(dataDir, 'journal'), { recursive: true });
  node.remove();
}

async function falsify(documents: Documents): Promise<void> {
  const ids = [`garden:${PAST}`, `garden:${PAST.slice(0, 7)}`];
  await documents.rewrite(`content.${PAST.slice(0, 4)}`, ids, (_id, counters) => {
    const wrong = mergeInto(new Counters(), counters as Counters);
    wrong.sum('v', 1000);
    return wrong;
  });
}

/** Sends hits until it is stopped; returns how many were accepted. */
function visiting(webs: readonly Running[]): () => Promise<number> {
  let [accepted, isOver] = [0, false];
  const visits = (async () => {
    for (let n = 0; !isOver; n++) {
      if ((await hit(webs[n % webs.length] as Running, `/now/${n % 7}`)).ok) accepted++;
      await delay(10);
    }
  })();
  return async () => {
    isOver = true;
    await visits;
    return accepted;
  };
}

describe('beside a running service', () => {
  it('a falsified day is reported and repaired while hits arrive', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    await prepare(folder.path, [{ id: 'garden', createdAtMs: PAST_MS }]);
    await withDocuments(folder.path, async (documents, nodes) => {
      await pastJournal({ documents, nodes }, 'npast', folder.path, false);
      await falsify(documents);
    });
    const env = { DATA_DIR: folder.path, JOURNAL_KEEP: '30' };
    const web = await start(folder.path, env);
    cleanUp.push(() => web.kill9());
    await web.counted();
    const stop = visiting([web]);
    // an id that the folder had before: nothing of it waits, and no process will run as it
    await until(async () => {
      const listed = JSON.parse((await hitherto(env, 'node', 'list', '--json')).out) as Array<{ id: string; endedAtMs?: number }>;
      return JSON.stringify(listed.filter(({ endedAtMs }) => endedAtMs !== undefined).map(({ id }) => id)) === '["npast"]';
    });
    const wrong = await hitherto(env, 'verify', '--site', 'garden', '--day', PAST);
    expect(wrong.err).toBe('hitherto: 1 counter differs, see above\n');
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining(`garden:${PAST} v: is 1003, should be 3`) });
    expect(await hitherto(env, 'rebuild', '--site', 'garden', '--day', PAST)).toMatchObject({ code: 0, err: '' });
    const right = await hitherto(env, 'verify');
    expect(right).toEqual({ code: 0, err: '', out: expect.not.stringContaining('should be') }); // otherwise shows what differs
    expect(right.out).toContain(`garden ${PAST}: ${DOCUMENT_KINDS.length} documents, all correct`);
    expect(right.out).toContain(`garden ${dayOf(Date.now())}: ${DOCUMENT_KINDS.length} documents, all correct`);
    const early = await hitherto(env, 'rebuild', '--site', 'garden', '--day', dayOf(Date.now()));
    expect(early.err).toMatch(/^hitherto: [^\n]* is not finished/);
    const accepted = await stop();
    await web.counted();
    await web.stop();
    await withDocuments(folder.path, async (documents) => {
      const today = dayOf(Date.now());
      const [found] = await documents.read([{ collection: `traffic.${today.slice(0, 4)}`, id: `garden:${today}` }]);
      expect(found?.get('v')).toBe(accepted);
    });
  });
});

describeWith('MONGODB_URI', 'REDIS_URL')('on several nodes', () => {
  it('all nodes are queried for their journals, and a day of a silent node is refused until it runs again', async () => {
    const folder = temporaryFolder();
    const uri = mongodbUri() as string;
    const env = { MONGODB_URI: uri, REDIS_URL: redisUrl() as string, JOURNAL_KEEP: '30' };
    const mongodb = await openMongodb(uri, 20_000);
    cleanUp.push(folder.remove, async () => {
      await dropDatabase(mongodb.db);
      await mongodb.close();
    });
    const [documents, nodes] = [openMongodbDocuments(mongodb), openMongodbNodes(mongodb)];
    const folders = ['one', 'two'].map((name) => join(folder.path, name)) as [string, string];
    await pastJournal({ documents, nodes }, 'npastone', folders[0], true);
    await pastJournal({ documents, nodes }, 'npasttwo', folders[1], true);
    await hitherto(env, 'site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    await falsify(documents);
    const first = await start(folders[0], env, ['web']);
    cleanUp.push(() => first.kill9());
    const missing = await hitherto(env, 'verify', '--site', 'garden', '--day', PAST);
    expect(missing.code).toBe(1);
    expect(missing.out).toMatch(/not compared\n {2}node npasttwo: it ended at .*, and no running process has its journal\n$/);
    expect((await hitherto(env, 'rebuild', '--site', 'garden', '--day', PAST)).err).toContain('node npasttwo');
    const second = await start(folders[1], env, ['web']);
    cleanUp.push(() => second.kill9());
    const stop = visiting([first, second]);
    expect((await hitherto(env, 'verify', '--site', 'garden', '--day', PAST)).out).toContain('v: is 1006, should be 6');
    expect(await hitherto(env, 'rebuild', '--site', 'garden', '--day', PAST)).toMatchObject({ code: 0, err: '' });
    expect(await hitherto(env, 'verify', '--site', 'garden', '--day', PAST)).toMatchObject({ code: 0, err: '' });
    const accepted = await stop();
    await Promise.all([first.counted(), second.counted()]);
    expect(await hitherto(env, 'verify', '--site', 'garden', '--day', dayOf(Date.now()))).toMatchObject({ code: 0, err: '' });
    const today = dayOf(Date.now());
    const [found] = await documents.read([{ collection: `traffic.${today.slice(0, 4)}`, id: `garden:${today}` }]);
    expect(found?.get('v')).toBe(accepted);
  });
});
