import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, newToken, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { exampleSite } from '../../store/contracts/accounts.js';

let web: Web;
let token: string;

beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite({ ...exampleSite, timezone: 'Europe/Berlin' });
  token = await newToken(web.accounts, ['garden']);
});
beforeEach(() => {
  web.asked.length = 0;
});
afterAll(stopWebs);

const ask = (query: string, call = 'reports') => web.call(`/api/v1/sites/garden/${call}?${query}`, bearer(token));

describe('several reports in one request', () => {
  it('are each exactly what their own calls answer', async () => {
    const answer = await ask('reports=traffic,content,minutes&period=7d&minutes.period=today&traffic.compare=previous&limit=3');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const inOne = [...web.asked];
    web.asked.length = 0;
    const alone = [
      await ask('period=7d&compare=previous', 'traffic'),
      await ask('period=7d&limit=3', 'content'),
      await ask('period=today', 'minutes'),
    ];
    const [traffic, content, minutes] = await Promise.all(alone.map((one) => one.json()));
    expect(await answer.json()).toEqual({ traffic, content, minutes });
    expect(inOne).toEqual(web.asked);
  });

  it('have a range of their own that replaces the one for all, and the page of their own', async () => {
    await ask('reports=content,pages&from=2026-11-01&to=2026-11-02&pages.period=today&pages.page=%2Fcaf%25C3%25A9');
    expect(web.asked).toMatchObject([
      { report: 'content', from: '2026-11-01', to: '2026-11-02' },
      { report: 'pages', page: '/caf%C3%A9', otherSpellings: expect.arrayContaining(['/café']) },
    ]);
    expect(web.asked[1]?.from).toBe(web.asked[1]?.to);
  });

  it.each([
    ['period=today', 'reports', /"reports" is missing/],
    ['reports=', 'reports', /"reports" is missing/],
    ['reports=traffic&reports=content', 'reports', /more than once/],
    ['reports=traffic,constructor', 'reports', /no report, at place 2; the reports are minutes/],
    ['reports=traffic,traffic', 'reports', /contains traffic twice/],
    ['reports=traffic&limit=3', 'limit', /"limit" is not a parameter of this call/],
    ['reports=content&format=csv', 'format', /"format" is not a parameter of this call/],
    ['reports=content&content.list=rows', 'content.list', /"list" is not a parameter of the content report/],
    ['reports=traffic&content.limit=3', 'content.limit', /"content.limit" is not a parameter/],
    ['reports=traffic&.period=today', '.period', /not a parameter/],
    ['reports=traffic&traffic.perod=today', 'traffic.perod', /Did you mean "period"/],
    ['reports=traffic,content&content.limit=0', 'content.limit', /"content.limit" must be .*\. This is about the content report/],
    ['reports=traffic&traffic.date=2026-11-20&traffic.date=2026-11-20', 'traffic.date', /more than once/],
    ['reports=traffic&period=never', 'period', /^"period" must be one of .*\. This is about the traffic report\.$/],
    ['reports=traffic,minutes&period=year', 'period', /"period" must be at most .*\. This is about the minutes report/],
    ['reports=traffic,pages', 'pages.page', /"pages.page" is missing/],
    ['reports=traffic&from=2026-11-02&to=2026-11-01', 'from', /must not be after/],
  ])('%s names the wrong parameter and the report', async (query, field, message) => {
    const answer = await ask(query);
    expect(answer.status).toBe(400);
    expect((await answer.json()).error).toEqual({ code: 'bad-request', message: expect.stringMatching(message), field });
    expect(web.asked).toEqual([]);
  });

  it('are refused to a share link that does not show one of them, as that report alone is', async () => {
    const share = { title: 'a', site: 'garden', password: '', untilMs: undefined, mayBeEmbedded: false, reports: ['traffic'] };
    const { secret } = await web.people.shares.create(share);
    const shared = (query: string) => web.call(`/share/${secret}/api/v1/sites/garden/${query}`);
    expect((await shared('reports?reports=traffic')).status).toBe(200);
    const refused = await shared('reports?reports=traffic,content');
    const alone = await shared('content');
    expect([refused.status, alone.status]).toEqual([403, 403]);
    const { error } = await refused.json();
    expect(error).toEqual({ ...(await alone.json()).error, field: 'reports' });
    expect(web.asked.map(({ report }) => report)).toEqual(['traffic']);
  });
});
