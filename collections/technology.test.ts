import { describe, expect, it } from '@jest/globals';
import { plainHit } from '../test/fixtures/hits.js';
import { reporting } from '../test/fixtures/reporting.js';

const NOON = Date.parse('2026-11-20T12:00:00Z');

describe('the technology report', () => {
  it('lists browsers with their versions, and every other list so that it adds up to the views', async () => {
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

  it('has of imported days the lists that were told, and as total the fullest of them', async () => {
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
});
