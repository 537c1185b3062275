// Requests byte by byte, which no browser or HTTP library would send.
import { connect } from 'node:net';

export interface Answer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The number of answers; pipelined requests have several. */
  readonly answers: number;
  readonly tookMs: number;
}

const WAIT_MS_MAX = 60_000;

/**
 * Sends the bytes over a connection of their own and reads until it is closed. Requests should contain `Connection:
 * close`.
 */
export function exchange(port: number, bytes: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(WAIT_MS_MAX, () => {
      socket.destroy();
      reject(new Error('the connection was left open without an answer'));
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {}); // closed while we were still writing; 'close' follows
    socket.on('close', () => resolve({ ...read(Buffer.concat(chunks)), tookMs: performance.now() - began }));
  });
}

function read(received: Buffer): Omit<Answer, 'tookMs'> {
  const text = received.toString('latin1').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return { status: 0, headers: {}, body: received, answers: 0 };
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: Buffer.from(text.slice(end + 4), 'latin1'),
    answers: text.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0,
  };
}
