// What every adapter of limits/port.ts must do.
import { describe, expect, it } from '@jest/globals';
import type { Salts } from './port.js';

export interface OpenedSalts {
  salts: Salts;
  /** The same salts after a restart, at this moment. */
  reopen(nowMs: number): Salts;
}

export function saltsContract(open: (nowMs: number) => OpenedSalts): void {
  const noon = Date.parse('2026-11-20T12:00:00Z');

  describe('salts', () => {
    it('are random, of 32 bytes, one for each date', () => {
      const { salts } = open(noon);
      expect(salts.salt('2026-11-20')).toHaveLength(32);
      expect(salts.salt('2026-11-20')).not.toEqual(salts.salt('2026-11-21'));
      expect(salts.salt('2026-11-20')).not.toEqual(open(noon).salts.salt('2026-11-20'));
    });

    it('are the same all day and after a restart', () => {
      const { salts, reopen } = open(noon);
      const today = Buffer.from(salts.salt('2026-11-20'));
      expect(salts.salt('2026-11-20')).toEqual(today);
      expect(reopen(noon + 3_600_000).salt('2026-11-20')).toEqual(today);
    });

    it('are kept while it is that date anywhere, and gone for good afterwards', () => {
      const { salts, reopen } = open(noon);
      const today = Buffer.from(salts.salt('2026-11-20'));
      expect(reopen(Date.parse('2026-11-21T12:00:00Z')).salt('2026-11-20')).toEqual(today);
      reopen(Date.parse('2026-11-24T12:00:00Z'));
      expect(reopen(noon).salt('2026-11-20')).not.toEqual(today);
    });
  });
}
