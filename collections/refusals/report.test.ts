import { describe, expect, it } from '@jest/globals';
import { plainHit } from '../../test/fixtures/hits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const NOON = Date.parse('2026-11-20T12:00:00Z');

describe('the refusals report', () => {
  it('splits the received hits into counted and refused ones, by reason', async () => {
    const refusal = (reason: 'bot' | 'prefetch', hits: number) => ({
      site: 'one',
      day: '2026-11-20',
      receivedAtMs: NOON,
      reason,
      hits,
    });
    const hits = [plainHit(NOON), plainHit(NOON, { kind: 'ping' }), plainHit(NOON, { kind: 'event' })];
    const report = await reporting({ hits, refusals: [refusal('bot', 5), refusal('prefetch', 1), refusal('bot', 2)] }).get(
      'refusals',
      '2026-11-20',
      '2026-11-20',
    );
    expect(report.total).toEqual({ received: 11, counted: 3, refused: 8 });
    expect(report.rows).toEqual([
      { key: 'bot', hits: 7 },
      { key: 'prefetch', hits: 1 },
    ]);
  });
});
