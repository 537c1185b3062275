// The ledger in the embedded store.
import type { RootDatabase } from 'lmdb';
import { type DayRange, joinRanges } from '../../time/day-range.js';
import type { Ledger } from '../ledger.js';
import { openRecords } from './records.js';

type Key = [work: string, site: string];

export function openLmdbLedger(root: RootDatabase): Ledger {
  const days = openRecords<string, Key>(root, 'ledger');
  const ranges = openRecords<DayRange[], Key>(root, 'ledger-days');
  return {
    async days(work, site) {
      return ranges.get([work, site]) ?? [];
    },
    async allDays(work) {
      const found = ranges.getRange({ start: [work, ''], end: [work, '\uffff'] });
      return new Map([...found].map(({ key, value }) => [key[1], value]));
    },
    async add(work, site, more) {
      await ranges.transaction(() => {
        ranges.put([work, site], joinRanges([...(ranges.get([work, site]) ?? []), more]));
      });
      await root.flushed;
    },
    async clear(work, site) {
      await ranges.remove([work, site]);
      await root.flushed;
    },
    async removeSite(site) {
      await days.transaction(() => {
        for (const entries of [days, ranges]) {
          for (const key of [...entries.getKeys({})]) if (key[1] === site) entries.remove(key);
        }
      });
      await root.flushed;
    },
    async works() {
      return [...new Set([...days.getKeys({}), ...ranges.getKeys({})].map(([work]) => work))].sort();
    },
    async until(work, site) {
      return days.get([work, site]);
    },
    async all(work) {
      const range = days.getRange({ start: [work, ''], end: [work, '\uffff'] });
      return new Map([...range].map(({ key, value }) => [key[1], value]));
    },
    async done(work, site, day) {
      await days.transaction(() => {
        const before = days.get([work, site]);
        if (before === undefined || before < day) days.put([work, site], day);
      });
      await root.flushed;
    },
  };
}
