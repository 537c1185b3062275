// The header is the first line of a segment's file. It contains the format, the segment's name, the names of the
// columns and, once the segment is sealed, the checksum of the lines.
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DamagedData } from '../store/damaged.js';
import type { LineColumns } from './columns.js';

/** Headers are padded to a multiple of this size. They can be recognised in a hex dump, and rewritten in place. */
const HEADER_UNIT_BYTES = 256;
/** Much more than the names of all columns need. */
const HEADER_BYTES_MAX = 64 * HEADER_UNIT_BYTES;

export interface SegmentHeader {
  readonly format: 1 | 2;
  readonly node: string;
  readonly number: number;
  /**
   * Of the salt, the names of the columns and the lines, then the points of format 1. Absent while the segment is
   * open.
   */
  readonly checksum?: number;
  /**
   * Random; absent: 0. It is removed when the lines are packed. Otherwise somebody could find by trial which rows of a
   * pack give the checksum, and so which hits were sealed together.
   */
  readonly salt?: number;
  /** The number of rewrites, and the checksum of the current content. */
  readonly rewritten?: { readonly generation: number; readonly checksum: number };
  /** Absent in segments of versions that did not name their columns. */
  readonly columns?: LineColumns;
}

/**
 * The initial value for the checksum of the lines. It includes the names of the columns, because a column with a
 * damaged name would look like a missing column.
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

/** `length`: in bytes, so the position of the first line after the header. */
export interface ReadHeader {
  readonly header: SegmentHeader;
  readonly length: number;
}

/** `bytes`: the beginning of the file. `file`: its name, for the error. Throws a DamagedData. */
export function parseHeader(bytes: Buffer, file: string): ReadHeader {
  const length = bytes.indexOf(0x0a) + 1;
  try {
    return { header: JSON.parse(bytes.subarray(0, length).toString('utf8')) as SegmentHeader, length };
  } catch {
    throw new DamagedData(
      `the journal segment ${file} is damaged: its first line cannot be read; restore it, or move it away to continue without it`,
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
