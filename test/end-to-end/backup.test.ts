// Backups that are made and restored while hits arrive: every acknowledged hit is counted exactly once.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { packsIn, removePack } from '../../src/journal/packs.js';
import type { Documents } from '../../src/store/documents.js';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { openMongodbDocuments } from '../../src/store/mongodb/documents.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { until } from '../fixtures/until.js';
import { type Environment, hitherto, PERSON, prepare, startAndEnd, startWorker, testbed, withDocuments } from './running.js';

const { cleanUp, newFolder, running } = testbed();

const DONE = { code: 0, err: '' };

interface ListedNode {
  readonly id: string;
  /** Of its next segment: the store contains those before it. */
  readonly number: number;
}

async function nodesIn(env: Environment): Promise<ListedNode[]> {
  return JSON.parse((await hitherto(env, 'node', 'list', '--json')).out) as ListedNode[];
}

/** As if the backup were days old: the journal no longer has what it certainly contains. */
async function forgetCounted(env: Environment, ...dataDirs: string[]): Promise<void> {
  const counted = new Map((await nodesIn(env)).map(({ id, number }) => [id, number]));
  for (const folder of dataDirs.map((dataDir) => join(dataDir, 'journal'))) {
    const old = readdirSync(folder).filter((name) => {
      const [node = '', number = ''] = name.split('.');
      return Number(number) < (counted.get(node) ?? 0);
    });
    const oldPacks = packsIn(folder).filter(({ node, last }) => last <= (counted.get(node) ?? 0));
    expect(old.length + oldPacks.length).toBeGreaterThan(0);
    for (const name of old) rmSync(join(folder, name));
    for (const pack of oldPacks) removePack(folder, pack);
  }
}

/** Hits of different pages, and the outcome of each. There are fewer pages than a day can have rows. */
function createLoad() {
  const outcomes: Array<'unanswered' | 'acknowledged' | 'refused'> = [];
  return {
    outcomes,
    /** Sends at most `hits` hits, a few at a time, until it is stopped. */
    begin(url: string, hits: number, pauseMs = 1) {
      let left = hits;
      const send = async (): Promise<void> => {
        while (left-- > 0) {
          const n = outcomes.push('unanswered') - 1;
          const page = encodeURIComponent(`https://garden.example/${n}`);
          await fetch(`${url}/a.gif?s=garden&u=${page}&f=0&n=1&g=1`, { headers: { 'User-Agent': PERSON } })
            .then(({ status, headers }) => {
              outcomes[n] = status === 200 && headers.get('x-hitherto') === null ? 'acknowledged' : 'refused';
            })
            .catch(() => {});
          await delay(pauseMs);
        }
      };
      const ended = Promise.all([send(), send(), send()]);
      return {
        ended,
        sent: async (count: number) => {
          while (outcomes.length < count && left > 0) await delay(5);
          if (outcomes.length < count) throw new Error(`all ${hits} hits were sent before there were ${count}`);
        },
        async stop() {
          left = 0;
          await ended;
        },
      };
    },
    async compare(documents: Documents): Promise<void> {
      const views = new Map<string, number>();
      let total = 0;
      for (const day of [new Date(Date.now() - 86_400_000), new Date()].map((date) => date.toISOString().slice(0, 10))) {
        const [content] = await documents.read([{ collection: `content.${day.slice(0, 4)}`, id: `garden:${day}` }]);
        for (const [path, row] of content?.below('p').below('r').fields ?? []) {
          views.set(path, (views.get(path) ?? 0) + (row as NonNullable<typeof content>).get('v'));
        }
        total += content?.get('v') ?? 0;
      }
      const wrong = outcomes.flatMap((outcome, n) => {
        const counted = views.get(`/${n}`) ?? 0;
        const isRight = outcome === 'acknowledged' ? counted === 1 : outcome === 'unanswered' ? counted <= 1 : counted === 0;
        return isRight ? [] : [`/${n} was ${outcome} and counted ${counted} times`];
      });
      expect(wrong).toEqual([]);
      expect(total).toBe([...views.values()].reduce((sum, n) => sum + n, 0));
      expect(outcomes.filter((outcome) => outcome === 'acknowledged').length).toBeGreaterThan(outcomes.length - 10);
    },
  };
}

function database() {
  const uri = mongodbUri() as string;
  const env = { MONGODB_URI: uri, REDIS_URL: redisUrl() as string };
  const drop = async () => {
    const { db, close } = await openMongodb(uri);
    await dropDatabase(db);
    await close();
  };
  cleanUp.push(drop);
  return {
    env,
    drop,
    async withDocuments(use: (documents: Documents) => Promise<void>) {
      const mongodb = await openMongodb(uri);
      await use(openMongodbDocuments(mongodb)).finally(() => mongodb.close());
    },
  };
}

describe('a backup of an embedded service', () => {
  it('made under load and restored beside the newer journal misses no hit and doubles none', async () => {
    const [dataDir, copies, load] = [newFolder(), newFolder(), createLoad()];
    await prepare(dataDir, [{ id: 'garden' }]);
    const service = await running(dataDir);
    const sending = load.begin(service.url, 900, 20);
    await sending.sent(200);
    const folder = join(copies, 'monday');
    expect(await hitherto({ DATA_DIR: dataDir }, 'backup', folder, '--quiet')).toMatchObject(DONE);
    await sending.sent(load.outcomes.length + 100);
    expect((await hitherto({ DATA_DIR: dataDir }, 'restore', folder, '--force')).err).toMatch(/the folder is in use by process/);
    await service.kill9();
    await sending.stop();

    const notEmpty = await hitherto({ DATA_DIR: dataDir }, 'restore', folder, '--quiet');
    expect(notEmpty).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/is not empty.*--force/) });
    rmSync(join(dataDir, 'store'), { recursive: true });
    const restored = await hitherto({ DATA_DIR: dataDir }, 'restore', folder, '--quiet');
    expect(restored).toMatchObject({ ...DONE, out: expect.stringMatching(/next: start the service/) });
    await forgetCounted({ DATA_DIR: dataDir }, dataDir);
    const again = await running(dataDir);
    await again.counted();
    expect(again.stderr()).toBe('');
    await load.begin(again.url, 50).ended;
    await again.counted();
    expect(await again.stop()).toBe(0);
    await withDocuments(dataDir, load.compare);
  });

  it('can be restored again and again: what the journal has packed since is counted once each time', async () => {
    const [dataDir, copies, load] = [newFolder(), newFolder(), createLoad()];
    await prepare(dataDir, [{ id: 'garden' }]);
    const folder = join(copies, 'monday');
    const service = await running(dataDir);
    await load.begin(service.url, 60).ended;
    await service.counted();
    expect(await hitherto({ DATA_DIR: dataDir }, 'backup', folder, '--quiet')).toMatchObject(DONE);
    await load.begin(service.url, 60).ended;
    await service.counted();
    expect(await service.stop()).toBe(0); // which packs what is counted
    const journal = join(dataDir, 'journal');
    expect(packsIn(journal).length).toBeGreaterThan(0);
    for (let round = 0; round < 3; round++) {
      expect(await hitherto({ DATA_DIR: dataDir }, 'restore', folder, '--force', '--quiet')).toMatchObject(DONE);
      const again = await running(dataDir);
      await again.counted();
      expect(again.stderr()).toBe('');
      await load.begin(again.url, 20).ended;
      await again.counted();
      expect(await again.stop()).toBe(0);
      await withDocuments(dataDir, load.compare);
    }
  });

  it('is refused into a folder that is not empty, and leaves nothing incomplete', async () => {
    const [dataDir, copies] = [newFolder(), newFolder()];
    expect((await hitherto({}, '--data-dir', join(dataDir, 'none'), 'backup', join(copies, 'a'))).err).toMatch(
      /nothing to back up/,
    );
    expect(existsSync(join(copies, 'a'))).toBe(false);
    expect((await hitherto({}, '--data-dir', dataDir, 'restore', copies)).err).toMatch(/is not a finished backup/);
    expect((await hitherto({}, '--data-dir', dataDir, 'backup', dataDir)).code).toBe(1);
  });
});

describeWith('MONGODB_URI', 'REDIS_URL')('with MongoDB', () => {
  it('a backup made under load and restored beside the newer journals misses no hit and doubles none', async () => {
    const { env, drop, withDocuments } = database();
    const [one, two, copies, load] = [newFolder(), newFolder(), newFolder(), createLoad()];
    await hitherto(env, 'site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const webs = [await running(one, env, ['web']), await running(two, env, ['web'])] as const;
    const sending = webs.map(({ url }) => load.begin(url, 460, 150));
    await sending[0]?.sent(150);
    await until(async () => (await nodesIn(env)).every(({ number }) => number >= 2));
    const folder = join(copies, 'monday');
    expect(await hitherto(env, 'backup', folder, '--quiet')).toMatchObject(DONE);
    await sending[0]?.sent(load.outcomes.length + 60);
    const inUse = await hitherto(env, 'restore', folder, '--quiet', '--force');
    expect(inUse.err).toMatch(/in use by node n\w+ and node n\w+: stop all webs/);
    await Promise.all(webs.map((web) => web.kill9()));
    await Promise.all(sending.map((some) => some.stop()));

    await drop();
    expect(await hitherto(env, 'restore', folder, '--quiet')).toMatchObject(DONE);
    await forgetCounted(env, one, two);
    const again = [await running(one, env, ['web']), await running(two, env, ['web'])];
    await Promise.all(again.map((web) => web.counted()));
    // nothing but the kind of MongoDB
    for (const web of again) expect(web.stderr().replace(/^hitherto: documents are stored in the database .*\n/gm, '')).toBe('');
    await Promise.all(again.map((web) => load.begin(web.url, 30).ended));
    await Promise.all(again.map((web) => web.counted()));
    for (const web of again) expect(await web.stop()).toBe(0);
    await withDocuments(load.compare);
  });

  it('a backup is not restored while a worker runs, even with --force, and no worker starts on an incomplete one', async () => {
    const { env } = database();
    const folder = join(newFolder(), 'monday');
    await hitherto(env, 'site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const worker = await startWorker(env);
    cleanUp.push(() => worker.kill9());
    expect(await hitherto(env, 'backup', folder, '--quiet')).toMatchObject(DONE);
    for (const force of [[], ['--force']]) {
      const refused = await hitherto(env, 'restore', folder, '--quiet', ...force);
      expect(refused).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/in use by a worker \(process \d+ on .*\): stop/),
      });
    }
    expect((await hitherto(env, 'site', 'list')).out).toContain('garden');
    expect(await worker.stop()).toBe(0);
    const { db, close } = await openMongodb(env.MONGODB_URI as string);
    cleanUp.push(close);
    expect(await db.collection('processes').countDocuments()).toBe(0);

    await db.collection<{ _id: string }>('restores').insertOne({ _id: 'unfinished' });
    const { code, stderr } = await startAndEnd(env, ['worker']);
    expect({ code, stderr }).toEqual({
      code: 69,
      stderr: expect.stringMatching(/a restore into the database .* is not finished/),
    });
    expect(await hitherto(env, 'restore', folder, '--quiet', '--force')).toMatchObject({ code: 0, err: '' });
    expect((await hitherto(env, 'site', 'list')).out).toContain('garden');
    const again = await startWorker(env);
    expect(await again.stop()).toBe(0);
  });

  it('an embedded service moves to MongoDB under load, with its journal, and continues to accept hits', async () => {
    const { env, withDocuments } = database();
    const [dataDir, copies, load] = [newFolder(), newFolder(), createLoad()];
    const token = await prepare(dataDir, [{ id: 'garden' }]);
    const old = await running(dataDir);
    const sending = load.begin(old.url, 880, 60);
    await sending.sent(150);
    const folder = join(copies, 'moving');
    expect(await hitherto({ DATA_DIR: dataDir }, 'backup', folder, '--quiet')).toMatchObject(DONE);
    const restored = await hitherto(env, 'restore', folder, '--quiet');
    expect(restored).toMatchObject({ ...DONE, out: expect.stringMatching(/next: stop the service.*the DATA_DIR that it had/) });
    await sending.sent(load.outcomes.length + 100);
    await sending.stop();
    expect(await old.stop()).toBe(0);

    await forgetCounted(env, dataDir);
    const web = await running(dataDir, env, ['web']);
    await web.counted();
    await load.begin(web.url, 100).ended;
    await web.counted();
    const answer = await fetch(`${web.url}/api/v1/sites/garden/traffic?period=7d`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(((await answer.json()) as { total: { views: number } }).total.views).toBe(load.outcomes.length);
    expect(await web.stop()).toBe(0);
    const oncemore = await running(dataDir, env, ['web']);
    expect(await oncemore.stop()).toBe(0);
    await withDocuments(load.compare);
  });

  it('the folder of an embedded service is refused with an explanation if MongoDB does not know its node', async () => {
    const { env } = database();
    const dataDir = newFolder();
    await prepare(dataDir, [{ id: 'garden' }]);
    await (await running(dataDir)).stop();
    const { code, stderr } = await startAndEnd({ DATA_DIR: dataDir, ...env }, ['web']);
    expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringMatching(/without MongoDB.*hitherto .*restore <folder>/) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a service moves from MongoDB to an embedded one', async () => {
    const { env } = database();
    const [one, dataDir, copies, load] = [newFolder(), newFolder(), newFolder(), createLoad()];
    await hitherto(env, 'site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const web = await running(one, env, ['web']);
    await load.begin(web.url, 100).ended;
    expect(await web.stop()).toBe(0);
    const folder = join(copies, 'moving');
    expect(await hitherto(env, 'backup', folder, '--quiet')).toMatchObject(DONE);
    expect(await hitherto({ DATA_DIR: dataDir }, 'restore', folder, '--quiet')).toMatchObject(DONE);
    const embedded = await running(dataDir);
    await load.begin(embedded.url, 50).ended;
    await embedded.counted();
    expect(await embedded.stop()).toBe(0);
    await withDocuments(dataDir, load.compare);
  });
});
