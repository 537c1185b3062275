// Imports in the embedded store: plain JSON by import, and by import and range.
import type { RootDatabase } from 'lmdb';
import { openRecords } from '../connections/records.js';
import type { ImportRecord, Imports, PlannedRange } from './port.js';

type Key = [site: string, id: string] | [id: string, number: number];

export function openLmdbImports(root: RootDatabase): Imports {
  const records = openRecords<ImportRecord, Key>(root, 'imports');
  const ranges = openRecords<PlannedRange, Key>(root, 'import-ranges');
  const marks = openRecords<true, string>(root, 'imported');

  const of = (site: string) => records.getRange({ start: [site, ''], end: [site, '\uffff'] });

  return {
    async begin(record, isSame) {
      // In one transaction: two that look first and put afterwards would both find nothing, and count the log twice.
      const begun = await records.transaction(() => {
        const { id: site } = record.site;
        for (const { value } of of(site)) if (isSame(value)) return value;
        records.put([site, record.id], record);
        return record;
      });
      await root.flushed;
      return begun;
    },
    ids: async () => [...records.getRange({})].map(({ value }) => value.id),
    begun: async (site) => [...of(site)].map(({ value }) => value),
    range: async (importId, number) => ranges.get([importId, number]),
    async plan(importId, range) {
      const decided = await ranges.transaction(() => {
        const before = ranges.get([importId, range.number]);
        if (before === undefined) ranges.put([importId, range.number], range);
        return before ?? range;
      });
      await root.flushed;
      return decided;
    },
    async removeSite(site) {
      const removed = await records.transaction(() => {
        const found = [...records.getRange({ start: [site, ''], end: [site, '\uffff'] })];
        for (const { key, value } of found) {
          for (const range of [...ranges.getKeys({ start: [value.id, 0], end: [value.id, Number.MAX_SAFE_INTEGER] })])
            ranges.remove(range);
          records.remove(key);
        }
        // <import>/<collection>/<site>:<day>; see documents/lmdb-together.ts
        for (const mark of [...marks.getKeys({})]) {
          if (!mark.slice(mark.lastIndexOf('/') + 1).startsWith(`${site}:`)) continue;
          marks.remove(mark);
          // one at the least stays: without any, it would not be known where the import has counted
          marks.put(mark.slice(0, mark.indexOf('/') + 1), true);
        }
        return found.length;
      });
      await root.flushed;
      return removed;
    },
  };
}
