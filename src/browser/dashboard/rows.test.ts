import { describe, expect, it } from '@jest/globals';
import type { Row } from './answers.js';
import { mostVisitors } from './row-visitors.js';
import { viewsAndVisitors } from './rows.js';

/** What a list shows of the visitors of its rows; undefined where it has no such column. */
function visitorsOf(rows: ReadonlyArray<Omit<Row, 'key'>>, siteVisitors?: number) {
  const keyed = rows.map((row, i) => ({ key: `/${i}`, ...row }));
  const list = viewsAndVisitors({ name: 'rows', rows: keyed, total: 1000, label: ({ key }) => key, siteVisitors });
  return list.columns.length === 0 ? undefined : list.rows.map(({ cells }) => cells[0]?.text);
}

describe('the visitors of the rows of a list', () => {
  it('are shown as they are where they are exact, or nearly so', () => {
    const rows = [
      { views: 900, visitors: 700 },
      { views: 900, visitors: 700, visitorsError: 14 },
    ];
    expect(visitorsOf(rows)).toEqual(['700', '700']);
  });

  it('are marked as estimates; how far they may be off is in the tooltip, which is read out', () => {
    const [row] = viewsAndVisitors({
      name: 'rows',
      rows: [{ key: '/', views: 900, visitors: 700, visitorsError: 100 }],
      total: 900,
      label: ({ key }) => key,
    }).rows;
    expect(row?.cells).toEqual([
      { text: '≈ 700', title: 'Browsers with a record: at least 600 and at most 800', isReadOut: true },
    ]);
  });

  it('are never more than the views of the row, nor than the visitors of the site', () => {
    const rows = [{ views: 60_000, visitors: 24_759, visitorsError: 9_166 }];
    expect(visitorsOf(rows, 19_363)).toEqual(['≈ 17,478']);
    expect(visitorsOf([{ views: 16_000, visitors: 24_759, visitorsError: 9_166 }])).toEqual(['15,797']);
    expect(visitorsOf(rows, 15_000)).toEqual(['15,593']); // so many are certain
  });

  it('may be as many as the site has by all odds, where its visitors are estimated', () => {
    expect(mostVisitors({ views: 60_000, visitors: 960 })).toBe(960);
    const rows = [{ views: 60_000, visitors: 1100, visitorsError: 100 }];
    expect(visitorsOf(rows, mostVisitors({ views: 60_000, visitors: 960, error: 50 }))).toEqual(['1,030']);
  });

  it('are not shown where nearly any number is possible, and not at all if that is so for most rows', () => {
    const [known, uncertain] = [
      { views: 50, visitors: 40 },
      { views: 10_443, visitors: 11, visitorsError: 8 },
    ];
    expect(visitorsOf([known, uncertain])).toEqual(['40', '–']);
    expect(visitorsOf([known, uncertain, uncertain])).toBe(undefined);
  });

  it('are not shown where no row has any', () => {
    expect(visitorsOf([{ views: 5 }])).toBe(undefined);
  });
});
