// One client cannot harm others with one socket: pipelined requests, unread answers, endless bodies.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FLOOD, PERSON, prepare, type Running, start, temporaryFolder } from '../end-to-end/running.js';

const AHEAD = 500;
const BEACONS = 30;
/** How many times as long a beacon may take while another client has pipelined requests. */
const RATIO_MAX = 20;
/** In the processor time of a beacon. Before answers were prepared once, it was 5 to 180 times as much. */
const COST_MAX = 3;

const ANONYMOUS = [
  'GET /',
  'GET /health',
  'GET /track.js',
  'GET /page.en.js',
  'GET /page.css',
  'GET /other-pages.css',
  'GET /start.js',
  'GET /favicon.ico',
  'GET /nothing',
  'GET /setup/wrong',
  'GET /sites/garden',
  'GET /api/v1/openapi.json',
  'GET /api/v1/openapi.json?format=yaml',
  'GET /api/v1/sites',
  'GET /api/v1/sites/garden/traffic',
  'GET /api/v1/nothing',
  'HEAD /page.en.js',
  'POST /sign-in',
  'POST /sign-out',
  'POST /setup/wrong',
  'OPTIONS /',
];

const folder = temporaryFolder();
let service: Running;

beforeAll(async () => {
  await prepare(folder.path, [{ id: 'garden' }]);
  service = await start(folder.path, FLOOD);
});

afterAll(async () => {
  expect(service.stderr()).toBe('');
  expect(await service.stop()).toBe(0);
  folder.remove();
});

const BEACON = `GET /a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F HTTP/1.1\r\nHost: x\r\nUser-Agent: ${PERSON}\r\n\r\n`;

function request(route: string): string {
  const body = route.startsWith('POST') ? 'token=x' : '';
  const form = body === '' ? '' : `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n`;
  return `${route} HTTP/1.1\r\nHost: x\r\n${form}\r\n${body}`;
}

const STATUS = 'HTTP/1.1 ';
/** Characters of the answers, from the end. */
const KEPT = 20_000;

/** Its answers are read only after `read` is called. */
async function open() {
  const socket = connect(service.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {}); // closed while we were still writing
  let [text, count] = ['', 0];
  let look = (): void => {};
  const read = (): void => {
    let rest = '';
    socket.setEncoding('latin1').on('data', (data: string) => {
      const pieces = (rest + data).split(STATUS);
      count += pieces.length - 1;
      rest = (pieces.at(-1) as string).slice(-STATUS.length + 1);
      text = (text + data).slice(-KEPT);
      look();
    });
    socket.on('close', () => look());
  };
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        if (isSo()) resolve();
        else if (socket.closed) reject(new Error(`closed after ${count} answers`));
      };
      look();
    });
  return { socket, read, until, answers: () => count, text: () => text };
}

/** One after the other on a connection, as a proxy sends them. */
async function beacons(number: number): Promise<number> {
  const client = await open();
  client.read();
  const began = performance.now();
  for (let answered = 1; answered <= number; answered++) {
    client.socket.write(BEACON);
    await client.until(() => client.answers() === answered);
  }
  const tookMs = performance.now() - began;
  expect(client.text().match(/HTTP\/1\.1 200 /g)).toHaveLength(number);
  client.socket.destroy();
  return tookMs;
}

async function sendAhead(socket: Socket, bytes: string): Promise<void> {
  await new Promise((resolve) => socket.write(bytes, resolve));
}

describe('pipelined requests on one socket', () => {
  it.each(ANONYMOUS)('to %s do not delay beacons on another, whether or not their answers are read', async (route) => {
    await beacons(BEACONS); // warm
    const ratios: number[] = [];
    // the machine may be busy for a while
    while (ratios.length < 8 && !ratios.some((ratio) => ratio < RATIO_MAX)) {
      const aloneMs = await beacons(BEACONS);
      const greedy = await open();
      await sendAhead(greedy.socket, request(route).repeat(AHEAD));
      ratios.push((await beacons(BEACONS)) / aloneMs);
      greedy.read();
      await greedy.until(() => greedy.answers() >= AHEAD);
      expect(greedy.answers()).toBe(AHEAD);
      greedy.socket.destroy();
    }
    expect(Math.min(...ratios)).toBeLessThan(RATIO_MAX);
  });

  it('wait while their answers are not read, and are then answered completely and in order', async () => {
    const before = (await service.health()).beacon.taken;
    const greedy = await open();
    await sendAhead(greedy.socket, request('GET /api/v1/openapi.json').repeat(AHEAD) + BEACON);
    await beacons(BEACONS);
    expect((await service.health()).beacon.taken).toBe(before + BEACONS);
    greedy.read();
    await greedy.until(() => greedy.answers() === AHEAD + 1 && greedy.text().includes('GIF89a'));
    expect(greedy.text().slice(greedy.text().lastIndexOf(STATUS))).toContain('image/gif');
    expect((await service.health()).beacon.taken).toBe(before + BEACONS + 1);
    greedy.socket.destroy();
  });

  it('are counted once each if they are beacons, with bodies or without', async () => {
    const before = (await service.health()).beacon.taken;
    const body = 's=garden&u=https%3A%2F%2Fgarden.example%2F';
    const post = `POST /a.gif HTTP/1.1\r\nHost: x\r\nUser-Agent: ${PERSON}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const chunked = `POST /a.gif HTTP/1.1\r\nHost: x\r\nUser-Agent: ${PERSON}\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`;
    const greedy = await open();
    greedy.read();
    await sendAhead(greedy.socket, (BEACON + post).repeat(AHEAD) + chunked);
    await greedy.until(() => greedy.answers() === 2 * AHEAD + 1);
    await greedy.until(() => greedy.socket.closed); // after the one in chunks
    expect((await service.health()).beacon.taken).toBe(before + 2 * AHEAD + 1);
  });

  it('do not stop the service when clients disconnect in the middle', async () => {
    for (let times = 0; times < 20; times++) {
      const greedy = await open();
      await sendAhead(greedy.socket, request('GET /page.en.js').repeat(AHEAD));
      greedy.socket.resetAndDestroy();
    }
    await beacons(BEACONS);
  });
});

/** CPU time of the thread that accepts hits; Linux counts it in hundredths of a second. */
function ticks(): number {
  const fields = readFileSync(`/proc/${service.pid}/task/${service.pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

/** The CPU time of one request, measured with `sockets` times `each` requests. */
async function costOf(bytes: string, sockets: number, each: number): Promise<number> {
  const clients = await Promise.all(Array.from({ length: sockets }, open));
  const before = ticks();
  await Promise.all(
    clients.map(async ({ socket, read, until, answers }) => {
      read();
      await sendAhead(socket, bytes.repeat(each));
      await until(() => answers() === each);
      socket.destroy();
    }),
  );
  return (ticks() - before) / (sockets * each);
}

(process.platform === 'linux' ? describe : describe.skip)('what anyone may ask for', () => {
  let beaconCost = 0;
  beforeAll(async () => {
    await costOf(BEACON, 20, 200);
    beaconCost = await costOf(BEACON, 20, 500);
  });

  it.each(ANONYMOUS)('costs about as much for %s as for a beacon', async (route) => {
    await costOf(request(route), 10, 10);
    expect((await costOf(request(route), 10, 150)) / beaconCost).toBeLessThan(COST_MAX);
  });
});

describe('an endless body', () => {
  const CHUNK = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const CHUNKS_MAX = 1000;

  /** Sends chunks for as long as the server accepts them. Returns how many were sent, and the answer. */
  async function pour(head: string): Promise<{ chunks: number; text: string; closed: boolean }> {
    const client = await open();
    client.read();
    client.socket.write(`${head}Host: x\r\nUser-Agent: ${PERSON}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    let [chunks, closed] = [0, false];
    client.socket.on('close', () => {
      closed = true;
    });
    while (!closed && chunks < CHUNKS_MAX) {
      chunks++;
      await new Promise((resolve) => client.socket.write(CHUNK, resolve));
      await new Promise(setImmediate);
    }
    if (!closed) client.socket.destroy();
    return { chunks, text: client.text(), closed };
  }

  it('to the beacon is ended early and answered with the GIF and the reason', async () => {
    const before = (await service.health()).beacon.refused['too-large'] ?? 0;
    const { chunks, text, closed } = await pour('POST /a.gif HTTP/1.1\r\n');
    expect({ closed, isAll: chunks === CHUNKS_MAX }).toEqual({ closed: true, isAll: false });
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain('X-Hitherto: too-large\r\n');
    expect(text).toContain('Connection: close\r\n');
    expect(text).toMatch(/\r\n\r\nGIF89a/);
    expect((await service.health()).beacon.refused['too-large']).toBe(before + 1);
  });

  it.each([
    'POST /sign-in',
    'POST /sign-out',
    'POST /setup/wrong',
    'POST /nothing',
    'POST /api/v1/sites',
    'GET /',
    'GET /health',
    'GET /page.en.js',
    'GET /api/v1/openapi.json',
    'GET /a.gif?s=garden',
    'PUT /a.gif?s=garden',
  ])('to %s is ended early', async (route) => {
    const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
    const { chunks, closed } = await pour(`${route} HTTP/1.1\r\n${form}`);
    expect({ closed, isAll: chunks === CHUNKS_MAX }).toEqual({ closed: true, isAll: false });
  });
});

describe('a body that announces more than 64 KB', () => {
  it.each([
    ['POST /a.gif', /^HTTP\/1\.1 200 [\s\S]*X-Hitherto: too-large\r\n[\s\S]*\r\n\r\nGIF89a/],
    ['POST /sign-in', /^HTTP\/1\.1 400 [\s\S]*text\/html[\s\S]*64 KB/],
    ['POST /api/v1/sites', /^HTTP\/1\.1 400 [\s\S]*"code":"bad-request"/],
    ['GET /health', /^HTTP\/1\.1 400 [\s\S]*64 KB/],
  ])('to %s is answered before it arrives, and the connection is closed', async (route, answer) => {
    const client = await open();
    client.read();
    client.socket.write(`${route} HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\nx`);
    await client.until(() => client.socket.closed);
    expect(client.text()).toMatch(answer);
    expect(client.text()).toContain('Connection: close\r\n');
    expect(client.answers()).toBe(1);
  });

  it('is answered even if the client sends all of it before reading', async () => {
    const body = new URLSearchParams({ s: 'garden', u: `https://garden.example/${'x'.repeat(900_000)}` });
    for (let times = 0; times < 10; times++) {
      const response = await fetch(`${service.url}/a.gif`, { method: 'POST', body });
      expect([response.status, response.headers.get('x-hitherto')]).toEqual([200, 'too-large']);
      expect((await response.arrayBuffer()).byteLength).toBe(43);
    }
  });

  it('of exactly 64 KB is read, and the connection stays open', async () => {
    const client = await open();
    client.read();
    const begin = 's=garden&u=https%3A%2F%2Fgarden.example%2F&t=';
    const body = begin + 'x'.repeat(64 * 1024 - begin.length);
    const head = `POST /a.gif HTTP/1.1\r\nHost: x\r\nUser-Agent: ${PERSON}\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (const answered of [1, 2]) {
      client.socket.write(head + body);
      await client.until(() => client.answers() === answered);
    }
    expect(client.text()).not.toContain('X-Hitherto');
    expect(client.text()).not.toContain('Connection: close');
    client.socket.destroy();
  });
});
