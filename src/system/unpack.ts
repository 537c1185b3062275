// Unpacks untrusted gzip files and splits them into lines. Limits the ratio of unpacked to packed bytes and the
// length of a line, so that a small file cannot use up time and memory.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { UnusableFile } from './untrusted-files.js';

/** Counters and tables compress 5 to 20 times; gzip reaches 1,000 times with the same byte over and over. */
const RATIO_MAX = 400;
/** Below this, the ratio does not matter. */
const UNPACKED_BYTES_FREE = 16 * 1024 * 1024;
/** A document has a megabyte at most, because the maps that visitors can fill are capped. */
export const LINE_BYTES_MAX = 32 * 1024 * 1024;

/** A range of bytes in the file, both ends included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** May throw an UnusableFile after the first bytes. The caller must have checked that it is a regular file. */
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

/** Throws an UnusableFile when so few bytes unpack to so many. */
export function refuseBomb(path: string, packedBytes: number, unpackedBytes: number): void {
  if (unpackedBytes <= UNPACKED_BYTES_FREE || unpackedBytes <= packedBytes * RATIO_MAX) return;
  throw new UnusableFile(`${path} unpacks to more than ${RATIO_MAX} times its size and is not read`);
}

/**
 * Splits at `\n` only: JSON may contain other line separators as they are, at which node:readline would split. Throws
 * an UnusableFile when a line is too long.
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
