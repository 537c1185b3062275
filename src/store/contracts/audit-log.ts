// Tests that every adapter of store/audit-log.ts must pass.
import { describe, expect, it } from '@jest/globals';
import { type AuditEntry, type AuditLog, createEntryIds, ENTRIES_OF_STREAM_MAX } from '../audit-log.js';

const newId = createEntryIds();

export function auditEntryAt(atMs: number, more: Partial<AuditEntry> = {}): AuditEntry {
  const who = { kind: 'person', id: 'anna', name: 'Anna' } as const;
  return { id: newId(atMs), atMs, who, action: 'site.created', site: 'garden', ...more };
}

/** `open` returns two connections to one empty store. */
export function auditLogContract(open: () => Promise<{ log: AuditLog; other: AuditLog }>): void {
  describe('the audit log', () => {
    it('returns entries as they were added, the newest first', async () => {
      const { log, other } = await open();
      expect(await log.newest({ limit: 10 })).toEqual([]);
      const entries = [
        auditEntryAt(1000, {
          changes: [
            { field: 'hosts', from: [], to: ['a.example'] },
            { field: 'keep.day', to: 12 },
          ],
        }),
        auditEntryAt(1000, { who: { kind: 'token', prefix: 'abcd', title: '"><b>' }, action: 'token.revoked' }),
        auditEntryAt(2000, { who: { kind: 'command-line' }, subject: { kind: 'address', email: 'bob@example.com' } }),
      ];
      for (const entry of [1, 0, 2].map((n) => entries[n] as AuditEntry)) await log.add(entry);
      expect(await other.newest({ limit: 10 })).toEqual([...entries].reverse());
    });

    it('stores an entry once, even if it is added again', async () => {
      const { log, other } = await open();
      const entry = auditEntryAt(1000);
      await log.add(entry);
      await other.add(entry);
      expect(await log.newest({ limit: 10 })).toEqual([entry]);
      expect(await log.newest({ site: 'garden', limit: 10 })).toEqual([entry]);
    });

    it('is read in pages, of one site or of everything', async () => {
      const { log, other } = await open();
      const sites = ['garden', 'gard', 'garden', 'garden', undefined];
      const entries = sites.map((site, n) => {
        const { site: _, ...entry } = auditEntryAt(1000 + n);
        return site === undefined ? entry : { ...entry, site };
      });
      for (const entry of entries) await log.add(entry);
      const times = async (query: Parameters<AuditLog['newest']>[0]) => (await other.newest(query)).map(({ atMs }) => atMs);
      expect(await times({ limit: 2 })).toEqual([1004, 1003]);
      expect(await times({ limit: 2, before: entries[3]?.id as string })).toEqual([1002, 1001]);
      expect(await times({ limit: 2, site: 'garden' })).toEqual([1003, 1002]);
      expect(await times({ limit: 2, site: 'garden', before: entries[2]?.id as string })).toEqual([1000]);
      expect(await times({ limit: 2, site: 'gard' })).toEqual([1001]);
      expect(await times({ limit: 2, site: 'garden', before: entries[0]?.id as string })).toEqual([]);
    });

    it('removes what is older than a time', async () => {
      const { log, other } = await open();
      const entries = [auditEntryAt(1000), auditEntryAt(1999), auditEntryAt(2000), auditEntryAt(3000)];
      for (const entry of entries) await log.add(entry);
      await other.removeBefore(2000);
      await other.removeBefore(2000);
      expect(await log.newest({ limit: 10 })).toEqual([entries[3], entries[2]]);
      expect(await log.newest({ site: 'garden', limit: 10 })).toEqual([entries[3], entries[2]]);
    });

    it('keeps a limited number of entries of each site and person, and those about others remain', async () => {
      const { log, other } = await open();
      const { site: _, ...ofAnna } = auditEntryAt(1, { action: 'person.operator' });
      await log.add(ofAnna);
      await log.add(auditEntryAt(2, { site: 'moon' }));
      for (let n = 0; n < ENTRIES_OF_STREAM_MAX + 5; n++) await log.add(auditEntryAt(1000 + n));
      const kept = await other.newest({ limit: 10_000 });
      expect(kept).toHaveLength(ENTRIES_OF_STREAM_MAX + 2);
      expect(kept.at(-3)?.atMs).toBe(1005);
      expect(await other.newest({ site: 'garden', limit: 10_000 })).toHaveLength(ENTRIES_OF_STREAM_MAX);
    });
  });
}
