// Imports in the embedded store: plain JSON by import, and by import and range.
import type { Database, RootDatabase } from 'lmdb';
import { type ImportRecord, type Imports, type PlannedRange, type RangeTrace, withKeyOf } from '../imports.js';
import { openRecords } from './records.js';

type Key = [site: string, id: string] | [id: string, number: number];

export function openLmdbImports(root: RootDatabase): Imports {
  const records = openRecords<ImportRecord, Key>(root, 'imports');
  const ranges = openRecords<PlannedRange, Key>(root, 'import-ranges');
  const traces = openRecords<RangeTrace, Key>(root, 'import-traces');
  const imported = openRecords<true, string>(root, 'imported');

  const of = (site: string) => records.getRange({ start: [site, ''], end: [site, '\uffff'] });

  return {
    async begin(record, isSame) {
      // In one transaction: otherwise two processes could both find no earlier import, and count the log twice.
      const begun = await records.transaction(() => {
        const { id: site } = record.site;
        const known = [...of(site)].map(({ value }) => value);
        const same = known.find(isSame);
        if (same !== undefined) return same;
        const begun = withKeyOf(known, record);
        records.put([site, record.id], begun);
        return begun;
      });
      await root.flushed;
      return begun;
    },
    ids: async () => [...records.getRange({})].map(({ value }) => value.id),
    begun: async (site) => [...of(site)].map(({ value }) => value),
    range: async (importId, number) => ranges.get([importId, number]),
    async plan(importId, range) {
      const decided = await putOnce(ranges, [importId, range.number], range);
      await root.flushed;
      return decided;
    },
    // Need not be synced yet: the counts of the range are written later, so they are never on disk without it.
    decide: (importId, trace) => putOnce(traces, [importId, trace.number], trace),
    traces: async (importId) => [...traces.getRange(ofImport(importId))].map(({ value }) => value),
    async removeSite(site) {
      const removed = await records.transaction(() => {
        const found = [...records.getRange({ start: [site, ''], end: [site, '\uffff'] })];
        for (const { key, value } of found) {
          for (const range of [...ranges.getKeys(ofImport(value.id))]) ranges.remove(range);
          for (const trace of [...traces.getKeys(ofImport(value.id))]) traces.remove(trace);
          records.remove(key);
        }
        // <import>/<collection>/<site>:<day>; see imported-documents.ts
        for (const key of [...imported.getKeys({})]) {
          if (!key.slice(key.lastIndexOf('/') + 1).startsWith(`${site}:`)) continue;
          imported.remove(key);
          // one entry remains, because an import without entries may have counted into every document
          imported.put(key.slice(0, key.indexOf('/') + 1), true);
        }
        return found.length;
      });
      await root.flushed;
      return removed;
    },
  };
}

function ofImport(id: string): { start: Key; end: Key } {
  return { start: [id, 0], end: [id, Number.MAX_SAFE_INTEGER] };
}

/** Returns the value that was already stored, or else the new one. */
async function putOnce<Value>(database: Database<Value, Key>, key: Key, value: Value): Promise<Value> {
  return database.transaction(() => {
    const before = database.get(key);
    if (before === undefined) database.put(key, value);
    return before ?? value;
  });
}
