import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bestEncoding } from './encoding.js';
import { createPreparing, type Prepared } from './prepared.js';

const TEXT = 'Größe '.repeat(1000);

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const READER = { locale: 'en', theme: 'system' } as const;

describe('a prepared answer', () => {
  const { prepare, error } = createPreparing(
    () => ({ 'X-Shared': 'yes' }),
    () => ({ base: '' }),
  );
  const type = { 'Content-Type': 'text/plain; charset=utf-8' };
  const answers: Record<string, Prepared> = {
    '/kept': prepare({ status: 200, headers: { ...type, 'Cache-Control': 'no-cache' }, body: TEXT }),
    '/small': prepare({ status: 200, headers: { ...type, 'Cache-Control': 'no-cache' }, body: 'small' }),
    '/not-kept': prepare({ status: 200, headers: { ...type, 'Cache-Control': 'no-store' }, body: TEXT }),
  };
  let server: Server;

  beforeAll(async () => {
    server = createServer((req, res) => (answers[req.url ?? ''] as Prepared).send(req, res));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const sent = request({ port, path, method, headers, agent: false }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) }));
      });
      sent.on('error', reject).end();
    });

  /** The compressed forms are made by other threads. */
  const compressed = async (path: string, accepted: string): Promise<Got> => {
    for (;;) {
      const got = await get(path, { 'Accept-Encoding': accepted });
      if (got.headers['content-encoding'] !== undefined) return got;
    }
  };

  it('is the same in every encoding', async () => {
    const [br, gzip, plain] = [await compressed('/kept', 'gzip, br'), await compressed('/kept', 'gzip'), await get('/kept')];
    expect([br, gzip, plain].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', undefined]);
    expect(brotliDecompressSync(br.body).toString()).toBe(TEXT);
    expect(gunzipSync(gzip.body).toString()).toBe(TEXT);
    expect(plain.body.toString()).toBe(TEXT);
    expect(new Set([br, gzip, plain].map(({ headers }) => headers.etag)).size).toBe(1);
    for (const { headers, body } of [br, gzip, plain]) {
      expect(headers).toMatchObject({ vary: 'Accept-Encoding', 'x-shared': 'yes', 'content-length': String(body.length) });
    }
  });

  it('is answered 304 to a client that has it', async () => {
    const { headers } = await get('/kept');
    const tag = String(headers.etag);
    for (const known of [tag, tag.replace('W/', ''), `"other", ${tag}`, '*']) {
      const { status, headers, body } = await get('/kept', { 'If-None-Match': known });
      expect([known, status, body.length]).toEqual([known, 304, 0]);
      expect(headers).toMatchObject({ etag: tag, 'cache-control': 'no-cache', 'x-shared': 'yes' });
    }
    expect((await get('/kept', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('has no body for HEAD', async () => {
    const { status, headers, body } = await get('/kept', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, String(Buffer.byteLength(TEXT)), 0]);
  });

  it('is sent uncompressed if it is small or must not be cached', async () => {
    await compressed('/kept', 'br');
    for (const path of ['/small', '/not-kept']) {
      const { headers } = await get(path, { 'Accept-Encoding': 'br' });
      expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined]);
    }
    expect((await get('/not-kept')).headers.etag).toBeUndefined();
  });

  it('is the same object for the same problem', () => {
    expect(error({ code: 'not-found' }, READER)).toBe(error({ code: 'not-found' }, READER));
    expect(error({ code: 'not-found' }, READER)).not.toBe(error({ code: 'not-found' }, undefined));
    expect(error({ code: 'not-found' }, READER)).not.toBe(error({ code: 'not-found' }, { ...READER, theme: 'dark' }));
    const later = (retryAfterSeconds: number) => error({ code: 'too-often', retryAfterSeconds }, READER);
    expect(later(1)).not.toBe(later(2));
  });
});

describe('the encoding for a client', () => {
  it.each([
    ['', ''],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['deflate', ''],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br; q=0.8 , gzip ;q=0.5', 'br'],
    ['*', 'br'],
    ['*;q=0', ''],
    ['gzip;q=0, *', 'br'],
    ['identity', ''],
    ['br;q=x', ''],
    ['gzip'.repeat(1000), ''],
  ])('that accepts %.40j is %j', (accepted, encoding) => {
    expect(bestEncoding(accepted)).toBe(encoding);
    expect(bestEncoding(accepted)).toBe(encoding);
  });
});
