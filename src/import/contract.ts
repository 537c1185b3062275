// What every adapter of import/port.ts must do.
import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../accounts/contract.js';
import type { ImportRecord, Imports } from './port.js';

export function importsContract(open: () => Promise<{ imports: Imports; other: Imports }>): void {
  const record = (id: string, site: string): ImportRecord => ({
    id,
    site: { ...exampleSite, id: site },
    key: 'ab',
    fingerprint: 'cd',
    fingerprintBytes: 3,
  });
  const range = (number: number, to: number) => ({ number, from: 0, to, receivedAtMs: 5, checksum: 7 });

  describe('imports', () => {
    it('are found by their site', async () => {
      const { imports } = await open();
      await imports.add(record('i1', 'one'));
      await imports.add(record('i2', 'one'));
      await imports.add(record('i3', 'one-more'));
      expect(imports.ofSite('one').map(({ id }) => id)).toEqual(['i1', 'i2']);
      expect(imports.ofSite('two')).toEqual([]);
    });

    it('decide a range once, whoever asks first', async () => {
      const { imports, other } = await open();
      expect(await imports.plan('i1', range(1, 100))).toEqual(range(1, 100));
      expect(await other.plan('i1', range(1, 200))).toEqual(range(1, 100));
      expect(other.range('i1', 1)).toEqual(range(1, 100));
      expect(imports.range('i1', 2)).toBeUndefined();
      const both = await Promise.all([imports.plan('i2', range(1, 1)), other.plan('i2', range(1, 2))]);
      expect(both[0]).toEqual(both[1]);
    });
  });
}
