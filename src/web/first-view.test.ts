import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { totalRowsSchema } from '../../collections/rows.js';
import type { ReportQuery } from '../reporting/port.js';
import { createFirstViewCache, createFirstViews, type FirstViewQuery, type RenderFirstView } from './first-view.js';

const QUERY: FirstViewQuery = {
  base: '/stats',
  locale: 'en',
  site: {
    site: 'garden',
    title: 'The garden',
    timezone: 'Europe/Berlin',
    host: '',
    hosts: [],
    since: '2026-01-01T00:00:00.000Z',
  },
  nowMs: Date.parse('2026-11-20T23:30:00Z'),
  asOfMs: Date.parse('2026-11-20T23:29:59Z'),
};
const VIEW = { html: '<p>', answers: '{}', isWaiting: false };

function answering(addresses: readonly string[]) {
  const asked: ReportQuery[] = [];
  const answers: string[] = [];
  const rendered: FirstViewQuery[] = [];
  const render: RenderFirstView = async (query, answer) => {
    rendered.push(query);
    for (const address of addresses) answers.push(await answer(address));
    return VIEW;
  };
  const make = createFirstViews({
    report: async (query) => {
      asked.push(query);
      return `"${query.report}"`;
    },
    firstDayOf: async () => '2015-05-01',
    load: async () => render,
    kinds: [{ name: 'content', reports: [{ name: 'content' }], keep: { day: 'always', month: 'always' } }],
    reportSchemas: {
      content: z.object({ rows: z.array(z.object({ key: z.string() })), totalRows: totalRowsSchema('rows') }),
      traffic: z.object({ rows: z.array(z.object({ key: z.string() })) }),
    },
  });
  return { make, asked, answers, rendered };
}

describe('the first view of a page', () => {
  it('is made of the answers that the API would give to its addresses', async () => {
    const { make, asked, answers } = answering([
      '/stats/api/v1/sites/garden/content?period=today&limit=5',
      '/stats/api/v1/sites/garden/reports?reports=traffic%2Ccontent&period=yesterday&traffic.compare=previous',
    ]);
    await make(QUERY);
    expect(answers).toEqual(['"content"', '{"traffic":"traffic","content":"content"}']);
    const at = { site: 'garden', timezone: 'Europe/Berlin', asOfMs: QUERY.asOfMs };
    expect(asked).toMatchObject([
      { ...at, report: 'content', from: '2026-11-21', to: '2026-11-21', limit: 5 },
      { ...at, report: 'traffic', from: '2026-11-20', compare: 'previous' },
      { ...at, report: 'content', from: '2026-11-20', compare: undefined },
    ]);
  });

  it('contains the day on which the numbers of the site begin', async () => {
    const { make, rendered } = answering([]);
    expect(await make(QUERY)).toEqual({ ...VIEW, firstDay: '2015-05-01' });
    expect(rendered).toEqual([{ ...QUERY, site: { ...QUERY.site, firstDay: '2015-05-01' } }]);
  });

  it('of a limited share link contains no other report, alone or among several', async () => {
    for (const address of ['/api/v1/sites/garden/content?period=today', '/api/v1/sites/garden/reports?reports=traffic,content']) {
      const { make, asked } = answering([address]);
      await expect(make({ ...QUERY, reports: ['traffic'] })).rejects.toThrow('must not show content');
      expect(asked).toEqual([]);
    }
  });
});

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
