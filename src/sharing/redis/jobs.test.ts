import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { itWithOwnRedis, ownRedis } from '../../../test/fixtures/redis-server.js';
import { describeWith, newNamespace, redisUrl } from '../../../test/fixtures/servers.js';
import { until } from '../../../test/fixtures/until.js';
import { jobsContract } from '../contracts/jobs.js';
import { ATTEMPTS, type Jobs } from '../jobs.js';
import { openRedis } from './connection.js';
import { openBullmqJobs } from './jobs.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function openJobs(namespace: string, url = redisUrl() as string): Jobs {
  const redis = openRedis(url, namespace);
  const jobs = openBullmqJobs(redis, { firstRetryMs: 5 });
  closers.push(
    () => redis.close(),
    () => jobs.close(),
  );
  return jobs;
}

const BUILT = new URL('../../../dist/src/sharing/redis', import.meta.url).href;

/** Starts a job in another process and never finishes it. */
const STUCK = (namespace: string) => `
  const { openRedis } = await import(${JSON.stringify(`${BUILT}/connection.js`)});
  const { openBullmqJobs } = await import(${JSON.stringify(`${BUILT}/jobs.js`)});
  openBullmqJobs(openRedis(${JSON.stringify(redisUrl())}, ${JSON.stringify(namespace)})).work({
    sweep: () => { console.log('taken'); return new Promise(() => {}); },
  });`;

describeWith('REDIS_URL')('jobs on BullMQ', () => {
  jobsContract(async () => {
    const namespace = newNamespace();
    return { jobs: openJobs(namespace), other: openJobs(namespace) };
  });

  it('are done by another process if theirs is killed', async () => {
    const namespace = newNamespace();
    const jobs = openJobs(namespace);
    await jobs.add({ name: 'sweep', id: 'one', data: {} });
    const child = spawn(process.execPath, ['--input-type=module', '-e', STUCK(namespace)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    closers.push(() => child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    let done = 0;
    jobs.work({ sweep: async () => void done++ });
    await until(() => done === 1, 'the other has done it');
  });

  it('are finished in the end, no matter how many workers stop in the middle', async () => {
    const namespace = newNamespace();
    for (let worker = 0; worker <= ATTEMPTS; worker++) {
      const jobs = openJobs(namespace);
      if (worker === 0) await jobs.add({ name: 'sweep', id: 'long', data: {} });
      let isTaken = false;
      jobs.work({
        sweep: async (_job, isStopped) => {
          isTaken = true;
          while (!isStopped()) await delay(5);
          if (worker % 2 === 1) throw new Error('it was in the middle of something');
        },
      });
      await until(() => isTaken, 'it is taken');
      await jobs.close();
    }
    const last = openJobs(namespace);
    let done = 0;
    last.work({ sweep: async () => void done++ });
    await until(() => done === 1, 'it is done');
    await until(async () => (await last.state()).waiting === 0, 'it is gone');
    expect((await last.state()).failed).toEqual([]);
  });

  itWithOwnRedis('waiting jobs survive a restart of Redis, which is reported as unavailable meanwhile', async () => {
    const server = await ownRedis();
    closers.push(() => server.close());
    await server.start();
    const [jobs, worker] = [1, 2].map(() => openJobs('jobs', server.url)) as [Jobs, Jobs];
    await jobs.add({ name: 'sweep', id: 'one', data: {} });
    expect(await jobs.state()).toEqual({ reachable: true, waiting: 1, failed: [] });
    await server.kill();
    await until(async () => !(await jobs.state()).reachable, 'it is noticed');
    const added = jobs.add({ name: 'sweep', id: 'two', data: {} }); // waits for Redis
    await server.start();
    await added;
    const done: string[] = [];
    worker.work({ sweep: async ({ id }) => void done.push(id) });
    await until(() => done.length === 2, 'both are done');
    expect(done.sort()).toEqual(['one', 'two']);
  });

  itWithOwnRedis('a Redis that hangs is soon reported as unavailable', async () => {
    const server = await ownRedis();
    closers.push(() => server.close());
    await server.start();
    const jobs = openJobs('jobs', server.url);
    await jobs.add({ name: 'sweep', id: 'one', data: {} });
    await server.hang(6_000);
    const asked = Date.now();
    expect((await jobs.state()).reachable).toBe(false);
    expect(Date.now() - asked).toBeLessThan(5_000); // it still hangs
    await until(async () => (await jobs.state()).waiting === 1, 'it is back');
  });

  it('are scheduled again after Redis has lost the schedule', async () => {
    const namespace = newNamespace();
    const jobs = openJobs(namespace);
    let done = 0;
    jobs.work({ sweep: async () => void done++ });
    const regular = { name: 'sweep', id: 'regular', data: {} };
    await jobs.every(60_000, regular);
    await until(() => done === 1, 'it was done at once');
    const { client, close } = openRedis(redisUrl() as string, namespace);
    closers.push(close);
    await new Promise((resolve) => client.once('ready', resolve));
    await client.del(...(await client.keys(`${namespace}-bull:*`)));
    await jobs.every(60_000, regular);
    await until(() => done === 2, 'it is done again');
  });
});
