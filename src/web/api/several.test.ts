import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordingLimits } from '../../../test/fixtures/limits.js';
import { bearer, newToken, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { LIMITS } from '../../sharing/limits.js';
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

describe('an answer for many readers', () => {
  const SHARE = { title: 'a', site: 'garden', password: '', untilMs: undefined, mayBeEmbedded: false, reports: undefined };
  const PATH = '/api/v1/sites/garden/reports?reports=traffic,content';

  /** A service in which nothing is counted, so that answers can be shared. */
  async function quiet(overrides: Parameters<typeof startWeb>[0] = {}) {
    const other = await startWeb({ changes: { versionOf: () => 1 }, ...overrides });
    await other.accounts.addSite(exampleSite);
    return other;
  }

  it('is made once, has an ETag, and is not sent to a client that has it', async () => {
    const other = await quiet();
    const readers = [await newToken(other.accounts, ['garden']), await newToken(other.accounts, 'all')];
    const answers = await Promise.all(readers.map((secret) => other.call(PATH, bearer(secret))));
    expect(other.asked.map(({ report }) => report)).toEqual(['traffic', 'content']);
    const [tag] = answers.map((answer) => answer.headers.get('etag'));
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    const headers = { ...(bearer(readers[0] as string).headers as Record<string, string>), 'If-None-Match': `"a", ${tag}` };
    const again = await other.call(PATH, { headers });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, '']);
    for (const answer of [answers[0], again]) expect(answer?.headers.get('as-of')).toMatch(/^2026-11-20T\d\d:\d\d:\d\d\.\d{3}Z$/);
    other.state.views = 2;
  });

  it('counts for readers of a share link at most 400 calls a minute, although numbers change all the time', async () => {
    let version = 0;
    const { limits, callsOf } = recordingLimits();
    const other = await quiet({ changes: { versionOf: () => version++ }, limits });
    const { secret } = await other.people.shares.create(SHARE);
    const query = 'reports=traffic,content&period=all';
    const ask = (path: string, init?: RequestInit) => other.call(`${path}/api/v1/sites/garden/reports?${query}`, init);
    for (let i = 0; i < 20; i++) expect((await ask(`/share/${secret}`)).status).toBe(200);
    expect(callsOf('api')).toEqual([22]); // for at least 3.3 seconds
    const token = bearer(await newToken(other.accounts, 'all'));
    for (let i = 0; i < 2; i++) await ask('', token);
    expect(callsOf('api')).toEqual([22, 22, 22]);
  });

  it('is packed as the client accepts it', async () => {
    const other = await quiet();
    other.state.rows = Array.from({ length: 200 }, (_, i) => ({ key: `/${i}` }));
    const secret = await newToken(other.accounts, 'all');
    const plain = await (
      await other.call(PATH, { headers: { ...bearer(secret).headers, 'Accept-Encoding': 'identity' } })
    ).text();
    for (const encoding of ['br', 'gzip']) {
      const answer = await other.call(PATH, { headers: { ...bearer(secret).headers, 'Accept-Encoding': encoding } });
      expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([encoding, 'Accept-Encoding']);
      expect(Number(answer.headers.get('content-length'))).toBeLessThan(plain.length / 2);
      expect(await answer.text()).toBe(plain);
    }
    expect(other.asked).toHaveLength(2);
  });

  it('is given to nobody who may not have it, however many have asked for it before', async () => {
    const other = await quiet();
    const secrets = [await newToken(other.accounts, ['garden']), await newToken(other.accounts, ['garden'])] as const;
    await other.accounts.addSite({ ...exampleSite, id: 'moon' });
    const stranger = await newToken(other.accounts, ['moon']);
    const share = { title: 'a', site: 'garden', password: '', untilMs: undefined, mayBeEmbedded: false };
    const [limited, open] = [
      await other.people.shares.create({ ...share, reports: ['traffic'] }),
      await other.people.shares.create(share),
    ];
    const statusOf = async (path: string, init: RequestInit = {}) => (await other.call(path, init)).status;
    expect(await statusOf(PATH, bearer(secrets[0]))).toBe(200);
    expect(await statusOf(PATH, bearer(stranger))).toBe(404);
    expect(await statusOf(PATH)).toBe(401);
    expect(await statusOf(`/share/${open.secret}${PATH}`)).toBe(200);
    expect(await statusOf(`/share/${limited.secret}${PATH}`)).toBe(403);
    await other.accounts.revokeToken(secrets[0].slice(4, 12));
    await other.people.shares.revoke('garden', open.id);
    expect(await statusOf(PATH, bearer(secrets[0]))).toBe(401);
    expect(await statusOf(`/share/${open.secret}${PATH}`)).toBe(404);
    expect(await statusOf(PATH, bearer(secrets[1]))).toBe(200);
    expect(other.asked).toHaveLength(2);
  });

  it('counts as a call for each report when it is made, and as nearly none afterwards', async () => {
    const { limits, callsOf } = recordingLimits();
    const other = await quiet({ limits });
    const secret = await newToken(other.accounts, 'all');
    for (let reader = 0; reader < 3; reader++) await other.call(PATH, bearer(secret));
    await other.call(`${PATH}&traffic.period=year`, bearer(secret));
    await other.call(`${PATH}&traffic.compare=previous`, bearer(secret));
    expect(callsOf('api')).toEqual([2, 3, 3]);
  });

  it('counts all reports that a request names, also if it is refused because of one of them', async () => {
    const { limits, callsOf } = recordingLimits();
    const other = await quiet({ limits });
    const init = bearer(await newToken(other.accounts, 'all'));
    for (const call of ['reports?reports=traffic,content,minutes', 'reports?reports=traffic,nonsense', 'traffic'])
      await other.call(`/api/v1/sites/garden/${call}`, init);
    expect(callsOf('answers')).toEqual([3, 2, 1]);
  });

  it('is refused when it would have to be made by a reader who has reached the limit', async () => {
    const other = await quiet();
    const [busy, calm] = [await newToken(other.accounts, 'all'), await newToken(other.accounts, 'all')];
    await other.call(PATH, bearer(calm));
    const prefix = busy.slice(4, 12);
    await other.limits.take('api', prefix, LIMITS.api.calls);
    expect((await other.call(PATH, bearer(busy))).status).toBe(200);
    const refused = await other.call(`${PATH}&period=7d`, bearer(busy));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  });

  it('may be older where a request says that it accepts that', async () => {
    const other = await startWeb();
    await other.accounts.addSite(exampleSite);
    const secret = await newToken(other.accounts, 'all');
    const views = async (cacheControl?: string) => {
      const headers = { ...bearer(secret).headers, ...(cacheControl !== undefined && { 'Cache-Control': cacheControl }) };
      return (await (await other.call(PATH, { headers })).json()).traffic.total.views;
    };
    expect(await views()).toBe(1);
    other.state.views = 2;
    expect(await views('no-transform, max-age=30')).toBe(1);
    expect(await views('max-age=0')).toBe(2);
    other.state.views = 3;
    expect(await views('max-age=3e1')).toBe(3);
  });
});
