// Server-sent events on a response. Where the client accepts gzip, an event is packed once for all streams that get it: each
// is a piece of a deflate stream that refers to nothing before it, so the same bytes continue any stream.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import { acceptsGzip } from './encoding.js';

/** A client with more than this to read gets no event that can wait. One that has this much more to read then does not read. */
const UNREAD_BYTES_MAX = 64 * 1024;
/** A client that has more than that to read for this long does not read either. */
const UNREAD_MS_MAX = 30_000;
/** A shorter event is not worth packing. */
const PACKED_BYTES_MIN = 1024;
/** The header of a gzip stream (RFC 1952): deflate, no flags, no time, unknown system. It has no end, as the stream has none. */
const GZIP_BEGIN = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** The length of a block of deflate that is not compressed. */
const BLOCK_BYTES_MAX = 0xffff;

/** An event as streams get it, encoded once for all of them. */
export interface SharedEvent {
  readonly plain: Buffer;
  readonly packed: Buffer;
}

export interface EventStream {
  /** Disconnects a client that does not read; it reconnects if it is alive. */
  send(event: SharedEvent): void;
  /** False, and nothing is sent, while the client still reads earlier events. */
  sendShared(event: SharedEvent): boolean;
  /** Calls back once, when the client has read everything. After `sendShared` has returned false. */
  whenRead(callback: () => void): void;
  end(): void;
}

/** Packed in the threads of zlib. */
export async function sharedEvent(text: string | Buffer): Promise<SharedEvent> {
  const plain = bufferOf(text);
  return plain.length < PACKED_BYTES_MIN ? eventNow(plain) : { plain, packed: await deflated(plain) };
}

/** Several events as one, so that together they count as the last large one of a client that reads them. */
export function joined(events: readonly SharedEvent[]): SharedEvent {
  return { plain: Buffer.concat(events.map(({ plain }) => plain)), packed: Buffer.concat(events.map(({ packed }) => packed)) };
}

/** For an event that must not wait. It does not become smaller. */
export function eventNow(text: string | Buffer): SharedEvent {
  const plain = bufferOf(text);
  return { plain, packed: inBlocks(plain) };
}

function bufferOf(text: string | Buffer): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : text;
}

/** Sends the head of the answer. `clockMs`: a clock that is never set back. */
export function startEventStream(req: IncomingMessage, res: ServerResponse, clockMs = () => performance.now()): EventStream {
  const isPacked = acceptsGzip(req.headers['accept-encoding']);
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    Vary: 'Accept-Encoding',
    'X-Accel-Buffering': 'no', // else nginx holds it back
    ...(isPacked && { 'Content-Encoding': 'gzip' }),
  });
  if (req.method === 'HEAD') res.end();
  else if (isPacked) res.write(GZIP_BEGIN);
  else res.flushHeaders();

  /** The length of the last event that was sent when the client had read the ones before. */
  let lastBytes = 0;
  let fullSinceMs: number | undefined;
  const isFull = (): boolean => {
    if (res.writableLength <= UNREAD_BYTES_MAX) fullSinceMs = undefined;
    else fullSinceMs ??= clockMs();
    if (fullSinceMs !== undefined && clockMs() - fullSinceMs > UNREAD_MS_MAX) res.destroy();
    return fullSinceMs !== undefined;
  };
  const write = (bytes: Buffer): void => {
    if (!isFull()) lastBytes = bytes.length;
    else if (res.writableLength > UNREAD_BYTES_MAX + lastBytes) res.destroy();
    if (!res.writableEnded && !res.destroyed) res.write(bytes);
  };
  const bytesOf = ({ plain, packed }: SharedEvent): Buffer => (isPacked ? packed : plain);
  return {
    send: (event) => write(bytesOf(event)),
    sendShared(event) {
      if (isFull() || res.writableEnded || res.destroyed) return false;
      write(bytesOf(event));
      return true;
    },
    whenRead: (callback) => void res.once('drain', callback),
    end: () => void res.end(),
  };
}

const deflate = promisify(deflateRaw);

function deflated(bytes: Buffer): Promise<Buffer> {
  return deflate(bytes, { finishFlush: constants.Z_FULL_FLUSH });
}

/** Uncompressed blocks of deflate (RFC 1951, 3.2.4): no work for the thread that answers beacons. */
function inBlocks(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES_MAX) {
    const block = bytes.subarray(at, at + BLOCK_BYTES_MAX);
    const head = Buffer.alloc(5); // the first byte: not the last block, type 0
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ BLOCK_BYTES_MAX, 3);
    blocks.push(head, block);
  }
  return Buffer.concat(blocks);
}
