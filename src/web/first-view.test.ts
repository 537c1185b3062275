import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { totalRowsSchema } from '../../collections/rows.js';
import type { ReportQuery } from '../reporting/port.js';
import { createFirstViewCache, createFirstViews, type FirstViewQuery, type RenderFirstView } from './first-view.js';

const QUERY: FirstViewQuery = {
  base: '/stats',
  language: 'en',
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
  const render: RenderFirstView = async (_query, answer) => {
    for (const address of addresses) answers.push(await answer(address));
    return VIEW;
  };
  const make = createFirstViews({
    report: async (query) => {
      asked.push(query);
      return `"${query.report}"`;
    },
    load: async () => render,
    kinds: [{ name: 'content', reports: [{ name: 'content' }], keep: { day: 'always', month: 'always' } }],
    reportSchemas: {
      content: z.object({ rows: z.array(z.object({ key: z.string() })), totalRows: totalRowsSchema('rows') }),
      traffic: z.object({ rows: z.array(z.object({ key: z.string() })) }),
    },
  });
  return { make, asked, answers };
}

describe('the first view of a page', () => {
  it('is made of the answers that the API would give to its addresses', async () => {
    const { make, asked, answers } = answering([
      '/stats/api/v1/sites/garden/content?period=today&limit=5',
      '/stats/api/v1/sites/garden/reports?reports=traffic%2Ccontent&period=yesterday&traffic.compare=previous',
    ]);
    expect(await make(QUERY)).toBe(VIEW);
    expect(answers).toEqual(['"content"', '{"traffic":"traffic","content":"content"}']);
    const at = { site: 'garden', timezone: 'Europe/Berlin', asOfMs: QUERY.asOfMs };
    expect(asked).toMatchObject([
      { ...at, report: 'content', from: '2026-11-21', to: '2026-11-21', limit: 5 },
      { ...at, report: 'traffic', from: '2026-11-20', compare: 'previous' },
      { ...at, report: 'content', from: '2026-11-20', compare: undefined },
    ]);
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
  it('are left out where they take too long or fail', async () => {
    expect(await createFirstViewCache(() => new Promise(() => {}), 5)(QUERY)).toBeUndefined();
    expect(await createFirstViewCache(() => Promise.reject(new Error('too many')))(QUERY)).toBeUndefined();
  });

  it('are shared by all who open the same page at the same time, and by nobody who may see less', async () => {
    const made: FirstViewQuery[] = [];
    const firstView = createFirstViewCache(async (query) => {
      made.push(query);
      return VIEW;
    });
    await Promise.all([firstView(QUERY), firstView({ ...QUERY, asOfMs: QUERY.asOfMs + 20 }), firstView(QUERY)]);
    expect(made.length).toBe(1);
    await Promise.all([firstView({ ...QUERY, reports: ['traffic'] }), firstView({ ...QUERY, language: 'de' })]);
    await firstView({ ...QUERY, base: '/share/x' });
    expect(made.length).toBe(4);
  });
});
