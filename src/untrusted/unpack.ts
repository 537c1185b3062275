// The unpacked bytes of a gzip file that others may have made, and its lines. What a small file unpacks to has limits: the whole of it, against
// the bytes that it is packed in, and each line.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { UnusableFile } from './files.js';

/** Counters and tables are packed to a fifth or a twentieth of their size. Gzip can go to a thousandth, of the same byte over and over. */
const RATIO_MAX = 400;
/** Of so little nobody minds, however it is packed. */
const UNPACKED_BYTES_FREE = 16 * 1024 * 1024;
/** A document is a megabyte at the most: the maps in it that outsiders can fill are capped. */
export const LINE_BYTES_MAX = 32 * 1024 * 1024;

/** Which bytes of the file; both included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Throws an UnusableFile, perhaps after some bytes have come. The caller has made sure that it is a regular file. */
export async function* unpacked(path: string, range?: Range): AsyncGenerator<Buffer> {
  const source = createReadStream(path, range);
  const unpacking = source.pipe(createGunzip());
  source.on('error', (error) => unpacking.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of unpacking as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      refuseBomb(path, source.bytesRead, bytes);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UnusableFile) throw error;
    throw new UnusableFile(`${path} is damaged: ${(error as Error).message}`);
  } finally {
    source.destroy();
    unpacking.destroy();
  }
}

/** Throws an UnusableFile where so few bytes should not unpack to so many. */
export function refuseBomb(path: string, packedBytes: number, unpackedBytes: number): void {
  if (unpackedBytes <= UNPACKED_BYTES_FREE || unpackedBytes <= packedBytes * RATIO_MAX) return;
  throw new UnusableFile(`${path} unpacks to more than ${RATIO_MAX} times its size, which no such file does: it is not read`);
}

/**
 * Line breaks are `\n` alone: in JSON others may stand for themselves, and node:readline would take them for one. Throws an UnusableFile at a line
 * that is too long.
 */
export async function* linesIn(
  path: string,
  bytes: AsyncIterable<Buffer>,
  lineBytesMax = LINE_BYTES_MAX,
): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      const rest = chunk.subarray(from, end);
      yield begun.length === 0 ? rest.toString() : Buffer.concat([...begun, rest]).toString();
      begun = [];
      begunBytes = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    begun.push(chunk.subarray(from));
    begunBytes += chunk.length - from;
    if (begunBytes > lineBytesMax) throw new UnusableFile(`${path} has a line of more than ${lineBytesMax} bytes`);
  }
  if (begunBytes > 0) yield Buffer.concat(begun).toString();
}

const LF = 0x0a;
