import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGunzip } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { until } from '../../test/fixtures/until.js';
import { type EventStream, eventNow, joined, sharedEvent, startEventStream } from './event-stream.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Opens a stream over HTTP. `text` is what the client has read so far, unpacked as it arrives. */
async function open(encoding: string): Promise<{ stream: EventStream; headers: IncomingMessage['headers']; text(): string }> {
  let opened: EventStream | undefined;
  server = createServer((req, res) => {
    opened = startEventStream(req, res);
    opened.send(eventNow('retry: 2000\n\n'));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request({ port, host: '127.0.0.1', headers: { 'Accept-Encoding': encoding } }, resolve)
      .on('error', reject)
      .end(),
  );
  let text = '';
  const body = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
  body.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  response.on('error', () => {});
  return { stream: opened as EventStream, headers: response.headers, text: () => text };
}

describe('a stream of events', () => {
  it.each([
    ['', undefined],
    ['br', undefined],
    ['gzip;q=0', undefined],
    ['br, gzip', 'gzip'],
  ])('for a client that accepts "%s" is encoded as %s, and each event arrives at once', async (accepted, encoding) => {
    const { stream, headers, text } = await open(accepted);
    expect([headers['content-encoding'], headers['content-type']]).toEqual([encoding, 'text/event-stream; charset=utf-8']);
    let sent = 'retry: 2000\n\n';
    await until(() => text() === sent);
    for (const length of [0, 1, 1023, 1024, 70_000, 200_000]) {
      const event = `event: é\ndata: ${'x'.repeat(length)}\n\n`;
      stream.send(eventNow(event));
      expect(stream.sendShared(await sharedEvent(event))).toBe(true);
      sent += event + event;
      await until(() => text() === sent);
    }
  });

  it('is packed as any client unpacks it, in whatever order events come', async () => {
    const { stream, text } = await open('gzip');
    let sent = 'retry: 2000\n\n';
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 3000, unit: 'binary' }), { maxLength: 8 }), async (events) => {
        for (const [i, event] of events.entries()) {
          if (i % 2 === 0) stream.send(eventNow(event));
          else stream.sendShared(await sharedEvent(event));
          sent += event.toWellFormed();
        }
        await until(() => text() === sent);
      }),
      { numRuns: 20 },
    );
  });

  it('packs a large event much smaller than it is', async () => {
    const { plain, packed } = await sharedEvent(JSON.stringify(Array(1000).fill({ key: '/posts/a', views: 5 })));
    expect(packed.length).toBeLessThan(plain.length / 20);
  });

  it('is sent completely to a client that reads, however much comes at once, and says when that is read', async () => {
    const { stream, text } = await open('gzip');
    const missed = Array.from({ length: 200 }, (_, i) => `id: ${i}\ndata: ${'x'.repeat(1500)}\n\n`);
    stream.send(joined(missed.map((event) => eventNow(event))));
    const [small, large] = [eventNow('data: small\n\n'), eventNow(`data: ${'y'.repeat(100_000)}\n\n`)];
    stream.send(small);
    expect(stream.sendShared(large)).toBe(false);
    let isSent: boolean | undefined;
    stream.whenRead(() => {
      isSent = stream.sendShared(large);
    });
    const sent = `retry: 2000\n\n${missed.join('')}${[small, large].map(({ plain }) => plain).join('')}`;
    await until(() => text() === sent);
    expect(isSent).toBe(true);
  });

  /** A response that nobody reads. */
  function unread() {
    return {
      writableLength: 0,
      destroyed: false,
      writableEnded: false,
      writeHead() {},
      flushHeaders() {},
      write(bytes: Buffer) {
        this.writableLength += bytes.length;
      },
      destroy() {
        this.destroyed = true;
      },
    };
  }
  const started = (res: ReturnType<typeof unread>, clockMs?: () => number) =>
    startEventStream({ method: 'GET', headers: {} } as IncomingMessage, res as unknown as ServerResponse, clockMs);

  it('disconnects a client that has read nearly nothing for half a minute', () => {
    const res = unread();
    let nowMs = 0;
    const stream = started(res, () => nowMs);
    const [large, heartbeat] = [{ plain: Buffer.alloc(100_000), packed: Buffer.alloc(0) }, eventNow(': still here\n\n')];
    stream.sendShared(large);
    const wait = (ms: number) => {
      nowMs += ms;
      stream.send(heartbeat);
    };
    wait(0);
    wait(29_000);
    res.writableLength = 0; // it has read everything
    wait(2_000);
    stream.sendShared(large);
    wait(0);
    wait(29_000);
    expect(res.destroyed).toBe(false);
    wait(2_000);
    expect(res.destroyed).toBe(true);
  });

  it('sends no shared events to a client that has not read the last ones, and disconnects one that never reads', () => {
    const res = unread();
    const stream = started(res);
    const event = { plain: Buffer.alloc(2_000_000), packed: Buffer.alloc(0) };
    expect(stream.sendShared(event)).toBe(true);
    expect(stream.sendShared(event)).toBe(false);
    for (let i = 0; i < 60; i++) stream.send(eventNow('x'.repeat(1024)));
    expect(res.destroyed).toBe(false);
    for (let i = 0; i < 10; i++) stream.send(eventNow('x'.repeat(1024)));
    expect(res.destroyed).toBe(true);
    expect(stream.sendShared(event)).toBe(false);
  });
});
