// The first line of a segment's file: what the file is, the names of its columns and, once it is sealed, the checksum
// over the rest.
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DamagedData } from '../store/damaged.js';
import type { LineColumns } from './columns.js';

/** Headers are padded to multiples of this, so that they can be recognised in a hex dump, and rewritten in place. */
const HEADER_UNIT_BYTES = 256;
/** Far more than the names of all columns take. */
const HEADER_BYTES_MAX = 64 * HEADER_UNIT_BYTES;

export interface SegmentHeader {
  readonly format: 1 | 2;
  readonly node: string;
  readonly number: number;
  /** Over the salt, the names of the columns and the lines, then the points of format 1. Absent while it is open. */
  readonly checksum?: number;
  /**
   * Random; absent: 0. It is removed when the lines are packed, so that nobody can try out which rows of a pack the
   * checksum belongs to, which would show that they were sealed together.
   */
  readonly salt?: number;
  /** How often it was rewritten, and the checksum over what is in it since. */
  readonly rewritten?: { readonly generation: number; readonly checksum: number };
  /** Absent in segments that are older than the names of columns. */
  readonly columns?: LineColumns;
}

/**
 * What the checksum over the lines starts from. It includes the names of the columns, because a damaged name would
 * make its column look as if it were missing.
 */
export function checksumSeed({ columns }: Pick<SegmentHeader, 'columns'>, salt = 0): number {
  return columns === undefined ? salt : crc32(JSON.stringify(columns), salt);
}

export function headerBytes(header: SegmentHeader): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Math.ceil((text.length + 1) / HEADER_UNIT_BYTES) * HEADER_UNIT_BYTES;
  const bytes = Buffer.alloc(length, ' ');
  text.copy(bytes);
  bytes[length - 1] = 0x0a;
  return bytes;
}

/** `length`: where the first line of hits begins. */
export interface ReadHeader {
  readonly header: SegmentHeader;
  readonly length: number;
}

/** `bytes`: of the file, from its beginning. `file` is named in the error. */
export function parseHeader(bytes: Buffer, file: string): ReadHeader {
  const length = bytes.indexOf(0x0a) + 1;
  try {
    return { header: JSON.parse(bytes.subarray(0, length).toString('utf8')) as SegmentHeader, length };
  } catch {
    throw new DamagedData(
      `the journal segment ${file} is damaged: its first line cannot be read; move it away to go on, or restore it`,
    );
  }
}

/** Reads the header without the rest of the file. */
export function readHeader(file: string): ReadHeader {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(HEADER_BYTES_MAX);
    return parseHeader(bytes.subarray(0, readSync(handle, bytes, 0, HEADER_BYTES_MAX, 0)), file);
  } finally {
    closeSync(handle);
  }
}
