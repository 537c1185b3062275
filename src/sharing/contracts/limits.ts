// Tests that every adapter of sharing/limits.ts must pass.
import { afterEach, describe, expect, it } from '@jest/globals';
import { LIMITS, type Limits } from '../limits.js';

export function limitsContract(open: () => Promise<Limits>): void {
  describe('limits', () => {
    let limits: Limits | undefined;
    afterEach(() => limits?.close());

    it('allow the stated number of calls, and then return when to try again', async () => {
      limits = await open();
      const { calls, seconds } = LIMITS['sign-in'];
      for (let call = 0; call < calls; call++) expect(await limits.take('sign-in', '192.0.2.1')).toEqual({ allowed: true });
      const refused = await limits.take('sign-in', '192.0.2.1');
      if (refused.allowed) throw new Error('one call too many was allowed');
      expect(refused.retryAfterSeconds).toBeGreaterThan(0);
      expect(refused.retryAfterSeconds).toBeLessThanOrEqual(seconds);
    });

    it('count a call as several', async () => {
      limits = await open();
      const { calls } = LIMITS['sign-in'];
      expect(await limits.take('sign-in', '192.0.2.1', calls - 1)).toEqual({ allowed: true });
      expect(await limits.take('sign-in', '192.0.2.1')).toEqual({ allowed: true });
      expect(await limits.take('sign-in', '192.0.2.1')).toMatchObject({ allowed: false });
      expect(await limits.take('sign-in', '192.0.2.2', calls + 1)).toMatchObject({ allowed: false });
    });

    it('count separately for each kind of call and each caller, for any name of a caller', async () => {
      limits = await open();
      for (let call = 0; call <= LIMITS['sign-in'].calls; call++) await limits.take('sign-in', '192.0.2.1');
      expect(await limits.take('sign-in', '192.0.2.2')).toEqual({ allowed: true });
      expect(await limits.take('api', '192.0.2.1')).toEqual({ allowed: true });
      for (const caller of ['', '__proto__', ':', '\0', 'x'.repeat(10_000)]) {
        expect(await limits.take('sign-in', caller)).toEqual({ allowed: true });
      }
    });
  });
}
