// Tests that every adapter of store/imports.ts must pass.
import { describe, expect, it } from '@jest/globals';
import type { ImportRecord, Imports } from '../imports.js';
import { exampleSite } from './accounts.js';

export function importsContract(open: () => Promise<{ imports: Imports; other: Imports }>): void {
  const record = (id: string, site: string, sha256 = id): ImportRecord => ({
    id,
    site: { ...exampleSite, id: site },
    key: 'ab',
    beginnings: [{ bytes: 3, sha256 }],
  });
  const sameAs =
    ({ beginnings }: ImportRecord) =>
    (known: ImportRecord) =>
      known.beginnings[0]?.sha256 === beginnings[0]?.sha256;
  const begin = (imports: Imports, begun: ImportRecord) => imports.begin(begun, sameAs(begun));
  const range = (number: number, to: number) => ({ number, from: 0, to, receivedAtMs: 5, checksum: 7 });

  const trace = (number: number, hours: string) => ({ number, skipped: [[0, 5] as const], hours, views: { '2026-11-20': 2 } });

  describe('imports', () => {
    it('are recognised within their site', async () => {
      const { imports, other } = await open();
      expect(await begin(imports, record('i1', 'one', 'x'))).toEqual(record('i1', 'one', 'x'));
      expect(await begin(imports, record('i2', 'one', 'y'))).toEqual(record('i2', 'one', 'y'));
      expect(await begin(imports, record('i3', 'one-more', 'x'))).toEqual(record('i3', 'one-more', 'x'));
      expect(await begin(other, record('i4', 'one', 'x'))).toEqual(record('i1', 'one', 'x'));
      expect(await begin(other, record('i5', 'on', 'x'))).toEqual(record('i5', 'on', 'x'));
      expect(await begin(imports, record('i6', 'one', 'y'))).toEqual(record('i2', 'one', 'y'));
      expect((await other.ids()).sort()).toEqual(['i1', 'i2', 'i3', 'i5']);
    });

    it('of a site are all listed', async () => {
      const { imports, other } = await open();
      const numbers = { ...record('i2', 'one', 'y'), tool: 'a' };
      await begin(imports, record('i3', 'one', 'x'));
      await begin(imports, numbers);
      await begin(imports, record('i1', 'one-more', 'x'));
      expect(await other.begun('one')).toEqual([numbers, record('i3', 'one', 'x')]);
      expect(await other.begun('on')).toEqual([]);
    });

    it('of logs share the key of the first log of the site; other imports have keys of their own', async () => {
      const { imports, other } = await open();
      const keyed = (id: string, site: string, key: string, tool?: string) => ({
        ...record(id, site),
        key,
        ...(tool && { tool }),
      });
      const keyOf = async (begun: ImportRecord) => (await begin(other, begun)).key;
      await begin(imports, keyed('i5', 'one', 'tools', 'a'));
      expect(await keyOf(keyed('i4', 'one', 'first'))).toBe('first');
      expect(await keyOf(keyed('i1', 'one', 'later'))).toBe('first');
      expect(await keyOf(keyed('i9', 'one', 'last'))).toBe('first');
      expect(await keyOf(keyed('i2', 'one', 'own', 'b'))).toBe('own');
      expect(await keyOf(keyed('i3', 'other', 'third'))).toBe('third');
      expect((await imports.begun('one')).map(({ key }) => key)).toEqual(['first', 'own', 'first', 'tools', 'first']);
    });

    it('begin once when several processes begin the same import at the same time', async () => {
      const { imports, other } = await open();
      const begun = await Promise.all([1, 2, 3, 4].map((n) => begin(n % 2 ? imports : other, record(`i${n}`, 'one', 'x'))));
      expect(new Set(begun.map(({ id }) => id)).size).toBe(1);
      expect(await begin(imports, record('i5', 'one', 'x'))).toEqual(begun[0]);
    });

    it('remove everything about one site only', async () => {
      const { imports, other } = await open();
      await begin(imports, record('i1', 'one', 'x'));
      await begin(imports, record('i2', 'one', 'y'));
      await begin(imports, record('i3', 'one-more', 'x'));
      for (const id of ['i1', 'i2', 'i3']) for (const n of [1, 2]) await imports.plan(id, range(n, 100 * n));
      for (const id of ['i1', 'i3']) await imports.decide(id, trace(1, 'AA'));
      expect(await other.removeSite('one')).toBe(2);
      expect(await other.removeSite('one')).toBe(0);
      expect(await imports.range('i1', 2)).toBeUndefined();
      expect(await imports.range('i3', 2)).toEqual(range(2, 200));
      expect(await imports.traces('i1')).toEqual([]);
      expect(await imports.traces('i3')).toEqual([trace(1, 'AA')]);
      expect(await begin(imports, record('i4', 'one', 'x'))).toEqual(record('i4', 'one', 'x'));
      expect(await begin(imports, record('i5', 'one-more', 'x'))).toEqual(record('i3', 'one-more', 'x'));
    });

    it('decide a range once', async () => {
      const { imports, other } = await open();
      expect(await imports.plan('i1', range(1, 100))).toEqual(range(1, 100));
      expect(await other.plan('i1', range(1, 200))).toEqual(range(1, 100));
      expect(await other.range('i1', 1)).toEqual(range(1, 100));
      expect(await imports.range('i1', 2)).toBeUndefined();
      const both = await Promise.all([imports.plan('i2', range(1, 1)), other.plan('i2', range(1, 2))]);
      expect(both[0]).toEqual(both[1]);
    });

    it('decide once what is counted of a range, and return all decisions in order', async () => {
      const { imports, other } = await open();
      expect(await imports.traces('i1')).toEqual([]);
      for (const number of [2, 10, 1]) expect(await imports.decide('i1', trace(number, 'AA'))).toEqual(trace(number, 'AA'));
      expect(await other.decide('i1', trace(2, 'BB'))).toEqual(trace(2, 'AA'));
      await imports.decide('i10', trace(1, 'CC'));
      expect(await other.traces('i1')).toEqual([trace(1, 'AA'), trace(2, 'AA'), trace(10, 'AA')]);
      const both = await Promise.all([imports.decide('i2', trace(1, 'A')), other.decide('i2', trace(1, 'B'))]);
      expect(both[0]).toEqual(both[1]);
      expect(await imports.range('i1', 2)).toBeUndefined();
    });
  });
}
