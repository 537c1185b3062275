import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/fixtures/until.js';
import { createListener } from './listener.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

async function listening(handle: RequestListener, waitingMax?: number) {
  const server = createServer(createListener(handle, waitingMax));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return async (bytes: string): Promise<{ socket: Socket; text: () => string }> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    let text = '';
    socket.setEncoding('latin1').on('data', (data: string) => {
      text += data;
    });
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(bytes, resolve));
    return { socket, text: () => text };
  };
}

describe('requests of one socket', () => {
  it('are handled in order, each after the previous answer is sent', async () => {
    const [handled, pending]: [string[], Array<() => void>] = [[], []];
    const send = await listening((req, res) => {
      handled.push(req.url as string);
      pending.push(() => res.end(req.url));
    });
    const { socket, text } = await send(get('/1') + get('/2') + get('/3'));
    for (const path of ['/1', '/2', '/3']) {
      await until(() => pending.length > 0);
      expect(handled.at(-1)).toBe(path);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      expect(pending).toHaveLength(1);
      (pending.shift() as () => void)();
    }
    await until(() => text().endsWith('/3'));
    expect(text().match(/\r\n\r\n(\/\d)/g)).toEqual(['\r\n\r\n/1', '\r\n\r\n/2', '\r\n\r\n/3']);
    expect(handled).toEqual(['/1', '/2', '/3']);
    socket.destroy();
  });

  it('are handled in one turn each, even with unread bodies, so that other sockets come between', async () => {
    const send = await listening((_req, res) => res.end('ok'));
    let [turns, isDone] = [0, false];
    const turn = (): void => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    const post = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nx=1';
    const { socket, text } = await send(post.repeat(200));
    await until(() => text().split('HTTP/1.1 200').length - 1 === 200);
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(199);
    socket.destroy();
  });

  it('do not wait for other sockets', async () => {
    const send = await listening((req, res) => {
      if (req.url === '/quick') res.end('quick');
    });
    const slow = await send(get('/never') + get('/quick'));
    const quick = await send(get('/quick'));
    await until(() => quick.text().endsWith('quick'));
    expect(slow.text()).toBe('');
    for (const { socket } of [slow, quick]) socket.destroy();
  });

  it('are read again once all waiting ones are answered, for bodies of any size and any division into packets', async () => {
    const bodies: number[] = [];
    const send = await listening((req, res) => {
      let length = 0;
      req.on('data', (chunk: Buffer) => {
        length += chunk.length;
      });
      req.on('end', () => {
        bodies.push(length);
        setImmediate(() => res.end('ok'));
      });
    });
    const post = (length: number) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`;
    const lengths = Array.from({ length: 60 }, (_, i) => (i * 7919) % 60_000);
    const whole = lengths.map(post).join('');
    const { socket, text } = await send(whole.slice(0, 70_001));
    for (let at = 70_001; at < whole.length; at += 50_021) socket.write(whole.slice(at, at + 50_021));
    await until(() => text().split('HTTP/1.1 200').length - 1 === lengths.length);
    expect(bodies).toEqual(lengths);
    socket.destroy();
  });

  it('are dropped with their socket if too many wait: only the socket that waited longest', async () => {
    const send = await listening((req, res) => {
      if (req.url === '/quick') res.end('quick');
    }, 10);
    const [oldest, second] = [await send(get('/never').repeat(6)), await send(get('/never').repeat(5))];
    const newest = await send(get('/quick').repeat(3));
    await until(() => oldest.socket.closed);
    await until(() => newest.text().split('HTTP/1.1 200').length - 1 === 3);
    expect(second.socket.closed).toBe(false);
    for (const { socket } of [second, newest]) socket.destroy();
  });
});
