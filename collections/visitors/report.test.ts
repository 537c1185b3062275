import { describe, expect, it } from '@jest/globals';
import { plainHit, viewAfter } from '../../test/fixtures/hits.js';
import { type Seen, sentBy } from '../../test/fixtures/random-visits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const browser = (...isos: string[]) =>
  sentBy(
    isos.map((iso) => ({ browser: 0, atMs: Date.parse(iso), path: '/', source: '' }) as Seen),
    'Europe/Berlin',
  );

interface Class {
  readonly least: number;
  readonly visits: number;
}

/** The classes that have visits. */
const visitsIn = (classes: readonly Class[]) =>
  Object.fromEntries(classes.filter(({ visits }) => visits > 0).map(({ least, visits }) => [least, visits]));

describe('the visitors report', () => {
  it('distinguishes new and returning visitors, by day and for the range', async () => {
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

  it('lists months instead of days; one that begins before the range has no visitors', async () => {
    const hits = [viewAfter('2026-10-20T10:00:00Z'), viewAfter('2026-11-20T10:00:00Z'), viewAfter('2026-11-20T11:00:00Z')];
    const report = await reporting({ hits }).get('visitors', '2026-10-10', '2026-11-30', { by: 'month' });
    expect(report.rows).toEqual([]);
    expect(report.months).toEqual([{ key: '2026-10' }, { key: '2026-11', visitors: 2, new: 2, returning: 0, unknown: 0 }]);
  });

  it('counts imported visitors as unknown', async () => {
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
    const hits = points.flatMap(({ receivedAtMs }) => [plainHit(receivedAtMs), plainHit(receivedAtMs)]);
    const report = await reporting({ points, hits }).get('visitors', '2026-11-01', '2026-11-30');
    expect(report.total).toEqual({ visitors: 20, error: 1, new: 0, returning: 0, unknown: 20 });
    expect(report.rows[18]).toMatchObject({ visitors: 10, new: 0, returning: 0 });
  });

  it('counts visits by their number and by the days since the visit before', async () => {
    const hits = [
      ...browser('2026-11-01T10:00:00Z', '2026-11-01T10:10:00Z', '2026-11-01T12:00:00Z', '2026-11-02T12:00:00Z'),
      ...browser('2026-11-01T10:00:00Z', '2026-11-15T09:59:59Z'),
      plainHit(Date.parse('2026-11-01T10:00:00Z')),
    ];
    const { loyalty, recency } = await reporting({ hits }).get('visitors', '2026-11-01', '2026-11-30');
    expect(loyalty.map(({ least }: Class) => least)).toEqual([1, 2, 3, 6, 11, 21, 51, 101]);
    expect(visitsIn(loyalty)).toEqual({ 1: 2, 2: 2, 3: 1 });
    expect(recency.map(({ least }: Class) => least)).toEqual([0, 1, 2, 3, 7, 14, 30, 60, 120]);
    expect(visitsIn(recency)).toEqual({ 0: 1, 1: 1, 7: 1 }); // 14 days minus a second are less than 14 days
  });

  it('counts each visit in the class of its number', async () => {
    const isos = Array.from({ length: 120 }, (_, i) =>
      new Date(Date.parse('2026-01-01T10:00:00Z') + i * 86_400_000).toISOString(),
    );
    const { loyalty } = await reporting({ hits: browser(...isos) }).get('visitors', '2026-01-01', '2026-12-31');
    expect(visitsIn(loyalty)).toEqual({ 1: 1, 2: 1, 3: 3, 6: 5, 11: 10, 21: 30, 51: 50, 101: 20 });
  });
});
