// Checksums of documents in the embedded store, because lmdb has none. A checksum is four bytes after the document,
// which contains its own length. Older versions ignore these bytes and can read the documents. Documents of older
// versions have no checksum, and this version can read them.
import { crc32 } from 'node:zlib';
import { decode, decodePart } from '../../counters/codec/codec.js';
import { LEVEL } from '../../counters/codec/format.js';
import { Reader } from '../../counters/codec/reader.js';
import type { Writer } from '../../counters/codec/writer.js';
import { Counters } from '../../counters/counters.js';
import type { Part } from '../../counters/part.js';
import { DamagedData } from '../damaged.js';
import type { ChecksumState } from './records.js';

const CHECKSUM_BYTES = 4;
/** A document starts with the number and the length of its entries; see counters/codec/format.ts. */
const HEAD_BYTES = 8;

/** A stored document differs from what was written. */
export class DamagedDocument extends DamagedData {
  constructor(key: string) {
    super(`${key} is damaged in the store; hitherto verify --store checks the rest, docs/operating.md describes what to do`);
  }
}

/** Appends the checksum of the key and the bytes in the writer. Returns the writer's own memory. */
export function withChecksum(key: string, out: Writer): Buffer {
  out.uint32(crc32(out.bytes(), crc32(key)));
  return out.bytes();
}

export function checksumState(key: string, bytes: Buffer): ChecksumState {
  if (bytes.length < HEAD_BYTES) return 'damaged';
  const length = HEAD_BYTES + bytes.readUInt32LE(4);
  if (bytes.length === length) return 'none';
  if (bytes.length !== length + CHECKSUM_BYTES) return 'damaged';
  return crc32(bytes.subarray(0, length), crc32(key)) === bytes.readUInt32LE(length) ? 'valid' : 'damaged';
}

/** `part`: absent for the whole document. Throws a DamagedDocument. */
export function decodeChecked(key: string, bytes: Buffer, part?: Part): Counters {
  if (checksumState(key, bytes) !== 'damaged') {
    try {
      return part === undefined ? decode(bytes) : decodePart(bytes, part);
    } catch {
      // reported below
    }
  }
  throw new DamagedDocument(key);
}

/** Whether the bytes are a valid tree of counters whose levels have the stated number of entries. */
export function isValidTree(bytes: Buffer): boolean {
  try {
    return isValidLevel(new Reader(bytes));
  } catch {
    return false;
  }
}

function isValidLevel(reader: Reader): boolean {
  const { entries, length } = reader.head();
  const end = reader.at + length;
  let count = 0;
  for (; reader.at < end; count++) {
    reader.text();
    const kind = reader.kind();
    if (kind !== LEVEL) reader.skip(kind);
    else if (!isValidLevel(reader)) return false;
  }
  return reader.at === end && count === entries;
}

/** Decodes the readable part of a damaged document, for callers that replace or delete it. */
export function decodeAnyway(key: string, bytes: Buffer): { readonly counters: Counters; readonly isDamaged: boolean } {
  try {
    return { counters: decode(bytes), isDamaged: checksumState(key, bytes) === 'damaged' };
  } catch {
    return { counters: new Counters(), isDamaged: true };
  }
}
