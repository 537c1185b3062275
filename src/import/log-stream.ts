// The unpacked bytes of a log, front to back, in pieces of the reader's choosing.
import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

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

/** Throws where the file cannot be read. Packed files are known by their first bytes, not by their name. */
export function openLog(path: string): LogStream {
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const stream: Readable = isGzip(path) ? file.pipe(createGunzip({ chunkSize: 1024 * 1024 })) : file;
  file.on('error', (error) => stream.destroy(error));
  const chunks = stream[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let heldBytes = 0;
  let position = 0;
  let ended = false;

  const hold = async (bytes: number): Promise<Buffer> => {
    while (heldBytes < bytes && !ended) {
      const { value, done } = (await chunks.next()) as IteratorResult<Buffer>;
      if (done) ended = true;
      else {
        held.push(value);
        heldBytes += value.length;
      }
    }
    if (held.length > 1) held = [Buffer.concat(held)];
    return (held[0] ?? Buffer.alloc(0)).subarray(0, bytes);
  };

  return {
    fileBytes: statSync(path).size,
    readBytes: () => file.bytesRead,
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
    close: () => {
      file.destroy();
      stream.destroy();
    },
  };
}

function isGzip(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const magic = Buffer.alloc(2);
    return readSync(file, magic, 0, 2, 0) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}
