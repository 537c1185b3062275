// Reads the unpacked bytes of a log from start to end, in pieces whose size the reader chooses.
import { closeSync, createReadStream, fstatSync, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { regularFile } from '../../system/untrusted-files.js';
import { GZIP, isArchive, PACKING_BYTES, type Packing, packingOf, unpackedBy } from './packing.js';

export interface LogStream {
  /** The size of the file, packed or not. */
  readonly fileBytes: number;
  /** How many bytes of the file have been read. */
  readBytes(): number;
  /** The place of the next byte to be taken, in the unpacked stream. */
  position(): number;
  /** Returns the next bytes without taking them: as many as requested, or fewer at the end. */
  peek(bytes: number): Promise<Buffer>;
  /** Takes the next bytes: as many as requested, or fewer at the end. */
  take(bytes: number): Promise<Buffer>;
  close(): void;
}

const PIECE_BYTES = 1024 * 1024;
export const LINE_FEED = 0x0a;

/** Throws when the file cannot be read. Recognises packed files by their first bytes, not by their name. */
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

/** Reads a file that stays open, from its start, whatever has been read of it already. */
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

/** How the file is packed; undefined when it is not. */
export function packingAt(fd: number): Packing | undefined {
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
 * A stream's own iterator drops the chunks that arrived before an error; this one delivers them first. It listens at
 * once, because an error may come before the first read.
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

type FileAccess = Pick<LogStream, 'fileBytes' | 'readBytes' | 'close'>;

export function streamOf(chunks: AsyncIterator<Buffer>, file: FileAccess): LogStream {
  let buffered: Buffer[] = [];
  let bufferedBytes = 0;
  let position = 0;
  let ended = false;
  let failure: Error | undefined;

  const asOneBuffer = (): Buffer => {
    if (buffered.length > 1) buffered = [Buffer.concat(buffered)];
    return buffered[0] ?? Buffer.alloc(0);
  };

  /** Keeps the whole lines before the damage. */
  const endAt = (error: Error): void => {
    failure = error;
    ended = true;
    const good = asOneBuffer().subarray(0, asOneBuffer().lastIndexOf(LINE_FEED) + 1);
    buffered = [good];
    bufferedBytes = good.length;
  };

  const fill = async (bytes: number): Promise<Buffer> => {
    while (bufferedBytes < bytes && !ended) {
      try {
        const { value, done } = (await chunks.next()) as IteratorResult<Buffer>;
        if (done) ended = true;
        else {
          buffered.push(value);
          bufferedBytes += value.length;
        }
      } catch (error) {
        endAt(error as Error);
      }
    }
    if (failure !== undefined && bufferedBytes === 0) throw failure;
    return asOneBuffer().subarray(0, bytes);
  };

  return {
    ...file,
    position: () => position,
    peek: fill,
    async take(bytes) {
      const taken = await fill(bytes);
      const rest = (buffered[0] ?? taken).subarray(taken.length);
      buffered = rest.length === 0 ? [] : [rest];
      bufferedBytes = rest.length;
      position += taken.length;
      return taken;
    },
  };
}
