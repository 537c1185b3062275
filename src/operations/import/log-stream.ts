// The unpacked bytes of a log, front to back, in pieces of the reader's choosing.
import { closeSync, createReadStream, fstatSync, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { regularFile } from '../../system/untrusted-files.js';
import { GZIP, isArchive, PACKING_BYTES, type Packing, packingOf, unpackedBy } from './packing.js';

export interface LogStream {
  /** Bytes on disk, packed or not. */
  readonly fileBytes: number;
  /** Bytes read from disk until now. */
  readBytes(): number;
  /** Where the next byte that has not been taken is, in the unpacked stream. */
  position(): number;
  /** The next bytes, as many as asked or as there are; they stay where they are until taken. */
  peek(bytes: number): Promise<Buffer>;
  take(bytes: number): Promise<Buffer>;
  close(): void;
}

const PIECE_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

/** Throws where the file cannot be read. Packed files are known by their first bytes, not by their name. */
export function openLog(path: string): LogStream {
  regularFile(path);
  const fd = openSync(path, 'r');
  try {
    const file = createReadStream('', { fd, start: 0, highWaterMark: PIECE_BYTES });
    return logIn(fd, file, () => file.bytesRead);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A file that stays open, from its beginning, wherever others have read to. */
export function openLogAt(fd: number): LogStream {
  let bytesRead = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      const { bytesRead: more, buffer } = await readPiece(fd, Buffer.alloc(PIECE_BYTES), bytesRead);
      if (more === 0) return;
      bytesRead += more;
      yield buffer.subarray(0, more);
    }
  }
  return logIn(fd, Readable.from(pieces(), { objectMode: false, highWaterMark: PIECE_BYTES }), () => bytesRead);
}

function readPiece(fd: number, into: Buffer, position: number): Promise<{ bytesRead: number; buffer: Buffer }> {
  return new Promise((resolve, reject) => {
    read(fd, into, 0, into.length, position, (error, bytesRead, buffer) =>
      error ? reject(error) : resolve({ bytesRead, buffer }),
    );
  });
}

function logIn(fd: number, file: Readable, readBytes: () => number): LogStream {
  const fileBytes = fstatSync(fd).size;
  const { chunks, stop } = unpacked(file, packingAt(fd));
  return streamOf(chunks, {
    fileBytes,
    readBytes,
    close() {
      stop();
      file.destroy();
    },
  });
}

function packingAt(fd: number): Packing | undefined {
  const start = Buffer.alloc(PACKING_BYTES);
  return packingOf(start.subarray(0, readSync(fd, start, 0, PACKING_BYTES, 0)));
}

interface Chunks {
  readonly chunks: AsyncIterator<Buffer>;
  stop(): void;
}

function unpacked(file: Readable, packing: Packing | undefined): Chunks {
  if (packing === undefined || isArchive(packing)) return { chunks: file[Symbol.asyncIterator](), stop: () => {} };
  if (packing !== GZIP) return unpackedBy(packing, file);
  const gunzip = file.pipe(createGunzip({ chunkSize: PIECE_BYTES }));
  file.on('error', (error) => gunzip.destroy(error));
  return { chunks: withoutLoss(gunzip), stop: () => void gunzip.destroy() };
}

/**
 * A stream's own iterator drops what has come when there is an error. This one listens at once: an error may come
 * before anybody reads.
 */
function withoutLoss(stream: Readable): AsyncIterator<Buffer> {
  const waiting: Buffer[] = [];
  let end: { readonly error?: Error } | undefined;
  let wake = (): void => {};
  stream
    .on('data', (chunk: Buffer) => {
      waiting.push(chunk);
      stream.pause();
      wake();
    })
    .on('error', (error) => {
      end ??= { error };
      wake();
    })
    .on('close', () => {
      end ??= {};
      wake();
    });
  async function* chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = waiting.shift();
      if (chunk !== undefined) yield chunk;
      else if (end !== undefined) {
        if (end.error !== undefined) throw end.error;
        return;
      } else {
        stream.resume();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return chunks();
}

type Outside = Pick<LogStream, 'fileBytes' | 'readBytes' | 'close'>;

export function streamOf(chunks: AsyncIterator<Buffer>, outside: Outside): LogStream {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let position = 0;
  let ended = false;
  let failure: Error | undefined;

  const together = (): Buffer => {
    if (held.length > 1) held = [Buffer.concat(held)];
    return held[0] ?? Buffer.alloc(0);
  };

  /** What comes before a damage is good, but for the line that it is in. */
  const endAt = (error: Error): void => {
    failure = error;
    ended = true;
    const good = together().subarray(0, together().lastIndexOf(LINE_FEED) + 1);
    held = [good];
    heldBytes = good.length;
  };

  const hold = async (bytes: number): Promise<Buffer> => {
    while (heldBytes < bytes && !ended) {
      try {
        const { value, done } = (await chunks.next()) as IteratorResult<Buffer>;
        if (done) ended = true;
        else {
          held.push(value);
          heldBytes += value.length;
        }
      } catch (error) {
        endAt(error as Error);
      }
    }
    if (failure !== undefined && heldBytes === 0) throw failure;
    return together().subarray(0, bytes);
  };

  return {
    ...outside,
    position: () => position,
    peek: hold,
    async take(bytes) {
      const taken = await hold(bytes);
      const rest = (held[0] ?? taken).subarray(taken.length);
      held = rest.length === 0 ? [] : [rest];
      heldBytes = rest.length;
      position += taken.length;
      return taken;
    },
  };
}
