import { describe, expect, it } from '@jest/globals';
import { plainHit, viewAfter } from '../../test/fixtures/hits.js';
import { reporting } from '../../test/fixtures/reporting.js';

const NOON = Date.parse('2026-11-20T12:00:00Z');

describe('the technology report', () => {
  it('lists browsers with their versions, and has lists that add up to the views', async () => {
    const hits = [
      plainHit(NOON),
      plainHit(NOON, {
        technology: { browser: 'chrome', version: '131-0', platform: 'android', device: 'mobile' },
        language: 'en',
      }),
      plainHit(NOON, { technology: { browser: 'chrome', version: '131-0', platform: 'linux', device: 'desktop' } }),
      plainHit(NOON, { technology: { browser: 'other', version: '', platform: 'other', device: 'other' } }),
    ];
    const report = await reporting({ hits }).get('technology', '2026-11-20', '2026-11-20');
    expect(report.total).toEqual({ views: 4 });
    expect(report.browsers[0]).toEqual({
      key: 'chrome',
      title: 'Chrome',
      views: 3,
      versions: [
        { key: '131-0', title: '131.0', views: 2 },
        { key: '130-0', title: '130.0', views: 1 },
      ],
    });
    for (const list of ['browsers', 'platforms', 'devices', 'languages', 'screens', 'windowWidths', 'windowHeights']) {
      expect(report[list].reduce((sum: number, row: { views: number }) => sum + row.views, 0)).toBe(4);
    }
  });

  it('has the lists that were imported for a day, and the sum of the fullest as total', async () => {
    const day = '2026-11-20';
    const imported = [
      { kind: 'browser' as const, day, browser: 'chrome', version: '130-0', views: 5 },
      { kind: 'browser' as const, day, browser: 'safari', version: '', views: 4 },
      { kind: 'device' as const, day, device: 'mobile', views: 8 },
      { kind: 'platform' as const, day, platform: 'linux', views: 1 },
      { kind: 'language' as const, day, language: 'fr', views: 2 },
    ];
    const report = await reporting({ hits: [plainHit(NOON)], imported }).get('technology', day, day);
    const views = (rows: Array<{ key: string; views: number }>) => Object.fromEntries(rows.map((row) => [row.key, row.views]));
    expect(report.total).toEqual({ views: 10 });
    expect(views(report.browsers)).toEqual({ chrome: 6, safari: 4 });
    expect(report.browsers[0].versions).toEqual([{ key: '130-0', title: '130.0', views: 6 }]);
    expect(views(report.devices)).toEqual({ mobile: 8, desktop: 1 });
    expect(views(report.platforms)).toEqual({ windows: 1, linux: 1 });
    expect(views(report.languages)).toEqual({ fr: 2, de: 1 });
  });

  it('counts a visitor with the technology of the first view of the day or month, in every list', async () => {
    const mobile = { browser: 'safari', version: '18-1', platform: 'ios', device: 'mobile' };
    const hits = [
      viewAfter('2026-11-19T10:00:00Z'),
      viewAfter('2026-11-20T10:00:00Z', 86_400, { technology: mobile }),
      viewAfter('2026-11-20T11:00:00Z', 3600),
      plainHit(NOON, { language: 'fr' }),
    ];
    const { get } = reporting({ hits });
    const visitors = (rows: Array<{ key: string; visitors?: number; visitorsError?: number }>) =>
      Object.fromEntries(rows.map((row) => [row.key, row.visitorsError ? [row.visitors, row.visitorsError] : row.visitors]));
    const day = await get('technology', '2026-11-20', '2026-11-20');
    expect(visitors(day.browsers)).toEqual({ chrome: 0, safari: 1 });
    expect(visitors(day.browsers[0].versions)).toEqual({ '130-0': 0 });
    expect(visitors(day.browsers[1].versions)).toEqual({ '18-1': 1 });
    expect([visitors(day.platforms), visitors(day.devices)]).toEqual([
      { windows: 0, ios: 1 },
      { desktop: 0, mobile: 1 },
    ]);
    expect(visitors(day.languages)).toEqual({ de: 1, fr: 0 });
    for (const list of [day.screens, day.windowWidths, day.windowHeights]) expect(Object.values(visitors(list))).toEqual([1]);
    const month = await get('technology', '2026-11-01', '2026-11-30');
    expect(visitors(month.browsers)).toEqual({ chrome: 1, safari: 0 });
    const days = await get('technology', '2026-11-19', '2026-11-20');
    expect([visitors(days.browsers), visitors(days.languages)]).toEqual([
      { chrome: 1, safari: 1 },
      { de: [2, 1], fr: 0 },
    ]);
  });

  it('has no visitors where no browser has a record', async () => {
    const { browsers } = await reporting({ hits: [plainHit(NOON)] }).get('technology', '2026-11-20', '2026-11-20');
    expect(browsers[0]).not.toHaveProperty('visitors');
  });

  it('does not count a first view of a day as a visitor of the month if another device was first', async () => {
    const mobile = { browser: 'safari', version: '18-1', platform: 'ios', device: 'mobile' };
    const hits = [
      viewAfter('2026-10-01T10:00:00Z'),
      ...['02', '03', '04'].map((day) => viewAfter(`2026-10-${day}T10:00:00Z`, 86_400, { technology: mobile })),
    ];
    const { devices } = await reporting({ hits }).get('technology', '2026-10-01', '2026-11-30');
    expect(devices.find(({ key }: { key: string }) => key === 'mobile')).toMatchObject({ views: 3, visitors: 0 });
  });
});
