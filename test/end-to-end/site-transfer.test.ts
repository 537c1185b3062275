// A site is transferred from one service to another by the command line. The commands are killed, while hits arrive at the
// new service.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { type Environment, PERSON, type Running, start, temporaryFolder } from './running.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/src/cli.js');

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

function launch(
  env: Environment,
  ...args: string[]
): { child: ChildProcess; ended: Promise<{ code: number; out: string; err: string }> } {
  const child = spawn(process.execPath, [CLI, ...args], { env: { PATH: process.env.PATH, ...env } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  return { child, ended: once(child, 'close').then(([code]) => ({ code, out, err })) };
}

const hitherto = (env: Environment, ...args: string[]) => launch(env, ...args).ended;

const views = async (service: Running, token: string, range: string): Promise<number> => {
  const answer = await fetch(`${service.url}/api/v1/sites/semi/traffic?${range}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { total: { views: number } }).total.views;
};

const IN_2015 = 'from=2015-05-01&to=2015-05-31';

describeWith('MONGODB_URI', 'REDIS_URL')('a site that is transferred', () => {
  it('is complete although the import was killed repeatedly, and keeps the hits that the new service accepted', async () => {
    const folder = temporaryFolder();
    const uri = mongodbUri() as string;
    cleanUp.push(folder.remove, async () => {
      const { db, close } = await openMongodb(uri);
      await dropDatabase(db);
      await close();
    });
    const old = { DATA_DIR: join(folder.path, 'old') };
    const next = { MONGODB_URI: uri, REDIS_URL: redisUrl() as string };
    const settings = ['semi', '--title', 'Semi', '--timezone', 'America/New_York'];
    await hitherto(old, 'site', 'add', ...settings);
    const log = join(ROOT, 'test/fixtures/access-2015-05.log.gz');
    const imported = await hitherto(old, 'import', log, '--site', 'semi', '--json', '--quiet');
    const { counted } = JSON.parse(imported.out) as { counted: number };

    await hitherto(next, 'site', 'add', ...settings);
    const token = (await hitherto(next, 'token', 'add', '--site', 'semi')).out.trim();
    const web = await start(join(folder.path, 'web'), next, ['web']);
    cleanUp.push(() => web.kill9());
    const file = join(folder.path, 'semi.jsonl.gz');
    expect(await hitherto(old, 'site', 'export', 'semi', file, '--quiet')).toEqual({
      code: 0,
      err: '',
      out: expect.stringMatching(/semi\.jsonl\.gz: \d+ documents\n$/),
    });
    expect((await hitherto(next, 'site', 'import', file)).err).toMatch(/^hitherto: "semi" is already a site here.*\n$/);

    let [sent, isOver] = [0, false];
    const sending = (async () => {
      while (!isOver) {
        const { status } = await fetch(`${web.url}/a.gif?s=semi&u=https%3A%2F%2Fsemi.example%2F`, {
          headers: { 'User-Agent': PERSON },
        });
        if (status === 200) sent++;
        await delay(20);
      }
    })();
    const args = ['site', 'import', file, '--same', '--quiet'];
    for (let ms = 500; ms < 1100; ms += 100) {
      const { child, ended } = launch(next, ...args);
      await delay(ms);
      child.kill('SIGKILL');
      await ended;
    }
    expect(await hitherto(next, ...args)).toMatchObject({ code: 0, err: '' });
    expect(await hitherto(next, ...args)).toMatchObject({ code: 0, out: 'semi: already added, nothing new\n' });
    isOver = true;
    await sending;
    await web.counted();
    expect(await views(web, token, IN_2015)).toBe(counted);
    expect(await views(web, token, 'period=7d')).toBe(sent);
    expect(sent).toBeGreaterThan(10);
    expect(await web.stop()).toBe(0);
  });
});
