// Tests that every adapter of sharing/salts.ts must pass.
import { afterEach, describe, expect, it } from '@jest/globals';
import { utcDay } from '../../time/dates.js';
import { DAY_MS, HOUR_MS } from '../../time/units.js';
import type { Salts } from '../salts.js';

export interface OpenedSalts {
  salts: Salts;
  /** Opens the same salts after a restart at this time. */
  reopen(nowMs: number): Promise<Salts>;
}

export function saltsContract(open: (nowMs: number) => Promise<OpenedSalts>): void {
  // Uses the current date, because Redis expires keys by its own clock.
  const day = (step: number) => utcDay(Date.now() + step * DAY_MS);
  const [today, tomorrow] = [day(0), day(1)];
  const noon = Date.parse(`${today}T12:00:00Z`);
  const opened: Salts[] = [];
  const start = async (nowMs: number): Promise<OpenedSalts> => {
    const { salts, reopen } = await open(nowMs);
    opened.push(salts);
    return {
      salts,
      async reopen(laterMs) {
        const later = await reopen(laterMs);
        opened.push(later);
        return later;
      },
    };
  };

  describe('salts', () => {
    afterEach(async () => {
      for (const salts of opened.splice(0)) await salts.close();
    });

    it('are 32 random bytes for each date', async () => {
      const { salts } = await start(noon);
      expect(salts.salt(today)).toHaveLength(32);
      expect(salts.salt(today)).not.toEqual(salts.salt(tomorrow));
      expect(salts.salt(today)).not.toEqual((await start(noon)).salts.salt(today));
    });

    it('are the same all day and after a restart', async () => {
      const { salts, reopen } = await start(noon);
      const salt = Buffer.from(salts.salt(today));
      expect(salts.salt(today)).toEqual(salt);
      expect((await reopen(noon + HOUR_MS)).salt(today)).toEqual(salt);
      expect(salts.state()).toEqual({ shared: true });
    });

    it('are stored while it is that date in any time zone, and are then deleted', async () => {
      const { salts, reopen } = await start(noon);
      const salt = Buffer.from(salts.salt(today));
      expect((await reopen(noon + DAY_MS)).salt(today)).toEqual(salt);
      await reopen(noon + 4 * DAY_MS);
      expect((await reopen(noon)).salt(today)).not.toEqual(salt);
    });
  });
}
