import { describe, expect, it } from '@jest/globals';
import type { Hit, Point } from '../../src/hit/hit.js';
import { plainHit, viewAfter } from '../../test/fixtures/hits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const at = (iso: string, changes: Partial<Hit> = {}) => plainHit(Date.parse(iso), changes);

function points(sketch: Point['sketch'], day: string, count: number): Point[] {
  return Array.from({ length: count }, (_, i) => ({
    site: 'one',
    day,
    receivedAtMs: Date.parse(day),
    sketch,
    register: i * 7,
    rank: 1,
  }));
}

describe('the traffic report', () => {
  it('lists all days of the range and all hours of these days, even those without hits', async () => {
    const report = await reporting({
      hits: [at('2026-10-25T00:30:00Z'), at('2026-10-25T01:30:00Z'), at('2026-10-25T01:31:00Z')],
    }).get('traffic', '2026-10-24', '2026-10-26');
    expect(report).toMatchObject({
      site: 'one',
      timezone: 'Europe/Berlin',
      from: '2026-10-24',
      to: '2026-10-26',
      resolution: 'day',
      total: { views: 3 },
    });
    expect(report.rows.map((row: { key: string }) => row.key)).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
    expect(report.rows.map((row: { hours: unknown[] }) => row.hours.length)).toEqual([24, 25, 24]);
    expect(report.rows[1].hours.slice(2, 4)).toEqual([
      { key: '02', views: 1, visitors: 0 },
      { key: '02+', views: 2, visitors: 0 },
    ]);
  });

  it('has no row for a day that did not exist', async () => {
    const report = await reporting({}).get('traffic', '2011-12-29', '2011-12-31', { timezone: 'Pacific/Apia' });
    expect(report.rows.map((row: { key: string }) => row.key)).toEqual(['2011-12-29', '2011-12-31']);
  });

  it('reads one document for a month, and months and days for other ranges', async () => {
    const service = reporting({});
    await service.get('traffic', '2026-02-01', '2026-02-28');
    expect(service.read()).toEqual(['traffic.2026/one:2026-02']);
    await service.get('traffic', '2026-01-30', '2026-03-02');
    expect(service.read()).toEqual(
      ['2026-01-30', '2026-01-31', '2026-02', '2026-03-01', '2026-03-02'].map((key) => `traffic.2026/one:${key}`),
    );
    await service.get('traffic', '2025-01-01', '2025-12-31');
    expect(service.read()).toHaveLength(12);
  });

  it('gives the same numbers for a day from its document and from its month', async () => {
    const unrecorded = Array.from({ length: 60 }, () => at('2026-11-20T13:00:00Z'));
    const service = reporting({
      hits: [viewAfter('2026-11-20T10:00:00Z'), viewAfter('2026-11-20T12:00:00Z', 7200), ...unrecorded],
      points: points('second', '2026-11-20', 50),
    });
    const [day, month] = [
      await service.get('traffic', '2026-11-20', '2026-11-20'),
      await service.get('traffic', '2026-11-01', '2026-11-30'),
    ];
    expect(month.rows[19]).toEqual(day.rows[0]);
    expect(month.total).toEqual(day.total);
    expect(day.total.visitors).toBe(1 + 50);
  });

  it('counts visitors with a record exactly for a whole day, month and year', async () => {
    const service = reporting({
      hits: [
        viewAfter('2026-11-19T10:00:00Z'),
        viewAfter('2026-11-20T10:00:00Z', 86_400),
        viewAfter('2026-11-20T11:00:00Z', 3600),
        viewAfter('2026-12-01T11:00:00Z', 11 * 86_400),
      ],
    });
    const visitors = async (from: string, to: string) => (await service.get('traffic', from, to)).total;
    expect(await visitors('2026-11-20', '2026-11-20')).toEqual({ views: 2, visitors: 1 });
    expect(await visitors('2026-11-01', '2026-11-30')).toEqual({ views: 3, visitors: 1 });
    expect(await visitors('2026-01-01', '2026-12-31')).toEqual({ views: 4, visitors: 1 });
  });

  it('estimates the visitors of any other range, between the largest period and the sum of the periods', async () => {
    const hits = Array.from({ length: 30 }, (_, i) => viewAfter(`2026-11-20T10:00:${String(i).padStart(2, '0')}Z`));
    const again = Array.from({ length: 30 }, (_, i) => viewAfter(`2026-11-21T10:00:${String(i).padStart(2, '0')}Z`, 86_400));
    const total = async (sketch: Point[]) =>
      (await reporting({ hits: [...hits, ...again], points: sketch }).get('traffic', '2026-11-20', '2026-11-21')).total;
    const same = await total([...points('first', '2026-11-20', 30), ...points('first', '2026-11-21', 30)]);
    expect(same.visitors).toBe(30);
    expect(same.error).toBeGreaterThan(0);
    expect((await total(points('first', '2026-11-20', 500))).visitors).toBe(60); // forged points cannot increase it further
    expect((await total([])).visitors).toBe(30);
  });

  it('includes late hits of old years', async () => {
    const old = at('2015-05-18T10:00:00Z');
    const service = reporting({
      hits: [
        { ...old, receivedAtMs: Date.parse('2015-05-18T10:00:00Z') },
        { ...old, receivedAtMs: Date.parse('2026-11-21T10:00:00Z') },
      ],
    });
    expect((await service.get('traffic', '2015-05-01', '2015-05-31')).total.views).toBe(2);
    expect(service.read()).toEqual(['traffic.2015/one:2015-05', 'traffic.2015.late2026/one:2015-05']);
  });

  it('adds imported days: their views in no hour, their visitors once a day', async () => {
    const service = reporting({
      hits: [viewAfter('2026-11-20T10:00:00Z'), at('2026-11-21T10:00:00Z')],
      imported: [
        { kind: 'views', day: '2026-11-19', views: 100 },
        { kind: 'visitors', day: '2026-11-19', visitors: 40 },
        { kind: 'views', day: '2026-11-20', views: 10 },
        { kind: 'visitors', day: '2026-11-20', visitors: 5 },
        { kind: 'page', day: '2026-11-20', path: '/', title: '', views: 10 },
      ],
    });
    const month = await service.get('traffic', '2026-11-01', '2026-11-30');
    expect(month.total).toEqual({ views: 112, visitors: 46 });
    expect(month.rows[18]).toMatchObject({ views: 100, visitors: 40 });
    expect(month.rows[19]).toMatchObject({ views: 11, visitors: 6 });
    expect(month.rows[18].hours.every(({ views }: { views: number }) => views === 0)).toBe(true);
    expect((await service.get('traffic', '2026-11-20', '2026-11-20')).total).toEqual({ views: 11, visitors: 6 });
    expect((await service.get('traffic', '2026-11-19', '2026-11-20')).total).toEqual({ views: 111, visitors: 46 });
  });

  it('does not mix the years of a range', async () => {
    const service = reporting({ hits: [at('2024-11-20T10:00:00Z'), at('2025-11-20T10:00:00Z'), at('2025-11-20T11:00:00Z')] });
    const report = await service.get('traffic', '2024-11-20', '2025-11-20');
    expect(report.rows[0]).toMatchObject({ key: '2024-11-20', views: 1 });
    expect(report.rows.at(-1)).toMatchObject({ key: '2025-11-20', views: 2 });
  });
});
