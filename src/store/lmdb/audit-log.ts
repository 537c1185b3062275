// The audit log in the embedded store: entries by their id, and the ids of each stream.
import type { Database, RootDatabase } from 'lmdb';
import { type AuditEntry, type AuditLog, ENTRIES_OF_STREAM_MAX, firstIdAt, streamOf, streamOfSite } from '../audit-log.js';
import { openRecords } from './records.js';
import { commit } from './transaction.js';

type Key = ['entry', string] | ['of', string, string];
type Value = AuditEntry | true | undefined;

const AFTER_ALL = '\uffff';

export function openLmdbAuditLog(root: RootDatabase): AuditLog {
  // one damaged entry must not prevent reading the others
  const records = openRecords<Value, Key>(root, 'audit', { ifDamaged: undefined });

  const removeOldest = (stream: string): void => {
    const range = { start: ['of', stream, AFTER_ALL] as Key, end: ['of', stream, ''] as Key, reverse: true };
    for (const key of [...records.getKeys({ ...range, offset: ENTRIES_OF_STREAM_MAX })]) {
      records.removeSync(key);
      records.removeSync(['entry', key[2] as string]);
    }
  };

  return {
    add: (entry) =>
      commit(root, () => {
        records.putSync(['entry', entry.id], entry);
        records.putSync(['of', streamOf(entry), entry.id], true);
        removeOldest(streamOf(entry));
      }),

    async newest({ site, before = AFTER_ALL, limit }) {
      if (site === undefined) return entriesIn(records, before, limit);
      const stream = streamOfSite(site);
      const range = { start: ['of', stream, before] as Key, end: ['of', stream, ''] as Key, reverse: true };
      const entries: AuditEntry[] = [];
      for (const key of records.getKeys(range)) {
        if (entries.length === limit) break;
        const entry = key[2] === before ? undefined : records.get(['entry', key[2] as string]);
        if (typeof entry === 'object') entries.push(entry);
      }
      return entries;
    },

    async removeBefore(timeMs) {
      const range = { start: ['entry', ''] as Key, end: ['entry', firstIdAt(timeMs)] as Key };
      if (records.getKeysCount({ ...range, limit: 1 }) === 0) return;
      await commit(root, () => {
        for (const { key, value } of [...records.getRange(range)]) {
          records.removeSync(key);
          if (typeof value === 'object') records.removeSync(['of', streamOf(value), value.id]);
        }
      });
    },
  };
}

function entriesIn(records: Database<Value, Key>, before: string, limit: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const { key, value } of records.getRange({ start: ['entry', before], end: ['entry', ''], reverse: true })) {
    if (entries.length === limit) break;
    if (key[1] !== before && typeof value === 'object') entries.push(value);
  }
  return entries;
}
