// A web or worker that starts while MongoDB or Redis cannot be reached: it waits and continues when they are
// available again. If they stay unavailable for too long, it exits with 69 and one line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { temporaryFolder } from '../end-to-end/running.js';
import { startProxy, type TcpProxy } from '../fixtures/proxy.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';

const MAIN = resolve(import.meta.dirname, '../../dist/src/main.js');
const START_MS_MAX = 60_000;
const AWAY_MS = 1_500;

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

interface Installation {
  readonly mongodb: TcpProxy;
  readonly redis: TcpProxy;
  start(role: 'web' | 'worker'): Promise<Outcome>;
}

interface Outcome {
  readonly code: number | null | 'runs';
  readonly stderr: string;
}

async function installation(): Promise<Installation> {
  const folder = temporaryFolder();
  const uri = mongodbUri() as string;
  const [mongodb, redis] = [await startProxy(uri), await startProxy(redisUrl() as string)];
  cleanUp.push(
    folder.remove,
    () => mongodb.close(),
    () => redis.close(),
    async () => {
      const { db, close } = await openMongodb(uri);
      await dropDatabase(db);
      await close();
    },
  );
  const env = {
    PATH: process.env.PATH,
    PORT: '0',
    DATA_DIR: join(folder.path, 'data'),
    MONGODB_URI: mongodb.uri,
    REDIS_URL: redis.uri,
  };
  return {
    mongodb,
    redis,
    async start(role) {
      const child = spawn(process.execPath, [MAIN, role], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const ended = once(child, 'close').then(([code]) => code as number | null);
      for (const deadline = Date.now() + START_MS_MAX; !/is (running|working)/.test(stdout); await delay(20)) {
        if (child.exitCode !== null || child.signalCode !== null) return { code: await ended, stderr };
        if (Date.now() > deadline) throw new Error(`it neither starts nor ends: ${stderr}`);
      }
      child.kill('SIGTERM');
      return { code: (await ended) === 0 ? 'runs' : await ended, stderr };
    },
  };
}

/**
 * From its n-th request on, a start meets an unavailable server, for the given time. Returns how many requests there
 * were.
 */
function cutAt(proxy: TcpProxy, n: number, awayMs: number): () => number {
  let requests = 0;
  proxy.cutRequests(
    () => {
      if (++requests !== n) return false;
      proxy.refuse();
      if (Number.isFinite(awayMs)) setTimeout(() => proxy.pass(), awayMs);
      return true;
    },
    0,
    Number.POSITIVE_INFINITY,
  );
  return () => requests;
}

describeWith('MONGODB_URI', 'REDIS_URL')('a start', () => {
  it.each(['web', 'worker'] as const)(
    'of a %s continues when MongoDB or Redis is unavailable at any of its requests and returns',
    async (role) => {
      const all = await installation();
      for (const [name, step] of [
        ['mongodb', 8],
        ['redis', 24],
      ] as const) {
        const proxy = all[name];
        const count = cutAt(proxy, 0, AWAY_MS);
        expect(await all.start(role)).toMatchObject({ code: 'runs' });
        const requests = count();
        proxy.pass();
        for (let n = 1; n <= requests; n += step) {
          cutAt(proxy, n, AWAY_MS);
          const outcome = await all.start(role);
          expect({ name, n, ...outcome }).toMatchObject({ name, n, code: 'runs' });
          proxy.pass();
        }
      }
    },
    600_000,
  );

  it('exits with 69 and one line when MongoDB stays unavailable', async () => {
    const ending = async (role: 'web' | 'worker') => {
      const { mongodb, start } = await installation();
      expect(await start(role)).toMatchObject({ code: 'runs' });
      cutAt(mongodb, 6, Number.POSITIVE_INFINITY);
      const { code, stderr } = await start(role);
      expect({ code, stderr }).toEqual({
        code: 69,
        stderr: expect.stringMatching(
          /^(hitherto: documents are kept [^\n]*\n)?hitherto: [^\n]*MongoDB does not answer at [^\n]*\n$/,
        ),
      });
    };
    await Promise.all([ending('web'), ending('worker')]); // each waits for half a minute
  });
});
