import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { totalRowsSchema } from '../../collections/rows.js';
import type { ReportQuery } from '../reporting/port.js';
import { createFirstViews, createSitesViews, type FirstViewQuery, type RenderFirstView } from './first-view.js';

const QUERY: FirstViewQuery = {
  base: '/stats',
  locale: 'en',
  site: {
    site: 'garden',
    title: 'The garden',
    timezone: 'Europe/Berlin',
    host: '',
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
    load: async () => ({ renderFirstView: render, renderSites: async () => '' }),
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

describe('the first view of all sites', () => {
  it('is made of the overview with the teams of the caller, which the script gets too', async () => {
    const rendered: string[] = [];
    const make = createSitesViews({
      overview: async ({ sites }) => JSON.stringify({ asOf: '2026-11-20T00:00:00Z', sites }),
      load: async () => ({
        renderFirstView: async () => VIEW,
        renderSites: async (_query, overview) => `<p>${rendered.push(overview)}`,
      }),
    });
    const overview = { sites: [], withOnline: true, asOfMs: 0 };
    const { html, answers } = await make({ base: '/stats', locale: 'en', overview, teams: '[1]', rowsOnPage: 50, page: 1 });
    const answer = { asOf: '2026-11-20T00:00:00Z', sites: [], teams: [1] };
    expect([html, JSON.parse(answers)]).toEqual(['<p>1', { '/stats/api/v1/overview': answer }]);
    expect(rendered.map((text) => JSON.parse(text))).toEqual([answer]);
  });
});
