import { describe, expect, it } from '@jest/globals';
import { viewAfter } from '../test/fixtures/hits.js';
import { reporting } from '../test/fixtures/reporting.js';

describe('the visitors report', () => {
  it('tells new visitors from returning ones, by day and for the range', async () => {
    const hits = [
      viewAfter('2026-11-19T10:00:00Z'),
      viewAfter('2026-11-19T10:05:00Z', 300),
      viewAfter('2026-11-20T10:00:00Z', 86_100),
      viewAfter('2026-11-20T11:00:00Z'),
      viewAfter('2026-11-20T12:00:00Z', 40 * 86_400),
    ];
    const service = reporting({ hits });
    const month = await service.get('visitors', '2026-11-01', '2026-11-30');
    expect(month.total).toEqual({ visitors: 3, new: 2, returning: 1, unknown: 0 });
    expect(month.rows[18]).toEqual({ key: '2026-11-19', visitors: 1, new: 1, returning: 0, unknown: 0 });
    expect(month.rows[19]).toEqual({ key: '2026-11-20', visitors: 3, new: 1, returning: 2, unknown: 0 });
  });

  it('has imported visitors among the unknown', async () => {
    const imported = [{ kind: 'visitors' as const, day: '2026-11-20', visitors: 9 }];
    const report = await reporting({ hits: [viewAfter('2026-11-20T10:00:00Z')], imported }).get(
      'visitors',
      '2026-11-01',
      '2026-11-30',
    );
    expect(report.total).toEqual({ visitors: 10, new: 1, returning: 0, unknown: 9 });
  });

  it('counts visitors without a record once a day, and neither as new nor as returning', async () => {
    const points = ['2026-11-19', '2026-11-20'].flatMap((day) =>
      Array.from({ length: 10 }, (_, i) => ({
        site: 'one',
        day,
        receivedAtMs: Date.parse(day),
        sketch: 'second' as const,
        register: i,
        rank: 2,
      })),
    );
    const report = await reporting({ points }).get('visitors', '2026-11-01', '2026-11-30');
    expect(report.total).toEqual({ visitors: 20, error: 1, new: 0, returning: 0, unknown: 20 });
    expect(report.rows[18]).toMatchObject({ visitors: 10, new: 0, returning: 0 });
  });
});
