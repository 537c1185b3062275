import { describe, expect, it } from '@jest/globals';
import type { FirstViewQuery, SitesViewQuery } from '../reporting/first-view.js';
import { createFirstViewCache, createSitesViewCache } from './view-cache.js';

const QUERY: FirstViewQuery = {
  base: '/stats',
  locale: 'en',
  site: { site: 'garden', title: '', timezone: 'UTC', host: '', since: '2026-01-01T00:00:00.000Z' },
  nowMs: 1000,
  asOfMs: 900,
};
const VIEW = { html: '<p>', answers: '{}', isWaiting: false };

describe('the first views of pages', () => {
  const free = async (): Promise<void> => {};
  const settled = () => new Promise(setImmediate);

  it('are left out where they take too long or fail', async () => {
    expect(await createFirstViewCache(() => new Promise(() => {}), 5)(QUERY, free)).toBeUndefined();
    expect(await createFirstViewCache(() => Promise.reject(new Error('too many')))(QUERY, free)).toBeUndefined();
  });

  it('are left out while many are being made, but not the one that is being made already', async () => {
    const ends: Array<(view: typeof VIEW) => void> = [];
    const firstView = createFirstViewCache(() => new Promise((resolve) => ends.push(resolve)));
    const of = (site: number) => firstView({ ...QUERY, base: `/${site}` }, free);
    const views = [0, 1, 2, 3, 4, 5, 6, 7].map(of);
    expect(await of(8)).toBeUndefined();
    const again = of(0);
    await settled();
    for (const end of ends) end(VIEW);
    expect(await Promise.all([...views, again])).toEqual(Array(9).fill(VIEW));
    const later = of(8);
    await settled();
    ends[8]?.(VIEW);
    expect(await later).toBe(VIEW);
  });

  it('are paid by the one for whom they are made, and left out for a caller who has reached the limit', async () => {
    let paid = 0;
    const pay = async (): Promise<void> => {
      paid++;
    };
    const made: FirstViewQuery[] = [];
    const firstView = createFirstViewCache(async (query) => {
      made.push(query);
      return VIEW;
    });
    expect(await firstView(QUERY, () => Promise.reject(new Error('too often')))).toBeUndefined();
    expect(made).toEqual([]);
    expect(await Promise.all([firstView(QUERY, pay), firstView(QUERY, pay)])).toEqual([VIEW, VIEW]);
    expect([made.length, paid]).toEqual([1, 1]);
  });

  it('are shared by all who open the same page at the same time, and by nobody who may see less', async () => {
    const made: FirstViewQuery[] = [];
    const firstView = createFirstViewCache(async (query) => {
      made.push(query);
      return VIEW;
    });
    const asked = [QUERY, { ...QUERY, asOfMs: QUERY.asOfMs + 20 }, QUERY];
    await Promise.all(asked.map((query) => firstView(query, free)));
    expect(made.length).toBe(1);
    const others = [{ reports: ['traffic'] }, { locale: 'de' as const }, { base: '/share/x' }];
    for (const other of others) await firstView({ ...QUERY, ...other }, free);
    expect(made.length).toBe(4);
  });
});

describe('the first views of all sites', () => {
  it('are shared only by callers who see the same sites, teams and numbers', async () => {
    const made: SitesViewQuery[] = [];
    const sitesView = createSitesViewCache(async (query) => {
      made.push(query);
      return VIEW;
    });
    const site = { site: 'garden', title: 'The garden', timezone: 'UTC', createdAtMs: 0 };
    const overview = { sites: [site], withOnline: true, asOfMs: 900 };
    const query: SitesViewQuery = { base: '', locale: 'en', overview, teams: '[]', rowsOnPage: 50, page: 1 };
    const same = { ...query, overview: { ...overview, asOfMs: 950 } };
    const others: SitesViewQuery[] = [
      { ...query, overview: { ...overview, sites: [{ ...site, site: 'field' }] } },
      { ...query, overview: { ...overview, withOnline: false } },
      { ...query, teams: '[{"id":"a"}]' },
      { ...query, page: 2 },
      { ...query, locale: 'de' },
      { ...query, base: '/stats' },
    ];
    for (const one of [query, same, ...others]) await sitesView(one, async () => {});
    expect(made).toEqual([query, ...others]);
  });
});
