// What every adapter of ledger/port.ts must do.
import { describe, expect, it } from '@jest/globals';
import type { Ledger } from './port.js';

/** `open` gives two connections to one empty ledger. */
export function ledgerContract(open: () => Promise<{ ledger: Ledger; other: Ledger }>): void {
  describe('a ledger', () => {
    it('begins empty', async () => {
      const { ledger } = await open();
      expect(await ledger.until('tidy', 'garden')).toBeUndefined();
      expect(await ledger.all('tidy')).toEqual(new Map());
    });

    it('keeps the latest day of each work and site apart', async () => {
      const { ledger, other } = await open();
      await ledger.done('tidy', 'garden', '2026-11-20');
      await other.done('tidy', 'garden', '2026-11-22');
      await ledger.done('tidy', 'garden', '2026-11-21');
      await ledger.done('tidy', 'garden-2', '2026-01-01');
      await ledger.done('tidying', 'garden', '2025-01-01');
      expect(await other.until('tidy', 'garden')).toBe('2026-11-22');
      expect(await ledger.all('tidy')).toEqual(
        new Map([
          ['garden', '2026-11-22'],
          ['garden-2', '2026-01-01'],
        ]),
      );
      expect(await ledger.all('tid')).toEqual(new Map());
    });
  });
}
