// The addresses that HOST can name: the printed one can be opened; a Unix socket exists for a proxy, and is removed
// at the end.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../fixtures/until.js';
import {
  type Environment,
  PERSON,
  prepare,
  type RunningAnywhere,
  startAndEnd,
  startAnywhere,
  temporaryFolder,
} from './running.js';

const SITE = 'garden';
const PUBLIC_URL = 'https://stats.example.com';

const cleanUp: Array<() => unknown> = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

function newFolder(): string {
  const folder = temporaryFolder();
  cleanUp.push(folder.remove);
  return folder.path;
}

async function started(env: Environment): Promise<RunningAnywhere> {
  const service = await startAnywhere('', env);
  cleanUp.push(() => service.kill9());
  return service;
}

function ask(options: RequestOptions): Promise<{ status: number | undefined; text: string }> {
  return new Promise((answered, reject) => {
    const asking = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => answered({ status: response.statusCode, text }));
    });
    asking.on('error', reject);
    asking.end();
  });
}

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');
if (!hasIpv6) process.stderr.write('\nSKIPPED: this machine has no IPv6, so HOST is not tried with its addresses\n');

describe('the address printed for HOST', () => {
  it.each(['127.0.0.1', 'localhost', '0.0.0.0', ...(hasIpv6 ? ['::1', '[::1]', '::', '[::]', '0:0:0:0:0:0:0:0'] : [])])(
    '%s can be opened',
    async (host) => {
      const service = await started({ HOST: host, DATA_DIR: newFolder() });
      expect(new URL(service.url).hostname).not.toMatch(/^(0\.0\.0\.0|\[::\])$/);
      const answer = await fetch(`${service.url}/health`);
      expect({ status: answer.status, answer: await answer.json() }).toMatchObject({ status: 200, answer: { status: 'ok' } });
      expect(await service.stop()).toBe(0);
    },
  );
});

describe('a Unix socket', () => {
  const socketIn = (folder: string) => join(folder, 'hitherto.sock');
  const onSocket = (folder: string, more: Environment = {}): Environment => ({
    HOST: `unix:${socketIn(folder)}`,
    DATA_DIR: join(folder, 'data'),
    PUBLIC_URL,
    ...more,
  });
  const health = (folder: string) => ask({ socketPath: socketIn(folder), path: '/health' });

  it('is listened on, for the owner and the group only, and removed at the stop', async () => {
    const folder = newFolder();
    const service = await started(onSocket(folder));
    expect(service.url).toBe(`unix:${socketIn(folder)}`);
    expect(service.stdout()).toContain(`\nIts public address is ${PUBLIC_URL}\n`);
    expect(statSync(socketIn(folder)).mode & 0o777).toBe(0o660);
    expect(await health(folder)).toMatchObject({ status: 200 });
    expect(await service.stop()).toBe(0);
    expect(existsSync(socketIn(folder))).toBe(false);
  });

  it('left by a killed service is replaced by the next start', async () => {
    const folder = newFolder();
    const first = await started(onSocket(folder));
    await first.kill9();
    expect(existsSync(socketIn(folder))).toBe(true);
    const second = await started(onSocket(folder));
    expect(await health(folder)).toMatchObject({ status: 200 });
    expect(await second.stop()).toBe(0);
  });

  it('of a running service is left alone', async () => {
    const folder = newFolder();
    await started(onSocket(folder));
    const { code, stderr } = await startAndEnd(onSocket(folder, { DATA_DIR: join(folder, 'other') }));
    expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringMatching(/^hitherto: the socket \S+ is taken [^\n]*\n$/) });
    expect(await health(folder)).toMatchObject({ status: 200 });
  });

  it('does not replace a file', async () => {
    const folder = newFolder();
    writeFileSync(socketIn(folder), 'precious');
    const { code, stderr } = await startAndEnd(onSocket(folder));
    expect({ code, stderr }).toEqual({ code: 73, stderr: expect.stringMatching(/^hitherto: \S+ exists already [^\n]*\n$/) });
    expect(statSync(socketIn(folder)).size).toBe('precious'.length);
  });

  it.each([
    [
      'in a folder that is not there',
      { HOST: 'unix:/nowhere/at/all.sock' },
      73,
      /the socket \/nowhere\/at\/all\.sock cannot be created/,
    ],
    ['without a path', { HOST: 'unix:' }, 78, /HOST: "unix:" has no path/],
    ['with a path that is too long', { HOST: `unix:/tmp/${'x'.repeat(120)}` }, 78, /HOST: .* has a path of more than 103 bytes/],
    ['without a public address', { PUBLIC_URL: '' }, 78, /PUBLIC_URL: is needed with HOST=unix:/],
  ])('%s is refused in one line', async (_what, more, code, message) => {
    const ended = await startAndEnd(onSocket(newFolder(), more));
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(/^[^\n]*\n$/);
    expect(ended.stderr).toMatch(message);
  });

  it('uses the visitors’ addresses from its proxy if TRUST_PROXY contains unix, and else prints what to set', async () => {
    for (const [trusted, visitors] of [
      ['unix', 2],
      ['127.0.0.1', 1],
    ] as const) {
      const folder = newFolder();
      mkdirSync(join(folder, 'data'));
      const token = await prepare(join(folder, 'data'), [{ id: SITE }]);
      const service = await started(onSocket(folder, { TRUST_PROXY: trusted }));
      const path = `/a.gif?s=${SITE}&u=${encodeURIComponent(`https://${SITE}.example/`)}`;
      for (const address of ['203.0.113.7', '203.0.113.8', '203.0.113.7']) {
        const headers = { 'User-Agent': PERSON, 'X-Forwarded-For': address };
        expect(await ask({ socketPath: socketIn(folder), path, headers })).toMatchObject({ status: 200 });
      }
      const total = async () => {
        const headers = { Authorization: `Bearer ${token}` };
        const { text } = await ask({ socketPath: socketIn(folder), path: `/api/v1/sites/${SITE}/traffic?period=7d`, headers });
        return (JSON.parse(text) as { total: { views: number; visitors: number } }).total;
      };
      await until(async () => (await total()).views >= 3);
      expect(await total()).toMatchObject({ views: 3, visitors });
      expect(service.stderr().includes('set TRUST_PROXY=unix')).toBe(trusted !== 'unix');
      expect(await service.stop()).toBe(0);
    }
  });
});

describe('a port', () => {
  it('that is in use is named as a web address', async () => {
    if (!hasIpv6) return;
    const server = createTcpServer();
    await new Promise<void>((listening) => server.listen(0, '::1', listening));
    cleanUp.push(() => server.close());
    const { port } = server.address() as { port: number };
    const { code, stderr } = await startAndEnd({ HOST: '[::1]', PORT: String(port), DATA_DIR: newFolder() });
    expect({ code, stderr }).toEqual({ code: 69, stderr: expect.stringContaining(`[::1]:${port} is taken by another program`) });
  });
});
