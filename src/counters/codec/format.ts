// A tree of counters as bytes:
//
//   level  = entries u32, length of what follows in bytes u32, entry*
//   entry  = key length varint, key UTF-8, kind u8, value
//   value  = SUM varint | MAX length varint, UTF-8 | SPARSE n u16, n x (register u16, rank u8) | DENSE 4096 bytes | LEVEL level

export const SUM = 0;
export const MAX = 1;
export const SPARSE = 2;
export const DENSE = 3;
export const LEVEL = 4;

/** Up to this many points a sketch is written as a list. */
export const SPARSE_MAX = 1024;

/** Every Node of the last ten years has these, although the types of Buffer lack them. */
export type Bytes = Buffer & {
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number): number;
};
