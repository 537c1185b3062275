// Two web nodes, a worker, Redis and a MongoDB-compatible server. Each of them is killed, cut off, or restored from a
// copy, under load.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openMongodbAccounts } from '../../dist/src/store/mongodb/accounts.js';
import { openMongodb } from '../../dist/src/store/mongodb/connection.js';
import { openMongodbDocuments } from '../../dist/src/store/mongodb/documents.js';
import { random } from '../traffic/population.mjs';
import { compareWithApi, compareWithDocuments, daysFrom, today } from './compare.mjs';
import { createHits, startLoad, tally } from './hits.mjs';
import { freePort, mongodbServer, redisServer, runService, runWorker, untilCounted } from './processes.mjs';
import { startProxy } from './proxy.mjs';

const SITES_AT_ONCE = 40;
const SITES_PER_ROUND = 12;
const SITES_ASKED_FOR = 3;
/** Per web node: some 1,500 hits a second together, with which the tests' server can keep up. */
const LOAD = { connections: 8, pauseMs: 10 };

/** A notifier without listeners: the nodes find new sites by polling. */
const NO_NOTIFIER = { notify() {}, onChange: () => () => {}, close() {} };

/**
 * Each runs once before any runs again; then the sums must be right, in whatever order they ran. A fault receives the
 * running parts, and breaks and repairs them under load. Everything that has ended is started again after it.
 */
export const FAULTS = {
  'kill -9 of a web node': ({ webs, next }) => pick(webs, next).kill(),
  'kill -9 of the worker': ({ worker }) => worker.kill(),
  'kill -9 of Redis': ({ redis }) => redis.kill(),
  'kill -9 of MongoDB': ({ mongodb }) => mongodb.kill(),
  'kill -9 of all at once': ({ webs, worker, redis, mongodb }) =>
    Promise.all([...webs, worker, redis, mongodb].map((part) => part.kill())),
  'MongoDB away': async ({ proxy, awayMs }) => {
    proxy.refuse(true);
    await delay(awayMs);
    proxy.refuse(false);
  },
  'Redis away': async ({ redis, awayMs }) => {
    await redis.kill();
    await delay(awayMs);
  },
  'connections cut in the middle of a bulk': ({ proxy }) => failing(proxy, 'cut'),
  'an answer lost after the bulk was applied': ({ proxy }) => failing(proxy, 'swallow'),
  'a web node that restarts with segments waiting': async ({ webs, proxy, next }) => {
    proxy.refuse(true);
    await delay(600);
    await pick(webs, next).kill();
    proxy.refuse(false);
  },
  'a restored journal folder': ({ webs, next }) => pick(webs, next).restoreOlder(),
  'a cloned journal folder, both running': ({ webs, next, loadOn }) => pick(webs, next).runClone(loadOn),
  'a web node that is stopped and started': ({ webs, next }) => pick(webs, next).stop(),
};

const pick = (list, next) => list[Math.floor(next() * list.length)];

async function failing(proxy, kind) {
  const before = proxy.faults();
  for (let n = 0; n < 4; n++) {
    proxy.next(kind);
    await delay(300);
  }
  if (proxy.faults() === before) throw new Error(`there was no write to ${kind}`);
}

/**
 * @param {{ rounds: number, seed: number, dataDir: string, awayMs: number, log?: (line: string) => void }} options
 */
export async function crashDistributed({ rounds, seed, dataDir, awayMs, log = () => {} }) {
  const next = random(seed);
  mkdirSync(dataDir, { recursive: true });
  const mongodb = mongodbServer(await freePort(), dataDir);
  const redis = redisServer(await freePort(), dataDir);
  await Promise.all([mongodb.start(), redis.start()]);
  const proxy = await startProxy(mongodb.port);
  const uri = `mongodb://127.0.0.1:${mongodb.port}/crash`;
  const env = { MONGODB_URI: `mongodb://127.0.0.1:${proxy.port}/crash`, REDIS_URL: `redis://127.0.0.1:${redis.port}` };

  const problems = [];
  const webs = ['web1', 'web2'].map((name) => webNode(join(dataDir, name), env));
  const worker = workerNode(env);
  const hits = createHits(async (sites) => {
    await withAccounts(uri, (accounts) => Promise.all(sites.map((site) => accounts.addSite(site))));
    await delay(3_500); // until every node has polled
  });
  const totals = { acknowledged: 0, unanswered: 0, errors: 0 };
  const startDay = today();
  const faults = Object.keys(FAULTS);
  const done = {};

  await hits.addSites(SITES_AT_ONCE);
  for (let round = 1; round <= rounds; round++) {
    await Promise.all([mongodb.start(), redis.start()]);
    await Promise.all([...webs, worker].map((part) => part.start()));
    if (hits.left() < SITES_PER_ROUND) await hits.addSites(SITES_AT_ONCE);
    const fault = round <= faults.length ? faults[round - 1] : pick(faults, next);
    const loads = [];
    const loadOn = (port) => {
      const load = startLoad(port, hits.take, LOAD);
      loads.push(load);
      return load;
    };
    for (const web of webs) loadOn(await web.port());
    await delay(200 + next() * 300);
    await FAULTS[fault]({ webs, worker, redis, mongodb, proxy, next, awayMs, loadOn });
    await delay(200 + next() * 300);
    for (const load of loads) load.stop();
    const sent = (await Promise.all(loads.map((load) => load.ended()))).flat();
    const counts = tally(sent);
    for (const [outcome, count] of Object.entries(counts)) totals[outcome] += count;
    done[fault] = (done[fault] ?? 0) + 1;
    log(
      `round ${round}: ${fault}: ${counts.acknowledged} acknowledged, ${counts.unanswered} unanswered, ${counts.errors} errors`,
    );
  }

  await Promise.all([mongodb.start(), redis.start()]);
  await Promise.all([...webs, worker].map((part) => part.start()));
  for (const web of webs) await untilCounted(await web.port());
  const { secret } = await withAccounts(uri, (accounts) =>
    accounts.addToken({ title: 'crash', sites: 'all', nowMs: Date.now() }),
  );
  await delay(3_500);
  const asked = new Set(Array.from({ length: SITES_ASKED_FOR }, () => hits.anyUsed(next)));
  for (const site of asked) problems.push(...(await compareWithApi(await webs[0].port(), secret, site)));
  const found = await compareAll(uri, hits.sites, daysFrom(startDay));
  problems.push(...found.problems);
  for (const part of [...webs, worker]) {
    const last = part.running();
    const code = await part.stop();
    if (code !== 0) problems.push(`the last stop of ${part.name} ended with ${code}; it said: ${last.stderr().slice(-500)}`);
  }
  await proxy.close();
  await Promise.all([mongodb.kill(), redis.kill()]);
  return { seed, ...totals, kills: rounds, done, unansweredCounted: found.unansweredCounted, sites: hits.sites.length, problems };
}

async function compareAll(uri, sites, days) {
  const connection = await openMongodb(uri);
  const documents = openMongodbDocuments(connection);
  const problems = [];
  let unansweredCounted = 0;
  for (const site of sites.filter(({ used }) => used > 0)) {
    const compared = await compareWithDocuments(documents, site, days);
    problems.push(...compared.problems);
    unansweredCounted += compared.unansweredCounted;
  }
  await connection.close();
  return { problems, unansweredCounted };
}

async function withAccounts(uri, use) {
  const connection = await openMongodb(uri);
  const accounts = await openMongodbAccounts(connection, NO_NOTIFIER);
  try {
    return await use(accounts);
  } finally {
    await accounts.close();
    await connection.close();
  }
}

/** A process that is started again whenever it has ended. */
function part(name, run, ready) {
  let running;
  const over = async () => {
    running?.child.kill('SIGKILL');
    await running?.exited;
    running = undefined;
  };
  return {
    name,
    running: () => running,
    async start() {
      if (running !== undefined && running.child.exitCode === null && running.child.signalCode === null) return;
      running = run();
      await ready(running);
    },
    kill: over,
    /** The exit code of a stop by SIGTERM. */
    async stop() {
      const stopped = running;
      running = undefined;
      stopped?.child.kill('SIGTERM');
      return stopped?.exited;
    },
  };
}

function workerNode(env) {
  return part(
    'the worker',
    () => runWorker(env),
    (worker) => worker.working(),
  );
}

function webNode(dataDir, env) {
  const web = part(
    dataDir,
    () => runService(dataDir, env, ['web']),
    (service) => service.port(),
  );
  const port = () => web.running().port();
  return {
    ...web,
    port,
    /**
     * Everything that it accepted before the copy is counted first: only then may its newer files be lost with the
     * disk.
     */
    async restoreOlder() {
      await web.stop();
      const copy = `${dataDir}.backup`;
      cpSync(dataDir, copy, { recursive: true });
      await web.start();
      await delay(500);
      await untilCounted(await port());
      await web.stop();
      rmSync(dataDir, { recursive: true });
      cpSync(copy, dataDir, { recursive: true });
      rmSync(copy, { recursive: true });
    },
    /**
     * The copy runs beside the original for a while, and is then removed. It must take nothing of the original's with
     * it.
     */
    async runClone(loadOn) {
      const copy = `${dataDir}.clone`;
      // suspended for a moment: a disk is copied as it is at one instant
      web.running().child.kill('SIGSTOP');
      cpSync(dataDir, copy, { recursive: true, filter: (from) => !/lock\.[0-9]+$/.test(from) });
      web.running().child.kill('SIGCONT');
      const clone = runService(copy, env, ['web']);
      const load = loadOn(await clone.port());
      await delay(700);
      load.stop();
      await load.ended();
      await untilCounted(await clone.port()); // on a busy machine a stop may exceed its time, and its journal is removed then
      clone.child.kill('SIGTERM');
      await clone.exited;
      rmSync(copy, { recursive: true });
    },
  };
}
