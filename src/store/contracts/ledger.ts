// Tests that every adapter of store/ledger.ts must pass.
import { describe, expect, it } from '@jest/globals';
import { utcDay } from '../../time/dates.js';
import type { Ledger } from '../ledger.js';

/** `open` returns two connections to one empty ledger. */
export function ledgerContract(open: () => Promise<{ ledger: Ledger; other: Ledger }>): void {
  describe('a ledger', () => {
    it('is empty at first', async () => {
      const { ledger } = await open();
      expect(await ledger.until('tidy', 'garden')).toBeUndefined();
      expect(await ledger.all('tidy')).toEqual(new Map());
      expect(await ledger.works()).toEqual([]);
    });

    it('lists all recorded work', async () => {
      const { ledger, other } = await open();
      await ledger.done('tidy', 'garden', '2026-11-20');
      await ledger.done('tidy', 'garden-2', '2026-11-20');
      await other.add('expired', 'garden', { from: '2026-03-01', to: '2026-03-01' });
      expect(await ledger.works()).toEqual(['expired', 'tidy']);
    });

    it('keeps the latest day for each work and site', async () => {
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

    it('removes everything about one site only', async () => {
      const { ledger, other } = await open();
      const day = { from: '2026-03-01', to: '2026-03-01' };
      for (const site of ['garden', 'garden-2', 'my-garden']) {
        await ledger.done('tidy', site, '2026-11-20');
        await ledger.add('expired', site, day);
      }
      await other.removeSite('garden');
      await other.removeSite('garden');
      expect([...(await ledger.all('tidy')).keys()].sort()).toEqual(['garden-2', 'my-garden']);
      expect(await ledger.days('expired', 'garden')).toEqual([]);
      expect(await ledger.days('expired', 'garden-2')).toEqual([day]);
      expect(await ledger.days('expired', 'my-garden')).toEqual([day]);
    });

    it('joins ranges that touch', async () => {
      const { ledger, other } = await open();
      expect(await ledger.days('expired', 'garden')).toEqual([]);
      await ledger.add('expired', 'garden', { from: '2026-03-01', to: '2026-03-01' });
      await other.add('expired', 'garden', { from: '2026-02-27', to: '2026-02-28' });
      await ledger.add('expired', 'garden', { from: '2026-05-01', to: '2026-05-31' });
      await ledger.add('expired', 'garden', { from: '2026-05-11', to: '2026-05-12' });
      await ledger.add('expired', 'garden-2', { from: '2020-01-01', to: '2020-01-01' });
      expect(await other.days('expired', 'garden')).toEqual([
        { from: '2026-02-27', to: '2026-03-01' },
        { from: '2026-05-01', to: '2026-05-31' },
      ]);
      const all = Array.from({ length: 70 }, (_, i) => utcDay(Date.UTC(2019, 0, 1 + 2 * i)));
      await Promise.all(all.map((day, i) => (i % 2 ? ledger : other).add('expired', 'many', { from: day, to: day })));
      expect(await ledger.days('expired', 'many')).toEqual(all.map((day) => ({ from: day, to: day })));
      expect(await ledger.all('expired')).toEqual(new Map());
      expect([...(await other.allDays('expired')).keys()].sort()).toEqual(['garden', 'garden-2', 'many']);
      expect((await other.allDays('expired')).get('garden')).toEqual(await ledger.days('expired', 'garden'));
      expect(await other.allDays('expire')).toEqual(new Map());
      await other.done('expired', 'many', '2026-01-01');
      await other.clear('expired', 'many');
      await other.clear('expired', 'nobody');
      expect(await ledger.days('expired', 'many')).toEqual([]);
      expect((await other.allDays('expired')).size).toBe(2);
      expect(await ledger.days('expired', 'garden')).not.toEqual([]);
      expect(await ledger.until('expired', 'many')).toBe('2026-01-01');
    });
  });
}
