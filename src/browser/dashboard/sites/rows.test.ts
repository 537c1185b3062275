import { describe, expect, it } from '@jest/globals';
import { readAddress } from '../address.js';
import { readSitesAddress, type SitesAddress, sitesAddressOf } from './address.js';
import { arranged, groupNames, type Site, summedSites, totalsOf } from './rows.js';

function site(id: string, views: number, others: Partial<Site> = {}): Site {
  return {
    ...{ site: id, title: id.toUpperCase(), timezone: 'UTC', createdAt: '2026-01-01T00:00:00Z', day: '2026-11-20' },
    today: { views, visitors: Math.floor(views / 2) },
    yesterday: { views: 100, visitors: 50 },
    sameHours: { until: '13', today: { views, visitors: 1 }, yesterday: { views: 100, visitors: 2 } },
    online: { visitors: 1, views: 2 },
    days: [1, views],
    ...others,
  };
}

const sites = [
  site('b', 30, { title: 'Site 10', timezone: 'Asia/Tokyo' }),
  site('a', 10, { title: 'Site 9', days: [300, 10] }),
  site('c', 200, { title: 'site 9', online: null, sameHours: null }),
  site('d', 90, { title: 'Ähre' }),
];
const ids = (found: readonly Site[]) => found.map((one) => one.site).join('');
const byDefault = { search: '', sort: 'name', isReversed: false } as const;
const ungrouped = () => '';

describe('the sites of the page', () => {
  it.each([
    [{}, 'dacb'],
    [{ isReversed: true }, 'bcad'],
    [{ sort: 'views' }, 'cdba'],
    [{ sort: 'views', isReversed: true }, 'abdc'],
    [{ sort: 'visitors' }, 'cdba'],
    // without a number they are at the end
    [{ sort: 'online' }, 'dabc'],
    [{ sort: 'change' }, 'dbac'],
    [{ sort: 'month' }, 'acdb'],
    [{ search: 'SITE 9' }, 'ac'],
    [{ search: ' tokyo  site' }, 'b'],
    [{ search: 'none' }, ''],
  ] as const)('are sorted and found: %j', (chosen, expected) => {
    expect(ids(arranged(sites, { ...byDefault, ...chosen }, ungrouped))).toBe(expected);
  });

  it('are grouped by all of their teams, or by their time zone, and sorted in each group', () => {
    const teams = [
      { id: '1', name: 'Web', sites: ['a', 'b'] },
      { id: '2', name: 'Shop', sites: ['b', 'd'] },
    ];
    const byTeam = groupNames({ teams }, 'team', 'No team');
    expect(sites.map(byTeam)).toEqual(['Web, Shop', 'Web', 'No team', 'Shop']);
    expect(ids(arranged(sites, byDefault, byTeam))).toBe('cdab');
    expect(ids(arranged(sites, { ...byDefault, sort: 'views' }, groupNames({ teams }, 'timezone', '')))).toBe('bcda');
    expect(sites.map(groupNames({ teams }, 'none', ''))).toEqual(['', '', '', '']);
  });

  it('that are selected are added up, or else all that are found', () => {
    expect(ids(summedSites({ sites }, { search: 'site', selected: [] }))).toBe('bac');
    expect(ids(summedSites({ sites }, { search: 'site', selected: ['d', 'gone', 'a'] }))).toBe('ad');
    expect(ids(summedSites({ sites }, { search: 'site', selected: ['gone'] }))).toBe('bac');
  });

  it('add up; only those that can be compared are compared', () => {
    expect(totalsOf(sites)).toEqual({
      count: 4,
      today: { views: 330, visitors: 165 },
      yesterday: { views: 400, visitors: 200 },
      sameHours: { until: '13', today: { views: 130, visitors: 3 }, yesterday: { views: 300, visitors: 6 } },
      online: { visitors: 3, views: 6 },
      days: [303, 330],
    });
    expect(totalsOf([])).toMatchObject({ today: { views: 0 }, sameHours: null, online: null, days: [] });
  });
});

describe('the address of the page', () => {
  const changes: ReadonlyArray<Partial<SitesAddress>> = [
    {},
    { sort: 'views', isReversed: true, group: 'team', page: 3 },
    { search: 'a&b=c #%', selected: ['a', 'b-2'], rollup: readAddress('#7d') },
    { search: 'x', page: 2, rollup: readAddress('#30d&compare=year-before&tab-content=titles&list=content.rows&search=a;b%26c') },
  ];

  it.each(changes)('contains what is chosen: %j', (chosen) => {
    const address = { ...readSitesAddress(''), ...chosen };
    expect(readSitesAddress(sitesAddressOf(address))).toEqual(address);
  });

  it('of a roll-up of earlier versions is understood', () => {
    const address = readSitesAddress('#sort=views&selected=a,b&rollup=last-month');
    expect(address).toMatchObject({
      sort: 'views',
      selected: ['a', 'b'],
      rollup: { shown: 'last-month', comparison: 'previous' },
    });
    expect(sitesAddressOf(address)).toBe('#sort=views&selected=a,b&rollup=last-month');
  });

  it('is empty for the defaults, and ignores what it cannot read', () => {
    expect(sitesAddressOf(readSitesAddress('#sort=none&group=x&page=-1&page=NaN&more'))).toBe('');
    expect(readSitesAddress('#rollup=ever').rollup).toEqual(readAddress(''));
    expect(readSitesAddress('#page=1e99').page).toBeGreaterThan(1);
  });
});
