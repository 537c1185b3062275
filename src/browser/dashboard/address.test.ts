import { describe, expect, it } from '@jest/globals';
import { type Address, addressOf, asksForTheSame, COMPARISONS, readAddress } from './address.js';
import { PERIODS } from './ranges.js';

const DEFAULTS: Address = { shown: 'today', comparison: 'previous', page: undefined, tabs: {} };

const sevenDays = { shown: '7d', comparison: { from: '2026-01-01', to: '2026-01-31' }, isByWeekday: true } as const;

describe('the address of the page', () => {
  it.each<[string, Partial<Address>]>([
    ['', {}],
    ['#month', { shown: 'month' }],
    ['#7d', { shown: '7d' }],
    ['#last-month', { shown: 'last-month' }],
    ['#from=2026-11-01&to=2026-11-20', { shown: { from: '2026-11-01', to: '2026-11-20' } }],
    ['#page=/about', { page: '/about' }],
    ['#year&compare=nothing&page=/a%20b/%23%26%3D%25', { shown: 'year', comparison: 'nothing', page: '/a b/#&=%' }],
    ['#page=', { page: '' }],
    ['#all', { shown: 'all' }],
    ['#yesterday&hours=09-14', { shown: 'yesterday', hours: ['09', '14'] }],
    ['#7d&compare=2026-01-01..2026-01-31&match=weekdays', sevenDays],
    ['#list=content.rows', { list: { report: 'content', list: 'rows', search: '', offset: 0 } }],
    [
      '#7d&list=referrers.hosts&search=%C3%BC%20%26/&offset=50',
      { shown: '7d', list: { report: 'referrers', list: 'hosts', search: 'ü &/', offset: 50 } },
    ],
    [
      '#list=content.rows&page=/a&page-list=pages.next&page-search=b&page-offset=100',
      {
        page: '/a',
        list: { report: 'content', list: 'rows', search: '', offset: 0 },
        pageList: { report: 'pages', list: 'next', search: 'b', offset: 100 },
      },
    ],
    [
      '#tab-technology=platforms&tab-engagement=total.reached',
      { tabs: { technology: 'platforms', engagement: 'total.reached' } },
    ],
  ])('reads and writes %j', (hash, address) => {
    expect(readAddress(hash)).toEqual({ ...DEFAULTS, ...address });
    expect(addressOf({ ...DEFAULTS, ...address })).toBe(hash);
  });

  it('is read as it was written, whatever is shown', () => {
    const ranges = ['2026-11-20', '2026-10-31', '1990-01-01'].map((from) => ({ from, to: from.replace(/..$/, '31') }));
    const pages = [undefined, '', '/', '/from=2026-01-01&to=2026-02-02', '/#7d', '/tab-a=b', '/%25', '/é ü+?=&'];
    for (const shown of [...PERIODS, ...ranges.slice(1)]) {
      for (const comparison of [...COMPARISONS, { from: '2026-01-01', to: '2026-01-31' }]) {
        for (const page of pages) {
          for (const tabs of [{}, { chart: 'months', referrers: 'hosts' }]) {
            const address: Address = { shown, comparison, page, tabs };
            expect(readAddress(addressOf(address))).toEqual(address);
          }
        }
      }
    }
  });

  it('uses the defaults for parts that it cannot read', () => {
    expect(readAddress('#decade&compare=all&hours=14-09&match=dates&page=/%E0%A4%A')).toEqual({ ...DEFAULTS, page: '/%E0%A4%A' });
  });

  it('ignores a list that cannot be read, or that belongs to no page, and shortens a search that is too long', () => {
    expect(readAddress('#list=content').list).toBeUndefined();
    expect(readAddress('#list=content.<b>').list).toBeUndefined();
    expect(readAddress(`#list=content.rows&offset=-1&search=${'é'.repeat(300)}`).list).toEqual({
      ...{ report: 'content', list: 'rows', offset: 0 },
      search: 'é'.repeat(200),
    });
    expect(addressOf(readAddress('#page-list=pages.next'))).toBe('');
  });

  it.each([
    '#from=2026-11-20',
    '#from=2026-11-20&to=2026-11-01',
    '#from=2026-11-31&to=2026-12-01',
    '#from=2000-01-01&to=2026-12-01',
    '#from=&to=',
  ])('shows today for %s, and says that this is no range', (hash) => {
    expect(readAddress(hash)).toEqual({ ...DEFAULTS, isWrong: true });
    expect(addressOf(readAddress(hash))).toBe('');
  });

  it('shows today for what it does not know', () => {
    expect(readAddress('#now')).toEqual(DEFAULTS);
  });

  it('asks for other numbers with another range, comparison or page, but not with another tab or list', () => {
    const address = readAddress('#from=2026-11-01&to=2026-11-20');
    expect(asksForTheSame(address, readAddress('#from=2026-11-01&to=2026-11-20&tab-chart=months'))).toBe(true);
    expect(asksForTheSame(address, readAddress('#from=2026-11-01&to=2026-11-20&list=content.rows&search=a'))).toBe(true);
    for (const other of ['', '#7d', '#from=2026-11-01&to=2026-11-21', '#from=2026-11-01&to=2026-11-20&page=/']) {
      expect(asksForTheSame(address, readAddress(other))).toBe(false);
    }
    expect(asksForTheSame(readAddress('#yesterday'), readAddress('#yesterday&hours=09-14'))).toBe(true);
    for (const other of ['compare=nothing', 'match=weekdays', 'compare=2026-01-01..2026-01-07'])
      expect(asksForTheSame(readAddress('#7d'), readAddress(`#7d&${other}`))).toBe(false);
  });
});
