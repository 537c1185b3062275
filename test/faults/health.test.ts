// The answers of /health, /health/live and /health/ready, and the log, while hits cannot be written and afterwards.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PERSON, prepare, type Running, start, temporaryFolder } from '../end-to-end/running.js';
import { canMount, mount } from '../fixtures/small-disk.js';
import { until } from '../fixtures/until.js';

const SITE = 'garden';
const HEALTHCHECK = resolve(import.meta.dirname, '../../dist/src/healthcheck.js');

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function started(dataDir: string, env = {}): Promise<Running> {
  await prepare(dataDir, [{ id: SITE }]);
  const service = await start(dataDir, env);
  cleanUp.push(() => service.kill9());
  return service;
}

function newFolder(): string {
  const folder = temporaryFolder();
  cleanUp.push(folder.remove);
  return folder.path;
}

/** A browser with a record needs no salt. */
async function hit({ url }: Running, more = ''): Promise<number> {
  const page = encodeURIComponent(`https://${SITE}.example/`);
  return (await fetch(`${url}/a.gif?s=${SITE}&u=${page}${more}`, { headers: { 'User-Agent': PERSON } })).status;
}

interface State {
  readonly http: number;
  readonly status: string;
  readonly failure?: string;
}

async function state({ url }: Running, probe = ''): Promise<State> {
  const answer = await fetch(`${url}/health${probe}`);
  return { http: answer.status, ...((await answer.json()) as Omit<State, 'http'>) };
}

const OK = { http: 200, status: 'ok' };

describe('/health', () => {
  it('answers 200 at each of its addresses when all is well', async () => {
    const service = await started(newFolder());
    expect(await hit(service)).toBe(200);
    for (const probe of ['', '/live', '/ready']) expect(await state(service, probe)).toMatchObject(OK);
    expect((await fetch(`${service.url}/health/other`)).status).toBe(404);
  });

  it('fails while the salt of a day cannot be written, logs it once, and recovers without a hit', async () => {
    const dataDir = newFolder();
    const service = await started(dataDir);
    const inTheWay = join(dataDir, 'salts.json.draft');
    mkdirSync(inTheWay);
    for (let i = 0; i < 10; i++) expect(await hit(service)).toBe(503);
    expect(await hit(service, '&f=0&n=1&g=1&h=1.1')).toBe(200);

    const failing = { http: 503, status: 'failing' };
    expect(await state(service)).toMatchObject({ ...failing, beacon: { failure: expect.stringContaining('salts.json') } });
    expect(await state(service, '/ready')).toEqual({ ...failing, failure: expect.stringContaining('salts.json') });
    expect(await state(service, '/live')).toEqual(OK);
    expect(healthcheck(service)).toEqual({ code: 1, stdout: expect.stringMatching(/^[^\n]*salts\.json[^\n]*\n$/) });
    expect(service.stderr()).toMatch(/^hitherto: hits cannot be stored, and are answered with 503: [^\n]*salts\.json[^\n]*\n$/);

    rmdirSync(inTheWay);
    await until(async () => (await state(service, '/ready')).http === 200);
    expect(await state(service)).toMatchObject(OK);
    expect(healthcheck(service)).toEqual({ code: 0, stdout: '' });
    expect(await hit(service)).toBe(200);
    expect(service.stderr()).toMatch(/^[^\n]*\nhitherto: hits are stored again\n$/);
    expect(await service.stop()).toBe(0);
  });

  it('lets the healthcheck of the image report a process that does not answer', async () => {
    const service = await started(newFolder());
    expect(await service.stop()).toBe(0);
    expect(healthcheck(service)).toEqual({ code: 1, stdout: expect.stringMatching(/^[^\n]*ECONNREFUSED[^\n]*\n$/) });
  });
});

(canMount ? describe : describe.skip)('a disk that is full', () => {
  it('reports a full disk, keeps running even with the log on that disk, and recovers when there is space again', async () => {
    const disk = mount(cleanUp, 'size=16m');
    const service = await started(disk);
    expect(await hit(service)).toBe(200);
    fill(join(disk, 'ballast'));
    await until(async () => (await hit(service)) === 503);
    expect(await state(service)).toMatchObject({ http: 503, status: 'failing' });
    expect(await state(service, '/ready')).toMatchObject({ http: 503, failure: expect.stringContaining('ENOSPC') });
    rmSync(join(disk, 'ballast'));
    await until(async () => (await state(service, '/ready')).http === 200);
    expect(await hit(service)).toBe(200);
    expect(service.stderr().match(/answered with 503/g)).toHaveLength(1);
    expect(service.stderr().match(/stored again/g)).toHaveLength(1);
    expect(await service.stop()).toBe(0);
  });
});

/** The command that Docker runs in the container, with the environment of the service. */
function healthcheck({ port }: Running): { code: number | null; stdout: string } {
  const env = { PATH: process.env.PATH, PORT: String(port) };
  const { status, stdout } = spawnSync(process.execPath, [HEALTHCHECK], { env, encoding: 'utf8' });
  return { code: status, stdout };
}

/** Fills the disk until not a single byte fits. */
function fill(path: string): void {
  for (const bytes of [1 << 20, 1 << 12, 1]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(bytes));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  }
}
