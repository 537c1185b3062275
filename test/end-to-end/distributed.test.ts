// Several web nodes and a worker on one MongoDB and one Redis, as a visitor and an owner see them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { ROWS, row, VIEWS } from '../../src/counters/cap.js';
import { Counters } from '../../src/counters/counters.js';
import { localNotifiers } from '../../src/sharing/local/notifier.js';
import { exampleSite } from '../../src/store/contracts/accounts.js';
import { openMongodbAccounts } from '../../src/store/mongodb/accounts.js';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { openMongodbDocuments } from '../../src/store/mongodb/documents.js';
import { openMongodbLedger } from '../../src/store/mongodb/ledger.js';
import { utcDay } from '../../src/time/dates.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { startPretender } from '../fixtures/topology-proxy.js';
import { until } from '../fixtures/until.js';
import { type Environment, PERSON, type Running, start, startAndEnd, startWorker, temporaryFolder } from './running.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/src/cli.js');

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

interface Installation {
  readonly env: Environment;
  web(name: string, changes?: Environment): Promise<Running>;
  worker(): Promise<{ stop(): Promise<number | null> }>;
  /** Runs the command line tool; returns its output. */
  hitherto(...args: string[]): string;
}

function installation(): Installation {
  const folder = temporaryFolder();
  const uri = mongodbUri() as string;
  const env = { MONGODB_URI: uri, REDIS_URL: redisUrl() as string };
  cleanUp.push(folder.remove, async () => {
    const { db, close } = await openMongodb(uri);
    await dropDatabase(db);
    await close();
  });
  return {
    env,
    async web(name, changes = {}) {
      const web = await start(join(folder.path, name), { ...env, ...changes }, ['web']);
      cleanUp.push(() => web.kill9());
      return web;
    },
    async worker() {
      const worker = await startWorker(env);
      cleanUp.push(() => worker.kill9());
      return worker;
    },
    hitherto(...args) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [CLI, ...args], {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      return stdout.trim();
    },
  };
}

const hit = (web: Running, path: string, more = '') =>
  fetch(`${web.url}/a.gif?s=garden&u=${encodeURIComponent(`https://garden.example${path}`)}${more}`, {
    headers: { 'User-Agent': PERSON },
  });

const ask = async (web: Running, token: string, path: string) =>
  fetch(`${web.url}/api/v1/sites/garden${path}`, { headers: { Authorization: `Bearer ${token}` } });

const views = async (web: Running, token: string): Promise<number> =>
  ((await (await ask(web, token, '/traffic?period=7d')).json()) as { total: { views: number } }).total.views;

const hasRunner = spawnSync('foreman', ['version']).error === undefined;
if (!hasRunner) process.stderr.write('\nSKIPPED: the start by the Procfile, for want of a runner: ruby-foreman on Debian\n');

describeWith('MONGODB_URI', 'REDIS_URL')('several nodes on one MongoDB and one Redis', () => {
  it('are one service: all show what one accepts', async () => {
    const { web, worker, hitherto } = installation();
    const [one, two] = await Promise.all([web('one'), web('two')]);
    const working = await worker();
    hitherto('site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const token = hitherto('token', 'add', '--site', 'garden');
    for (const node of [one, two]) {
      await until(async () => (await hit(node, '/first')).headers.get('x-hitherto') === null, 'the site is known');
    }
    await Promise.all(Array.from({ length: 40 }, (_, n) => hit(n % 2 === 0 ? one : two, `/page/${n % 4}`)));
    await Promise.all([one.counted(), two.counted()]);
    const taken = (await one.health()).beacon.taken + (await two.health()).beacon.taken;
    expect(taken).toBeGreaterThanOrEqual(42);
    expect(await views(one, token)).toBe(taken);
    expect(await views(two, token)).toBe(taken);
    const content = (await (await ask(two, token, '/content?period=7d')).json()) as {
      rows: Array<{ key: string; views: number }>;
    };
    for (const n of [0, 1, 2, 3]) expect(content.rows.find(({ key }) => key === `/page/${n}`)?.views).toBe(10);

    const health = (await until(async () => {
      const now = (await one.health()) as unknown as {
        otherNodes: { running: number };
        jobs: { overdueSites?: number; reachable: boolean };
      };
      return now.otherNodes.running === 1 && now.jobs.reachable && now;
    }, 'both nodes are heard of')) as object;
    expect(health).toMatchObject({ status: 'ok', otherNodes: { running: 1, silent: [] }, jobs: { reachable: true, failed: [] } });

    expect(await Promise.all([one.stop(), two.stop(), working.stop()])).toEqual([0, 0, 0]);
    const nodes = JSON.parse(hitherto('node', 'list', '--json')) as Array<{ endedAtMs?: number }>;
    expect(nodes).toHaveLength(2);
    expect(nodes.every(({ endedAtMs }) => endedAtMs !== undefined)).toBe(true);
  });

  it('show on one node’s live page what another accepts, and only while somebody watches', async () => {
    const { web, hitherto } = installation();
    hitherto('site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const token = hitherto('token', 'add', '--site', 'garden');
    const [one, two] = await Promise.all([web('one'), web('two')]);
    const stop = new AbortController();
    const stream = await fetch(`${two.url}/api/v1/sites/garden/live`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString();
    })().catch(() => {});
    await delay(500); // until the other node knows that somebody watches
    await hit(one, '/seen-live');
    await until(async () => /event: hits\nid: .*\ndata: .*\/seen-live/.test(text), 'the hit is shown');
    await until(async () => /event: traffic\ndata: .*"views":1/.test(text), 'it is counted');
    stop.abort();
    await reading;
  });

  it('apply a change of any node or tool while they run', async () => {
    const { web, hitherto } = installation();
    const [one, two] = await Promise.all([web('one'), web('two')]);
    hitherto('site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const token = hitherto('token', 'add', '--site', 'garden');
    for (const node of [one, two])
      await until(async () => (await ask(node, token, '/traffic')).status === 200, 'the token works');
    hitherto('token', 'revoke', token.slice(4, 12));
    for (const node of [one, two])
      await until(async () => (await ask(node, token, '/traffic')).status === 401, 'the token is refused');
  });

  it('continue as the same node after kill -9, without listening for the killed process', async () => {
    const { web, env } = installation();
    const nodeReads: unknown[] = [];
    const pretender = await startPretender(env.MONGODB_URI as string, {
      answer(name, command) {
        if (name === 'find' && command.find === 'nodes') nodeReads.push(command.filter);
        return undefined;
      },
    });
    cleanUp.push(() => pretender.close());
    const changes = { MONGODB_URI: pretender.uri };
    const first = await web('one', changes);
    const { node } = await first.health();
    await first.kill9();
    nodeReads.length = 0;
    const again = await web('one', changes);
    expect((await again.health()).node).toBe(node);
    expect(nodeReads.length).toBeLessThan(10); // listening for heartbeats needs fifteen reads
  });

  it('send nothing but heartbeats to the store while idle: they are woken up for work', async () => {
    const { web, env } = installation();
    const asked: string[] = [];
    const pretender = await startPretender(env.MONGODB_URI as string, {
      answer(name, command) {
        if (typeof command[name] === 'string') asked.push(`${name} ${command[name]}`);
        return undefined;
      },
    });
    cleanUp.push(() => pretender.close());
    await web('one', { MONGODB_URI: pretender.uri });
    const count = (what: string) => asked.filter((one) => one === what).length;
    const beats = async (more: number) => {
      const target = count('findAndModify nodes') + more;
      while (count('findAndModify nodes') < target) await delay(20);
    };
    await beats(3); // it has started
    asked.length = 0;
    await beats(8);
    for (const once of ['find repairs', 'find tombstones']) expect(count(once)).toBeLessThan(4);
    expect(count('find nodes')).toBeLessThan(10);
    expect(asked.length).toBeLessThan(30);
  });

  it('open the same first page on every node, once', async () => {
    const { web } = installation();
    const [one, two] = await Promise.all([web('one'), web('two')]);
    const secret = /\/setup\/([\w-]+)/.exec(one.stdout())?.[1];
    expect(two.stdout()).toContain(`/setup/${secret}`);
    const answer = await fetch(`${two.url}/setup/${secret}`);
    expect(answer.status).toBe(200);
    expect((await fetch(`${two.url}/setup/${'x'.repeat(32)}`)).status).toBe(404);
  });

  it('have their finished days compacted by a worker', async () => {
    const { env, worker } = installation();
    const connection = await openMongodb(env.MONGODB_URI as string);
    cleanUp.push(() => connection.close());
    const tenDaysAgo = Date.now() - 10 * 86_400_000;
    const day = utcDay(tenDaysAgo + 86_400_000);
    const accounts = await openMongodbAccounts(connection, localNotifiers()());
    await accounts.addSite({ ...exampleSite, timezone: 'UTC', createdAtMs: tenDaysAgo });
    await accounts.close();
    const documents = openMongodbDocuments(connection);
    const id = { collection: `content.${day.slice(0, 4)}`, id: `garden:${day}` };
    const { caps } = DOCUMENT_KINDS.find(({ name }) => name === 'content') as (typeof DOCUMENT_KINDS)[number];
    const [[map, rowsMax]] = Object.entries(caps) as [[string, number]];
    for (let number = 1; number <= 5; number++) {
      const counters = new Counters();
      for (let n = 0; n < rowsMax * 0.22; n++) row(counters, map, `/${number}/${n}`).sum(VIEWS);
      await documents.apply({ node: 'node', number, checksum: 0 }, [{ ...id, counters, caps }], 0);
    }
    const rows = async () => (await documents.read([id]))[0]?.below(map).below(ROWS).fields.size;
    expect(await rows()).toBeGreaterThan(rowsMax);
    const working = await worker();
    await until(async () => (await rows()) === rowsMax, 'the day is tidied');
    await until(async () => ((await openMongodbLedger(connection).until('tidy', 'garden')) ?? '') >= day, 'it is written down');
    expect(await working.stop()).toBe(0);
  });

  it('accept and count hits without Redis, and report what is missing', async () => {
    const { web, hitherto } = installation();
    hitherto('site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const one = await web('one', { REDIS_URL: 'redis://127.0.0.1:1' });
    // one without a record needs the day's salt
    for (const more of ['&f=0&n=1&g=1', '']) expect((await hit(one, '/', more)).status).toBe(200);
    const health = await one.counted();
    expect(health).toMatchObject({
      status: 'degraded',
      beacon: { taken: 2 },
      salts: { shared: false },
      jobs: { reachable: false },
    });
    await until(async () => one.stderr().includes('Redis is unavailable'), 'the warning');
    expect(await one.stop()).toBe(0);
  });

  (hasRunner ? it : it.skip)('run under a Procfile’s runner, which starts and stops them', async () => {
    const { env, hitherto } = installation();
    hitherto('site', 'add', 'garden', '--title', 'Garden', '--timezone', 'UTC');
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    mkdirSync(join(folder.path, 'data'));
    // without its time limit of five seconds for a stop
    const runner = spawn('foreman', ['start', '-d', ROOT, '-p', '0', '-m', 'web=1,worker=2', '-t', '120'], {
      env: { ...process.env, ...env, DATA_DIR: join(folder.path, 'data'), HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    cleanUp.push(() => runner.kill('SIGKILL'));
    let text = '';
    for (const stream of [runner.stdout, runner.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    const ended = once(runner, 'exit');
    const url = await until(async () => /web\.1.*running at (http:\S+)/.exec(text)?.[1], 'the web listens');
    await until(async () => (text.match(/worker\.[12].*is working/g) ?? []).length === 2, 'both workers work');
    const answer = await fetch(`${url}/a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F`, { headers: { 'User-Agent': PERSON } });
    expect(answer.status).toBe(200);
    runner.kill('SIGTERM');
    await ended;
    expect(text).toMatch(/web\.1.*exited with code 0/);
    expect(text.match(/worker\.[12].*exited with code 0/g)).toHaveLength(2);
    expect(JSON.parse(hitherto('node', 'list', '--json'))).toEqual([
      expect.objectContaining({ number: 1, endedAtMs: expect.any(Number) }),
    ]);
  });
});

it.each([
  [{ MONGODB_URI: 'mongodb://127.0.0.1/x' }, [], 78, 'REDIS_URL: is needed with MONGODB_URI'],
  [{ REDIS_URL: 'redis://127.0.0.1' }, [], 78, 'MONGODB_URI: is needed with REDIS_URL'],
  [{ MONGODB_URI: '127.0.0.1:27017', REDIS_URL: 'redis://127.0.0.1' }, [], 78, 'must begin with mongodb://'],
  [{ MONGODB_URI: 'mongodb://u:p@ss@127.0.0.1/x', REDIS_URL: 'redis://127.0.0.1' }, ['web'], 78, 'MONGODB_URI: '],
  [{ MONGODB_URI: 'mongodb://127.0.0.1/a.b', REDIS_URL: 'redis://127.0.0.1' }, ['worker'], 78, 'MONGODB_URI: '],
  [{}, ['web'], 78, 'web needs MONGODB_URI and REDIS_URL'],
  [{}, ['worker'], 78, 'worker needs MONGODB_URI and REDIS_URL'],
  [{}, ['wep'], 64, '"wep" is not a role; expected web, worker, or nothing'],
] as Array<[Environment, string[], number, string]>)(
  'a start with %j as %j is refused with a reason',
  async (env, role, code, reason) => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const ended = await startAndEnd({ DATA_DIR: folder.path, ...env }, role);
    expect(ended.code).toBe(code);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(reason);
  },
);
