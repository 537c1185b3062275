// Holds and pack boundaries in the embedded store.
import type { RootDatabase } from 'lmdb';
import type { Holds, PackBoundary } from '../holds.js';
import { openRecords } from './records.js';

type Key = ['hold', string] | ['cut', string, number];
type Value = number | PackBoundary;

export function openLmdbHolds(root: RootDatabase): Holds {
  const entries = openRecords<Value, Key>(root, 'holds');
  const range = (kind: string) => [
    ...entries.getRange({ start: [kind] as unknown as Key, end: [kind, '\uffff'] as unknown as Key }),
  ];
  return {
    async hold(id, untilMs) {
      await entries.put(['hold', id], untilMs);
      await root.flushed;
    },
    async release(id) {
      await entries.remove(['hold', id]);
    },
    async isHeld(nowMs) {
      return range('hold').some(({ value }) => (value as number) > nowMs);
    },
    async addPackBoundary(boundary) {
      await entries.put(['cut', boundary.node, boundary.atMs], boundary);
      await root.flushed;
    },
    async packBoundaries(node) {
      return range('cut')
        .map(({ value }) => value as PackBoundary)
        .filter((boundary) => boundary.node === node);
    },
    async removePackBoundaries(beforeMs) {
      for (const { key, value } of range('cut')) if ((value as PackBoundary).atMs < beforeMs) await entries.remove(key);
      for (const { key, value } of range('hold')) if ((value as number) < beforeMs) await entries.remove(key);
    },
  };
}
