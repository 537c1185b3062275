import { describe, expect, it } from '@jest/globals';
import { plainHit } from '../../test/fixtures/hits.js';
import { memoryLedger } from '../../test/fixtures/ledger.js';
import { reporting } from '../../test/fixtures/reporting.js';
import { ALL_SITES, ARCHIVED } from '../upkeep/expired.js';

const hits = ['2009-05-18', '2015-02-01', '2026-11-20'].map((day) => plainHit(Date.parse(`${day}T12:00:00Z`)));
const all = { isAll: true } as const;

describe('a report of all time', () => {
  it('begins with the first month in which the site was viewed, even if that is more than ten years ago', async () => {
    const { get, read } = reporting({ hits });
    const range = { from: '2009-05-01', to: '2026-11-30', resolution: 'day' };
    const traffic = await get('traffic', '1990-01-01', '2026-11-30', { ...all, by: 'month' });
    expect(traffic).toMatchObject({ ...range, total: { views: 3 }, rows: [] });
    expect(traffic.months).toHaveLength(12 * 17 + 7);
    expect(traffic.months.filter(({ views }: { views: number }) => views > 0)).toEqual([
      { key: '2009-05', views: 1, visitors: 0 },
      { key: '2015-02', views: 1, visitors: 0 },
      { key: '2026-11', views: 1, visitors: 0 },
    ]);
    expect(read().every((id) => /:\d{4}-\d\d$/.test(id))).toBe(true); // months, and no days
    expect(await get('content', '1990-01-01', '2026-11-30', all)).toMatchObject({ ...range, total: { views: 3 } });
  });

  it('is this month where nothing was viewed', async () => {
    const { get } = reporting({ hits });
    const empty = await get('traffic', '1990-01-01', '2026-11-30', { ...all, site: 'other' });
    expect(empty).toMatchObject({ from: '2026-11-01', to: '2026-11-30', total: { views: 0 } });
  });

  it('reads whole years that are in an archive', async () => {
    const ledger = memoryLedger();
    await ledger.add(ARCHIVED, ALL_SITES, { from: '2009-01-01', to: '2009-12-31' });
    const { get } = reporting({ hits, ledger });
    const traffic = await get('traffic', '1990-01-01', '2026-11-30', { ...all, by: 'month' });
    expect(traffic).toMatchObject({ from: '2009-01-01', archived: ['2009'], total: { views: 3 } });
  });
});
