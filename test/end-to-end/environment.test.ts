// The service as it is deployed: a real process with only the variables that README, the image and compose.yaml name.
// Each time it must serve a page, accept a hit, and show it in a report.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openMongodb } from '../../src/store/mongodb/connection.js';
import { freePort } from '../fixtures/free-port.js';
import { describeWith, dropDatabase, mongodbUri, redisUrl } from '../fixtures/servers.js';
import { PERSON, temporaryFolder } from './running.js';

type Variables = Readonly<Record<string, string>>;

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/src/main.js');
const WAIT_MS_MAX = 60_000;

/** A realistic value for each variable of README's table. `folder` is one of the test's own. */
const EXAMPLES: Readonly<Record<string, (folder: string) => string>> = {
  HOST: () => '0.0.0.0',
  PORT: () => '0',
  DATA_DIR: (folder) => join(folder, 'a folder', 'data'),
  PUBLIC_URL: () => 'https://stats.example.com',
  TRUST_PROXY: () => '127.0.0.1, 10.0.0.0/8',
  CLIENT_IP_HEADER: () => 'X-Real-IP',
  DURABILITY: () => 'fsync',
  JOURNAL_MAX: () => '64',
  JOURNAL_KEEP: () => '1',
  JOURNAL_SIZE: () => '64',
  HITS_PER_ADDRESS: () => '50',
  HITS_PER_SITE: () => '500',
  BACKUP_KEEP: () => '30',
  ARCHIVE_AFTER: () => '2',
  ARCHIVE_DIR: (folder) => join(folder, 'archives'),
  MONGODB_URI: () => mongodbUri() ?? '',
  REDIS_URL: () => redisUrl() ?? '',
  OIDC_ISSUER: () => 'https://id.example.com/realms/company', // it does not answer
  OIDC_CLIENT_ID: () => 'hitherto',
  OIDC_CLIENT_SECRET: () => 'a secret',
  OIDC_DOMAINS: () => 'example.com, example.org',
  OIDC_NEWCOMERS: () => '0',
  OIDC_NAME: () => 'Company login',
  SMTP_URL: () => 'smtps://stats:a%2Fpassword@mail.example.com',
  MAIL_FROM: () => 'Statistics <stats@example.com>',
};
const OF_SERVERS = ['MONGODB_URI', 'REDIS_URL'];

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1] as string);

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

function newFolder(): string {
  const folder = temporaryFolder();
  cleanUp.push(folder.remove);
  return folder.path;
}

function examplesOf(names: readonly string[], folder: string): Variables {
  return Object.fromEntries(names.map((name) => [name, (EXAMPLES[name] as (folder: string) => string)(folder)]));
}

interface Service {
  readonly child: ChildProcess;
  readonly port: string;
  /** All its output so far. */
  text(): string;
}

/**
 * Runs in an empty folder, with these variables and a PATH only; at a free port unless they name one, because the
 * default port may be in use.
 */
async function launch(variables: Variables, folder: string, role: readonly string[] = []): Promise<Service> {
  const port = String(await freePort());
  const child = spawn(process.execPath, [MAIN, ...role], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ...variables,
      PORT: variables.PORT === undefined || variables.PORT === '0' ? port : variables.PORT,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise((end) => child.once('close', end));
  cleanUp.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, port, text: () => text };
}

async function until<T>(what: string, { child, text }: Service, check: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + WAIT_MS_MAX; ; await delay(20)) {
    const found = await check().catch(() => undefined);
    if (found !== undefined) return found;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${what} did not happen. Output: ${text()}`);
  }
}

/** From the first page to the number in a report, as a person would do it. */
async function expectWorking(service: Service): Promise<void> {
  const local = `http://127.0.0.1:${service.port}`;
  const page = await until('answering', service, () => fetch(`${local}/`));
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Not set up yet');

  const setup = await until('the greeting', service, async () => /\/setup\/[\w-]+/.exec(service.text())?.[0]);
  const person = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
  const fields = { ...person, title: 'Garden', id: 'garden', timezone: 'UTC', hosts: '' };
  const done = await fetch(local + setup, { method: 'POST', body: new URLSearchParams(fields) });
  const session = /^hitherto=([^;]+)/.exec(done.headers.get('set-cookie') ?? '')?.[1];
  expect({ status: done.status, session }).toEqual({ status: 200, session: expect.any(String) });

  const beacon = `${local}/a.gif?s=garden&u=${encodeURIComponent('https://garden.example/roses')}`;
  await until('taking a hit', service, async () => {
    const answer = await fetch(beacon, { headers: { 'User-Agent': PERSON } });
    return answer.status === 200 && answer.headers.get('x-hitherto') === null ? true : undefined;
  });
  const report = await until('counting it', service, async () => {
    const asked = `${local}/api/v1/sites/garden/content?period=7d`;
    const answer = await fetch(asked, { headers: { Cookie: `hitherto=${session}` } });
    const { rows } = (await answer.json()) as { rows: Array<{ key: string; views: number }> };
    return rows.length > 0 ? rows : undefined;
  });
  expect(report).toEqual([expect.objectContaining({ key: '/roses', views: 1 })]);
}

it('is tested with every variable in README', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual([...listed].sort());
});

describe('a service with', () => {
  const embedded = listed.filter((name) => !OF_SERVERS.includes(name) && name in EXAMPLES);

  it('only PORT works', async () => {
    await expectWorking(await launch({}, newFolder()));
  });

  /** The others need each other. */
  const alone = embedded.filter((name) => !/^(OIDC|SMTP|MAIL)_/.test(name));

  it.each(alone)('%s works', async (name) => {
    const folder = newFolder();
    await expectWorking(await launch(examplesOf([name], folder), folder));
  });

  it('all of them together works', async () => {
    const folder = newFolder();
    await expectWorking(await launch(examplesOf(embedded, folder), folder));
  });

  it('all of them empty works as if none were set', async () => {
    const empty = Object.fromEntries(embedded.map((name) => [name, '']));
    await expectWorking(await launch({ ...empty, PORT: '0' }, newFolder()));
  });
});

describeWith('MONGODB_URI', 'REDIS_URL')('a service on MongoDB and Redis with', () => {
  const dropAfterwards = (uri: string) =>
    cleanUp.unshift(async () => {
      const { db, close } = await openMongodb(uri);
      await dropDatabase(db);
      await close();
    });

  it.each([
    ['nothing else set', OF_SERVERS],
    ['all variables set together', listed],
  ])('%s works', async (_what, names) => {
    const folder = newFolder();
    const variables = examplesOf(names, folder);
    dropAfterwards(variables.MONGODB_URI as string);
    await expectWorking(await launch(variables, folder));
  });

  it('the environment of the image and of compose.yaml works as web, beside a worker', async () => {
    const folder = newFolder();
    const variables: Variables = {
      ...ofImage(),
      ...ofCompose(),
      ...examplesOf(OF_SERVERS, folder),
      DATA_DIR: join(folder, 'data'),
    };
    expect(variables).toMatchObject({ HOST: '0.0.0.0', PUBLIC_URL: 'http://localhost:8000', NODE_ENV: 'production' });
    dropAfterwards(variables.MONGODB_URI as string);
    const environment = { ...variables, PORT: '0' };
    const [web, worker] = [await launch(environment, folder, ['web']), await launch(environment, folder, ['worker'])];
    await expectWorking(web);
    const [program, ...args] = ofHealthcheck();
    const env = { ...environment, PATH: process.env.PATH, PORT: web.port };
    expect(spawnSync(program as string, args, { cwd: ROOT, env }).status).toBe(0);
    await until('working', worker, async () => (worker.text().includes('is working') ? true : undefined));
  });
});

/** `ENV NAME=value …` of the Dockerfile. */
function ofImage(): Variables {
  const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').matchAll(/^ENV (.*)$/gm);
  return Object.fromEntries(
    [...lines].flatMap(([, pairs = '']) => pairs.split(' ').map((pair) => pair.split('=') as [string, string])),
  );
}

/** The same in both. */
function ofHealthcheck(): string[] {
  const ofTheImage = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))?.[1] ?? '[]';
  const inCompose = /test: \[CMD, (node.*)\]/.exec(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'))?.[1]?.split(', ');
  expect(JSON.parse(ofTheImage)).toEqual(inCompose);
  return JSON.parse(ofTheImage) as string[];
}

/** The environment that web and worker share, where the variables that it passes on are not set. */
function ofCompose(): Variables {
  const [, block = ''] =
    /environment: &environment\n((?: {6}.*\n)+)/.exec(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')) ?? [];
  const pairs = [...block.matchAll(/^ +([A-Z_]+): (.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'),
  ]);
  return Object.fromEntries(pairs);
}
