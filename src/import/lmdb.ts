// Imports in the embedded store: plain JSON by import, and by import and range.
import type { RootDatabase } from 'lmdb';
import type { ImportRecord, Imports, PlannedRange } from './port.js';

type Key = [site: string, id: string] | [id: string, number: number];

export function openLmdbImports(root: RootDatabase): Imports {
  const records = root.openDB<ImportRecord, Key>({ name: 'imports', encoding: 'json' });
  const ranges = root.openDB<PlannedRange, Key>({ name: 'import-ranges', encoding: 'json' });

  return {
    ofSite(site) {
      return [...records.getRange({ start: [site, ''], end: [site, '\uffff'] })].map(({ value }) => value);
    },
    async add(record) {
      await records.put([record.site.id, record.id], record);
      await root.flushed;
    },
    range: (importId, number) => ranges.get([importId, number]),
    async plan(importId, range) {
      const decided = await ranges.transaction(() => {
        const before = ranges.get([importId, range.number]);
        if (before === undefined) ranges.put([importId, range.number], range);
        return before ?? range;
      });
      await root.flushed;
      return decided;
    },
  };
}
