import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordingLimits } from '../../test/fixtures/limits.js';
import { personOf } from '../../test/fixtures/people.js';
import { bearer, cookie, form, NOW_MS, newToken, startWeb, stopWebs, type Web } from '../../test/fixtures/web.js';
import type { Site } from '../hit/site.js';
import { createPeople } from '../people/people.js';
import { LIMITS } from '../sharing/limits.js';
import { AccountsUnavailable } from '../store/accounts.js';
import { exampleSite } from '../store/contracts/accounts.js';
import { LIVE_OF_ADDRESS_MAX, LIVE_OF_CALLER_MAX } from './api/live.js';
import { ROUTES } from './routes.js';

const EVIL_TITLE = `"><script>alert('x')</script>`;
let web: Web;
let secrets: Record<'garden' | 'moon' | 'all' | 'revoked', string>;

beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite({ ...exampleSite, title: EVIL_TITLE });
  await web.accounts.addSite({ ...exampleSite, id: 'moon', title: 'Moon', timezone: 'Pacific/Kiritimati' });
  secrets = {
    garden: await newToken(web.accounts, ['garden']),
    moon: await newToken(web.accounts, ['moon']),
    all: await newToken(web.accounts, 'all'),
    revoked: await newToken(web.accounts, 'all'),
  };
  await web.accounts.revokeToken(secrets.revoked.slice(4, 12));
});

beforeEach(() => {
  web.asked.length = 0;
});

afterAll(stopWebs);

describe('who may read what', () => {
  const OPEN = [
    '/health',
    '/health/live',
    '/health/ready',
    '/track.js',
    '/page.en.js',
    '/page.de.js',
    '/sites.en.js',
    '/forms.en.js',
    '/sites.de.js',
    '/page.css',
    '/other-pages.css',
    '/start.js',
    '/',
    '/api/v1/openapi.json',
  ];
  const OF_GARDEN = ['/api/v1/sites/garden', '/api/v1/sites/garden/traffic', '/api/v1/sites/garden/live', '/sites/garden'];

  const status = async (path: string, init?: RequestInit): Promise<number> => {
    const abort = new AbortController();
    const response = await web.call(path, { ...init, signal: abort.signal });
    abort.abort();
    return response.status;
  };

  it.each(OPEN)('%s is open to all', async (path) => {
    expect(await status(path)).toBe(200);
  });

  it.each(['/api/v1/sites', ...OF_GARDEN])('%s needs a known token', async (path) => {
    expect(await status(path)).toBe(401);
    expect(await status(path, bearer(secrets.revoked))).toBe(401);
    expect(await status(path, bearer('hit_'.padEnd(47, 'A')))).toBe(401);
    expect(await status(path, { headers: { Authorization: `Basic ${btoa(`a:${secrets.all}`)}` } })).toBe(401);
    expect(await status(path, cookie(secrets.revoked))).toBe(401);
    expect(await status(path, { headers: { Cookie: `xhitherto=${secrets.all}` } })).toBe(401);
    expect(await status(path, bearer(secrets.all))).toBe(200);
    expect(await status(path, cookie(secrets.all))).toBe(200);
  });

  it.each(['token', 'access_token', 'auth', 'hitherto'])('ignores a token in the address (?%s=)', async (name) => {
    for (const path of ['/api/v1/sites', ...OF_GARDEN]) {
      const response = await web.call(`${path}?${name}=${secrets.all}`);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain(secrets.all);
    }
  });

  it.each(OF_GARDEN)("%s is open to the site's token, and does not exist for other tokens", async (path) => {
    expect(await status(path, bearer(secrets.garden))).toBe(200);
    const others = await web.call(path, bearer(secrets.moon));
    const unknown = await web.call(path.replace('garden', 'nowhere'), bearer(secrets.moon));
    expect([others.status, unknown.status]).toEqual([404, 404]);
    expect(await others.text()).toBe(await unknown.text());
  });

  it.each([
    '__proto__',
    'constructor',
    'a'.repeat(10_000),
    'GARDEN',
    'garden%00',
    'garden:2026',
    '..%2fgarden',
    '%7B%22$ne%22:1%7D',
  ])('the site %.40s does not exist', async (id) => {
    expect(await status(`/api/v1/sites/${id}/traffic`, bearer(secrets.all))).toBe(404);
    expect(web.asked).toEqual([]);
  });

  it("lists a token's own sites only", async () => {
    const ids = async (secret: string) =>
      ((await (await web.call('/api/v1/sites', bearer(secret))).json()) as { sites: Array<{ id: string }> }).sites.map(
        ({ id }) => id,
      );
    expect(await ids(secrets.garden)).toEqual(['garden']);
    expect(await ids(secrets.all)).toEqual(['garden', 'moon']);
  });

  it('shows a reader the settings of a site without its excluded addresses', async () => {
    const site = await web.call('/api/v1/sites/garden', bearer(secrets.garden));
    const all = await web.call('/api/v1/sites', bearer(secrets.all));
    for (const text of [await site.text(), await all.text()]) {
      expect(text).not.toContain('10.0.0.0');
      const parsed = JSON.parse(text);
      const one = parsed.sites?.[0] ?? parsed;
      expect(Object.keys(one).sort()).toEqual(
        ['id', 'title', 'timezone', 'hosts', 'queryParameters', 'storage', 'signals', 'keep', 'createdAt'].sort(),
      );
    }
  });

  it("keeps its pages' files in caches, as long as they are the version that the page asks for", async () => {
    const caching = async (path: string) => (await web.call(path)).headers.get('cache-control');
    const version = createHash('sha256').update('/* page.css */').digest('base64url').slice(0, 10);
    expect(await caching(`/page.css?v=${version}`)).toBe('public, max-age=31536000, immutable');
    expect(await caching('/page.css?v=of-another-node')).toBe('no-cache');
    expect(await caching('/page.css')).toBe('no-cache');
  });

  it('gives a part of a script in the version that was asked for, or not at all', async () => {
    const version = createHash('sha256').update('/* page-dialogs.en.js */').digest('base64url').slice(0, 10);
    const status = async (query: string) => (await web.call(`/page-dialogs.en.js${query}`)).status;
    expect([await status(`?v=${version}`), await status('?v=of-another-node'), await status('')]).toEqual([200, 404, 404]);
  });

  it('explains the refusal and names the authentication scheme', async () => {
    const response = await web.call('/api/v1/sites');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({
      error: { code: 'not-signed-in', message: expect.stringContaining('Authorization') },
    });
  });

  it.each([
    ['PUT', '/api/v1/sites/garden'],
    ['GET', '/api/v1/nothing'],
    ['GET', '/sites'],
    ['GET', '/page.en.js.map'],
    ['GET', '/..%2fpackage.json'],
    ['POST', '/a.gif'],
  ])('%s %s is refused', async (method, path) => {
    expect((await web.call(path, { ...bearer(secrets.all), method })).status).toBe(404);
  });
});

describe('a report', () => {
  const ask = (query: string, site = 'garden') => web.call(`/api/v1/sites/${site}/content?${query}`, bearer(secrets.all));

  it('passes the text through unchanged and forbids caching', async () => {
    const response = await ask('');
    expect(await response.text()).toBe('{"site":"garden", "from":"2026-11-20", "to":"2026-11-20","total":{"views":1}}');
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it("is computed in the site's zone, with the defaults, up to the counted moment", async () => {
    await ask('');
    expect(web.asked).toEqual([
      {
        report: 'content',
        site: 'garden',
        timezone: 'Europe/Berlin',
        from: '2026-11-20',
        to: '2026-11-20',
        limit: 100,
        search: '',
        page: '',
        compare: undefined,
        asOfMs: NOW_MS - 250,
      },
    ]);
  });

  it.each([
    ['period=today', 'moon', { from: '2026-11-21', to: '2026-11-21' }],
    ['period=7d', 'garden', { from: '2026-11-14', to: '2026-11-20' }],
    ['period=month', 'garden', { from: '2026-11-01', to: '2026-11-30' }],
    ['period=month&date=2024-02-10', 'garden', { from: '2024-02-01', to: '2024-02-29' }],
    ['date=2024-02-10', 'garden', { from: '2024-02-10', to: '2024-02-10' }],
    ['from=1990-01-01&to=1999-12-31', 'garden', { from: '1990-01-01', to: '1999-12-31' }],
    ['from=2100-12-31&to=2100-12-31', 'garden', { from: '2100-12-31', to: '2100-12-31' }],
    ['limit=1&search=%3Cb%3E', 'garden', { limit: 1, search: '<b>' }],
    ['limit=1000', 'garden', { limit: 1000 }],
    ['limit=50&offset=100', 'garden', { limit: 50, offset: 100 }],
    ['offset=0', 'garden', { offset: 0 }],
  ])('reads %s', async (query, site, expected) => {
    expect((await ask(query, site)).status).toBe(200);
    expect(web.asked[0]).toMatchObject(expected);
  });

  it.each([
    ['from=2024-02-30&to=2024-03-01', 'from', /1990-01-01 to 2100-12-31/],
    ['from=0000-01-01&to=2024-03-01', 'from', /1990-01-01 to 2100-12-31/],
    ['from=1989-12-31&to=1990-03-01', 'from', /1990-01-01 to 2100-12-31/],
    ['from=2100-12-31&to=2101-01-01', 'to', /1990-01-01 to 2100-12-31/],
    ['from=2024-1-1&to=2024-01-02', 'from', /calendar date/],
    ['from=2024-01-01T00:00Z&to=2024-01-02', 'from', /calendar date/],
    ['from=2026-11-20&to=2026-11-19', 'from', /after/],
    ['from=1990-01-01&to=2000-01-01', 'to', /10 years.*1990-01-01 to 2100-12-31/],
    ['from=1990-01-01&to=2090-01-01', 'to', /10 years/],
    ['from=2026-11-20', 'to', /missing/],
    ['to=2026-11-20', 'from', /missing/],
    ['from=&to=', 'from', /calendar date/],
    ['from=2026-11-20&to=2026-11-20&period=today', 'period', /together/],
    ['period=fortnight', 'period', /one of today/],
    ['period=__proto__', 'period', /one of today/],
    ['period=7d&date=2026-11-20', 'date', /only with/],
    ['limit=-1', 'limit', /1 to 1000/],
    ['limit=0', 'limit', /1 to 1000/],
    ['limit=1001', 'limit', /1 to 1000/],
    ['limit=1e9', 'limit', /1 to 1000/],
    ['limit=1e2', 'limit', /1 to 1000/],
    ['limit=0x10', 'limit', /1 to 1000/],
    ['limit=abc', 'limit', /1 to 1000/],
    ['limit=', 'limit', /1 to 1000/],
    ['limit=1&limit=2', 'limit', /more than once/],
    ['from=2026-11-20&from=2026-11-20&to=2026-11-20', 'from', /more than once/],
    ['offset=-1', 'offset', /0 to 99999/],
    ['offset=1.5', 'offset', /0 to 99999/],
    ['offset=100000', 'offset', /0 to 99999/],
    ['offset=', 'offset', /0 to 99999/],
    ['offset=1&offset=1', 'offset', /more than once/],
    [`search=${'x'.repeat(201)}`, 'search', /200/],
    ['search=a&search=b', 'search', /more than once/],
  ])('refuses %.60s and names the parameter', async (query, field, message) => {
    const response = await ask(query);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { code: string; message: string; field: string } };
    expect(error).toEqual({ code: 'bad-request', field, message: expect.stringMatching(message) });
    expect(web.asked).toEqual([]);
  });

  it.each([
    ['period=today&compare=previous', 'previous'],
    ['from=2024-02-29&to=2024-02-29&compare=year-before', 'year-before'],
    ['period=7d', undefined],
  ])('is compared as %s requests', async (query, compare) => {
    expect((await ask(query)).status).toBe(200);
    expect(web.asked[0]?.compare).toEqual(compare);
  });

  it.each([
    ['content', 'compare=last-week', 'compare', /must be previous, year-before, or the days of another range/],
    ['content', 'compare=previous&compare=previous', 'compare', /more than once/],
    ['content', 'format=xml', 'format', /one of json, csv/],
    ['content', 'format=csv&list=days', 'list', /one of rows, exits in the content report/],
    ['content', 'format=csv&list=rows&list=rows', 'list', /more than once/],
    ['content', 'list=rows', 'list', /only with "format=csv"/],
    ['content', 'format=csv&compare=previous', 'compare', /the other range separately/],
    ['pages', '', 'page', /missing.*content report/],
    ['pages', 'page=/a&page=/b', 'page', /more than once/],
    ['pages', `page=${'x'.repeat(513)}`, 'page', /512/],
    ['pages', 'page=/a&period=year', 'period', /at most 100 days/],
    ['minutes', 'from=2026-01-01&to=2026-04-11', 'to', /less than 100 days after/],
    ['minutes', 'date=2026-01-01&period=year', 'period', /at most 100 days/],
  ])('called %s refuses %.60s and names the parameter', async (report, query, field, message) => {
    const response = await web.call(`/api/v1/sites/garden/${report}?${query}`, bearer(secrets.all));
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: object }).error).toEqual({
      code: 'bad-request',
      field,
      message: expect.stringMatching(message),
    });
    expect(web.asked).toEqual([]);
  });

  it.each([
    ['pages', 'page=/a%20b', { page: '/a b', from: '2026-11-20', to: '2026-11-20' }],
    ['pages', 'page=', { page: '' }],
    ['pages', `page=${encodeURIComponent('😀'.repeat(512))}`, { page: '😀'.repeat(512) }],
    ['pages', 'page=/a&period=90d', { from: '2026-08-23', to: '2026-11-20' }],
    ['minutes', 'from=2026-01-01&to=2026-04-10', { from: '2026-01-01', to: '2026-04-10' }],
    ['minutes', 'period=now', { from: '2026-11-20', to: '2026-11-20' }],
    ['pages', 'page=/caf%C3%A9', { page: '/café' }],
    ['pages', 'page=/caf%25C3%25A9', { page: '/caf%C3%A9', otherSpellings: ['/café', '/caf%25C3%25A9'] }],
    ['pages', 'page=/a&limit=5&offset=5&search=x', { limit: 5, offset: 5, search: 'x' }],
  ])('called %s reads %.40s', async (report, query, expected) => {
    expect((await web.call(`/api/v1/sites/garden/${report}?${query}`, bearer(secrets.all))).status).toBe(200);
    expect(web.asked[0]).toMatchObject(expected);
  });

  it.each([
    [
      'content',
      'offst=5',
      'offst',
      /the content report, which takes from, to, .*limit, offset, search, .* Did you mean "offset"\?$/,
    ],
    ['content', 'form=2026-01-01&to=2026-01-02', 'form', /Did you mean "from"/],
    ['content', 'LIMIT=5', 'LIMIT', /Did you mean "limit"/],
    ['content', 'callback=x', 'callback', /is not a parameter of the content report, which takes [^?]*$/],
    ['content', 'tz=US/Nowhere', 'tz', /takes/],
    ['content', 'site[$ne]=1', 'site[$ne]', /takes/],
    ['content', '__proto__=1', '__proto__', /takes/],
    ['content', 'constructor', 'constructor', /takes/],
    ['content', 'page=/a', 'page', /takes/],
    ['content', '=1', undefined, /parameter that does not exist.*takes/],
    ['content', '%3Cscript%3E=1', undefined, /parameter that does not exist.*takes/],
    ['content', `${'x'.repeat(41)}=1`, undefined, /parameter that does not exist.*takes/],
    ['content', `limit=5${'&limit=5'.repeat(1500)}`, 'limit', /more than once/],
    ['traffic', 'limit=5', 'limit', /the traffic report, which takes from, to, period, date, compare, match, format, list\./],
    ['traffic', 'offset=5', 'offset', /the traffic report, which takes/],
    ['traffic', 'search=a', 'search', /the traffic report, which takes/],
    ['minutes', 'page=/a', 'page', /the minutes report, which takes/],
  ])('called %s refuses the unknown parameter %.40s and lists the known ones', async (report, query, field, message) => {
    const response = await web.call(`/api/v1/sites/garden/${report}?${query}`, bearer(secrets.all));
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: Record<string, string> };
    expect(error).toEqual({ code: 'bad-request', message: expect.stringMatching(message), ...(field && { field }) });
    expect(error.message).not.toMatch(/script|xxx/);
    expect(web.asked).toEqual([]);
  });

  it.each([
    ['content', 'format=csv&period=7d', { csv: 'rows', limit: 100_000 }, 'garden-content-2026-11-14-2026-11-20.csv'],
    ['content', 'format=csv&list=exits&limit=5', { csv: 'exits', limit: 5 }, 'garden-content-exits-2026-11-20-2026-11-20.csv'],
    ['minutes', 'format=csv', { csv: 'rows.minutes' }, 'garden-minutes-rows.minutes-2026-11-20-2026-11-20.csv'],
  ])('called %s with %s is a file for a spreadsheet', async (report, query, expected, file) => {
    const response = await web.call(`/api/v1/sites/garden/${report}?${query}`, bearer(secrets.all));
    expect(response.status).toBe(200);
    expect(web.asked[0]).toMatchObject(expected);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=${file}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['nothing', 'pagesa', 'constructor', '__proto__', 'toString'])('called %s does not exist', async (name) => {
    expect((await web.call(`/api/v1/sites/garden/${name}`, bearer(secrets.all))).status).toBe(404);
  });

  it('is answered 503 with Retry-After while the store is unavailable', async () => {
    web.state.away = true;
    const response = await ask('');
    web.state.away = false;
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.json()).toEqual({ error: { code: 'store-away', message: 'The store is away.' } });
    expect(web.logged).toEqual([]);
  });

  it('that fails reveals no details, and is logged', async () => {
    web.state.failing = true;
    const response = await ask('');
    web.state.failing = false;
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/secret insides|at .*\.ts/);
    expect(web.logged.splice(0)).toEqual([expect.objectContaining({ message: 'secret insides' })]);
  });
});

describe('callers who exceed a limit', () => {
  it('must wait before they guess more tokens, per address, IPv6 per /64', async () => {
    const other = await startWeb();
    const guess = (address: string) =>
      other.call('/sign-in', form({ token: 'hit_x' }, { 'X-Test-Address': address, Origin: other.base }));
    for (let n = 0; n < LIMITS['sign-in'].calls; n++) expect((await guess(`2001:db8::${n}`)).status).toBe(401);
    const refused = await guess('2001:db8::ffff');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toContain('Too many calls');
    expect((await guess('2001:db8:0:1::1')).status).toBe(401);
  });

  it('of the API must wait, per token', async () => {
    const other = await startWeb();
    const [busy, calm] = [await newToken(other.accounts, 'all'), await newToken(other.accounts, 'all')];
    for (let n = 0; n < LIMITS.api.calls; n++) expect((await other.call('/api/v1/sites', bearer(busy))).status).toBe(200);
    const refused = await other.call('/api/v1/sites', bearer(busy));
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: 'too-often' } });
    expect((await other.call('/api/v1/sites', bearer(calm))).status).toBe(200);
    expect((await other.call('/', cookie(busy))).status).toBe(200);
  });
});

describe('the live feed', () => {
  /** Reads a stream until it holds a text. */
  async function until(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
    let all = '';
    while (!all.includes(text)) {
      const { value, done } = await reader.read();
      if (done) return `${all}[end]`;
      all += new TextDecoder().decode(value);
    }
    return all;
  }
  const watch = async (secret: string) => {
    const abort = new AbortController();
    const response = await web.call('/api/v1/sites/garden/live', { ...bearer(secret), signal: abort.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    return { response, reader, stop: () => abort.abort() };
  };

  it("sends today's traffic at once, and again when its total changes", async () => {
    const { response, reader, stop } = await watch(secrets.garden);
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    expect(await until(reader, '}}\n\n')).toMatch(/event: traffic\ndata: \{"site":"garden".*"views":1\}\}\n\n/);
    web.state.views = 2;
    expect(await until(reader, '}}\n\n')).toMatch(/event: traffic\ndata: .*"views":2\}\}\n\n/);
    stop();
  });

  it('polls once for all watchers, and not at all without watchers', async () => {
    const watchers = await Promise.all([watch(secrets.garden), watch(secrets.all), watch(secrets.all)]);
    for (const { reader } of watchers) await until(reader, '}}\n\n');
    web.asked.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(web.asked.length).toBeGreaterThan(0);
    expect(web.asked.length).toBeLessThanOrEqual(3);
    for (const { stop } of watchers) stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    web.asked.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(web.asked).toEqual([]);
  });

  it('ends when its token is revoked', async () => {
    const secret = await newToken(web.accounts, ['garden']);
    const { reader } = await watch(secret);
    await until(reader, '}}\n\n');
    await web.accounts.revokeToken(secret.slice(4, 12));
    expect(await until(reader, 'never')).toMatch(/\[end\]$/);
  });

  it('answers HEAD without a stream', async () => {
    expect((await web.call('/api/v1/sites/garden/live', { ...bearer(secrets.all), method: 'HEAD' })).status).toBe(200);
  });
});

describe('an answer without a token', () => {
  it('is made once: the OpenAPI document keeps its ETag, and is answered 304 to clients that have it', async () => {
    const [first, second] = [await web.call('/api/v1/openapi.json'), await web.call('/api/v1/openapi.json')];
    expect(await first.text()).toBe(await second.text());
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    expect(second.headers.get('etag')).toBe(tag);
    const status = await new Promise((resolve) =>
      get(`${web.base}/api/v1/openapi.json`, { headers: { 'If-None-Match': tag } }, (res) => resolve(res.statusCode)),
    );
    expect(status).toBe(304);
  });

  it.each(['/', '/health', '/track.js', '/api/v1/openapi.json', '/nothing', '/api/v1/sites', '/sites/garden', '/setup/wrong'])(
    '%s has the headers that forbid foreign content, and is the same with an unknown token',
    async (path) => {
      for (const init of [{}, { method: 'HEAD' }, cookie(secrets.revoked), bearer('hit_x')]) {
        const { headers } = await web.call(path, init);
        expect(headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('x-frame-options')).toBe('DENY');
        expect(headers.get('x-powered-by')).toBeNull();
      }
    },
  );

  it.each([
    ['GET', '/HEALTH', 200],
    ['GET', '/health/', 200],
    ['GET', '/Page.En.js', 200],
    ['GET', '//health', 404],
    ['GET', '/health//', 404],
    ['GET', '/healthy', 404],
    ['GET', '/track.jsx', 404],
    ['GET', '/trackxjs', 404],
    ['GET', '/favicon.ico', 404],
    ['GET', '/robots.txt', 404],
    ['GET', '/setup/wrong', 404],
    ['GET', '/%E0%A4%A', 404],
    ['POST', '/health', 404],
    ['DELETE', '/', 404],
    ['OPTIONS', '/', 404],
  ])('%s %s is answered with %d without a token', async (method, path, status) => {
    expect((await web.call(path, { method })).status).toBe(status);
  });
});

describe('live streams', () => {
  const opened: AbortController[] = [];
  afterEach(() => {
    for (const one of opened.splice(0)) one.abort();
  });

  const watch = async (secret: string, address?: string): Promise<Response> => {
    const abort = new AbortController();
    const headers = { Authorization: `Bearer ${secret}`, ...(address === undefined ? {} : { 'X-Test-Address': address }) };
    const response = await web.call('/api/v1/sites/garden/live', { headers, signal: abort.signal });
    opened.push(abort);
    return response;
  };
  const watchMany = (number: number, secret: string, address?: string) =>
    Promise.all(Array.from({ length: number }, () => watch(secret, address)));
  /** The service hears of a stream that was closed a moment later. */
  const untilTaken = async (secret: string, address?: string): Promise<void> => {
    while ((await watch(secret, address)).status !== 200) await new Promise(setImmediate);
  };

  it('of one token are limited, which does not affect other tokens', async () => {
    const busy = await newToken(web.accounts, ['garden']);
    const answers = await watchMany(LIVE_OF_CALLER_MAX, busy);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const refused = await watch(busy);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await refused.json()).toEqual({
      error: { code: 'too-many-live-views', message: expect.stringMatching(/^Too many live views .*token/) },
    });
    expect((await watch(secrets.garden)).status).toBe(200);
    opened[7]?.abort();
    await untilTaken(busy);
    expect((await watch(busy)).status).toBe(429);
  });

  it('of one address are limited for all its tokens; an IPv6 address counts as its network', async () => {
    const tokens = await Promise.all([1, 2, 3].map(() => newToken(web.accounts, 'all')));
    for (const [i, token] of tokens.slice(0, 2).entries()) {
      const answers = await watchMany(LIVE_OF_ADDRESS_MAX / 2, token, `2001:db8:5:5::${i}`);
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    }
    expect((await watch(tokens[2] as string, '2001:db8:5:5::9')).status).toBe(429);
    expect((await watch(tokens[2] as string, '2001:db8:5:6::9')).status).toBe(200);
    opened[0]?.abort();
    await untilTaken(tokens[2] as string, '2001:db8:5:5::9');
  });
});

describe('a live stream with reports', () => {
  const PATH = '/api/v1/sites/garden/live?reports=traffic,content&period=7d';

  it('sends the reports that it was asked for, and tells what is wrong before it begins', async () => {
    const abort = new AbortController();
    const response = await web.call(PATH, { ...bearer(secrets.garden), signal: abort.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (!/event: reports\ndata: .*\n\n/.test(text)) text += new TextDecoder().decode((await reader.read()).value);
    abort.abort();
    const [, data = ''] = /event: reports\ndata: (.*)\n/.exec(text) ?? [];
    const { reports } = JSON.parse(data);
    expect(Object.keys(reports)).toEqual(['traffic', 'content']);
    expect(reports.content.total.views).toBe(web.state.views);
    const wrong = await web.call(`${PATH}&traffic.limit=2`, bearer(secrets.garden));
    expect([wrong.status, (await wrong.json()).error.field]).toEqual([400, 'traffic.limit']);
  });

  it('is refused to a share link that does not show one of the reports', async () => {
    const share = { title: 'a', site: 'garden', password: '', untilMs: undefined, mayBeEmbedded: false };
    const { secret } = await web.people.shares.create({ ...share, reports: ['traffic', 'live'] });
    const refused = await web.call(`/share/${secret}${PATH}`);
    expect([refused.status, (await refused.json()).error.code]).toEqual([403, 'not-shared']);
  });

  it('counts as a request for its reports, and as one call while somebody follows the same', async () => {
    const { limits, callsOf } = recordingLimits();
    const other = await startWeb({ limits });
    await other.accounts.addSite(exampleSite);
    const secret = await newToken(other.accounts, 'all');
    const abort = new AbortController();
    const open = (query: string) => other.call(`/api/v1/sites/garden/live${query}`, { ...bearer(secret), signal: abort.signal });
    await open('');
    await open('?reports=traffic,content&compare=previous');
    await open('?reports=traffic,content&compare=previous');
    await open('?reports=traffic&period=year');
    expect(callsOf('api')).toEqual([1, 1, 4, 1, 1, 2]);
    abort.abort();
  });

  it('counts as one call for those who have just asked for the same reports', async () => {
    const { limits, callsOf } = recordingLimits();
    const other = await startWeb({ limits });
    await other.accounts.addSite(exampleSite);
    const abort = new AbortController();
    const init = { ...bearer(await newToken(other.accounts, 'all')), signal: abort.signal };
    await (await other.call('/api/v1/sites/garden/reports?reports=traffic,content', init)).text();
    const asked = callsOf('api').length;
    await other.call('/api/v1/sites/garden/live?reports=traffic,content', init);
    expect(callsOf('api').slice(asked)).toEqual([1]);
    abort.abort();
  });

  it('is refused where its caller has reached the limit for reports, unless somebody follows the same', async () => {
    const [busy, calm] = [await newToken(web.accounts, ['garden']), await newToken(web.accounts, ['garden'])];
    const abort = new AbortController();
    const statusOf = async (secret: string, path: string) =>
      (await web.call(path, { ...bearer(secret), signal: abort.signal })).status;
    await web.limits.take('api', busy.slice(4, 12), LIMITS.api.calls - 5);
    expect(await statusOf(calm, `${PATH}&limit=3`)).toBe(200);
    expect(await statusOf(busy, `${PATH}&limit=3`)).toBe(200);
    expect(await statusOf(busy, `${PATH}&limit=4&compare=previous`)).toBe(429);
    abort.abort();
  });

  it('is not begun for somebody who has left meanwhile', async () => {
    let allow = () => {};
    const isAllowed = new Promise<void>((resolve) => {
      allow = resolve;
    });
    const { limits } = recordingLimits();
    const other = await startWeb({
      limits: { ...limits, take: (name, caller, calls) => isAllowed.then(() => limits.take(name, caller, calls)) },
    });
    await other.accounts.addSite(exampleSite);
    const secret = await newToken(other.accounts, 'all');
    const signal = AbortSignal.timeout(50);
    await expect(other.call(PATH, { ...bearer(secret), signal })).rejects.toThrow('timeout');
    await new Promise((resolve) => setTimeout(resolve, 50));
    allow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(other.asked).toEqual([]);
  });

  it('may ask 50 different questions at a time, as one caller; each counts until the last stream with it closes', async () => {
    const streams = new Map<string, AbortController>();
    const token = await newToken(web.accounts, ['garden']);
    const ask = async (limit: number, stream = String(limit)) => {
      const abort = new AbortController();
      streams.set(stream, abort);
      return (await web.call(`${PATH}&content.limit=${limit}`, { ...bearer(token), signal: abort.signal })).status;
    };
    for (let limit = 1; limit <= 50; limit++) expect(await ask(limit)).toBe(200);
    expect(await ask(51)).toBe(429);
    expect(await ask(7, 'another one')).toBe(200);
    streams.get('7')?.abort();
    streams.get('8')?.abort();
    while ((await ask(51)) !== 200) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ask(52)).toBe(429);
    for (const abort of streams.values()) abort.abort();
  });
});

describe('every call of the API', () => {
  const calls = Object.keys(ROUTES).filter((route) => / \/api\/v1\//.test(route));

  const asPerson = async () => {
    if (web.people.directory.person('pat') === undefined) await web.people.directory.add(personOf('pat', {}));
    return cookie(await web.people.sessions.begin('pat', 'Firefox'));
  };
  const asToken = async () => bearer((await web.accounts.addToken({ title: '', sites: 'all', scope: 'write', nowMs: 1 })).secret);

  it.each(calls)('%s refuses an unknown parameter, single or repeated, also for HEAD', async (call) => {
    const [method, address] = call.split(' ') as [string, string];
    const path = address.replace(':site', 'garden').replace(':report', 'content');
    const caller = await (address === '/api/v1/account' ? asPerson() : asToken());
    for (const query of ['output=csv', 'output=csv&output=csv', 'limt=5', 'token=1']) {
      const response = await web.call(`${path}?${query}`, { ...caller, method });
      expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json; charset=utf-8']);
      const { error } = (await response.json()) as { error: { code: string; field: string; message: string } };
      expect(error).toMatchObject({ code: 'bad-request', field: query.split('=', 1)[0] });
      expect(error.message).toMatch(/ takes (none|from|before|timezone|sites)/);
      if (method === 'GET') expect((await web.call(`${path}?${query}`, { ...caller, method: 'HEAD' })).status).toBe(400);
    }
  });
});

interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly schema: object;
}
interface DescribedCall {
  readonly parameters: Array<DescribedParameter | { readonly $ref: string }>;
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

describe('the OpenAPI document', () => {
  it('describes every call and every report without dangling references', async () => {
    const text = await (await web.call('/api/v1/openapi.json')).text();
    const document = JSON.parse(text) as {
      openapi: string;
      paths: Record<string, Record<string, DescribedCall>>;
      components: {
        schemas: Record<string, object>;
        parameters: Record<string, DescribedParameter>;
        securitySchemes: Record<string, object>;
      };
      security: object[];
    };
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.security).toEqual([{ token: [] }]);
    expect(document.components.securitySchemes.token).toMatchObject({ type: 'http', scheme: 'bearer' });
    const reports = ['minutes', 'pages', 'traffic', 'content'];
    const routes = Object.keys(ROUTES).filter((route) => / \/api\/v1\/(account|sites|overview|rollup)/.test(route));
    const described = routes
      .flatMap((route) => (route.endsWith(':report') ? reports.map((name) => route.replace(':report', name)) : [route]))
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
    const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, call]) => ({ path, method: method.toUpperCase(), call })),
    );
    expect(calls.map(({ path, method }) => `${method} ${path}`).sort()).toEqual(described.sort());
    for (const { path, method, call } of calls) {
      const parameters = call.parameters.map((one) =>
        '$ref' in one ? (document.components.parameters[one.$ref.split('/').at(-1) as string] as DescribedParameter) : one,
      );
      for (const parameter of parameters) expect(parameter.schema).toEqual(expect.objectContaining({ type: expect.any(String) }));
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(call.requestBody !== undefined).toBe(['POST', 'PATCH'].includes(method));
      const statuses = Object.keys(call.responses);
      expect(statuses).toEqual(expect.arrayContaining(['401', '429']));
      expect(statuses.filter((status) => status.startsWith('2'))).not.toEqual([]);
      for (const [status, { content }] of Object.entries(call.responses)) {
        if (['202', '204'].includes(status)) expect(content).toBeUndefined();
        else expect(Object.values(content as object)[0]).toHaveProperty('schema');
      }
    }
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)) {
      expect(document.components.schemas).toHaveProperty(name as string);
    }
    expect(text).not.toContain('"$schema"');
  });

  it('shows the limits that are enforced', async () => {
    const document = JSON.parse(await (await web.call('/api/v1/openapi.json')).text());
    const parameters = document.paths['/api/v1/sites/{site}/content'].get.parameters;
    const limit = parameters.find(({ name }: { name: string }) => name === 'limit');
    expect(limit).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    });
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual([
      'site',
      'from',
      'to',
      'period',
      'date',
      'limit',
      'offset',
      'search',
      'compare',
      'match',
      'format',
      'list',
    ]);
  });
});

describe('the OpenAPI document of each report', () => {
  it('has the parameter page only for reports about one page', async () => {
    const document = JSON.parse(await (await web.call('/api/v1/openapi.json')).text());
    const pageOf = (report: string) =>
      document.paths[`/api/v1/sites/{site}/${report}`].get.parameters.find(({ name }: { name: string }) => name === 'page');
    expect(pageOf('pages')).toMatchObject({ in: 'query', required: true, schema: { type: 'string', maxLength: 512 } });
    expect([pageOf('content'), pageOf('minutes')]).toEqual([undefined, undefined]);
  });

  it('describes the compared report like the report itself', async () => {
    const document = JSON.parse(await (await web.call('/api/v1/openapi.json')).text());
    const { PagesReport, PagesBody } = document.components.schemas;
    const { allOf } = PagesReport;
    const [head, body, { properties }] = allOf;
    expect(head).toEqual({ $ref: '#/components/schemas/Report' });
    expect(body).toEqual({ $ref: '#/components/schemas/PagesBody' });
    expect(PagesBody.properties).toHaveProperty('page');
    expect(properties.compared.allOf).toEqual([{ $ref: '#/components/schemas/Range' }, body]);
    const compare = document.paths['/api/v1/sites/{site}/pages'].get.parameters.find(
      ({ name }: { name: string }) => name === 'compare',
    );
    expect(compare).toMatchObject({ required: false, schema: { type: 'string' } });
  });
});

describe('signing in', () => {
  it('sets a cookie that scripts cannot read, and redirects to the start page', async () => {
    const response = await web.call('/sign-in', form({ token: ` ${secrets.garden} `, next: '//evil.example' }));
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(response.headers.get('set-cookie')).toMatch(
      new RegExp(`^hitherto=${secrets.garden}; Max-Age=\\d+; Path=/; .*HttpOnly; SameSite=Lax$`),
    );
    const first = await web.call('/', cookie(secrets.garden));
    expect([first.status, first.headers.get('location')]).toEqual([303, '/sites/garden']);
    expect(await (await web.call('/', cookie(secrets.all))).text()).toContain('href="/sites/moon"');
  });

  it('over https sets a cookie for https only', async () => {
    const other = await startWeb({ publicUrl: 'https://stats.example' });
    const secret = await newToken(other.accounts, 'all');
    const response = await other.call('/sign-in', form({ token: secret }));
    expect(response.headers.get('set-cookie')).toMatch(/; Secure/);
    expect(response.headers.get('strict-transport-security')).toMatch(/max-age/);
  });

  it.each([
    ['a wrong token', form({ token: `hit_<script>` }), 401],
    ['a revoked one', () => form({ token: secrets.revoked }), 401],
    ['none', form({}), 400],
    ['an operator', { method: 'POST', body: '{"token":{"$gt":""}}', headers: { 'Content-Type': 'application/json' } }, 400],
    ['an operator in a form', form({ 'token[$gt]': '' }), 400],
    ['two', { method: 'POST', body: 'token=a&token=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 400],
    ['a megabyte', form({ token: 'x'.repeat(1_000_000) }), 400],
  ])('refuses %s', async (_what, init, status) => {
    const response = await web.call('/sign-in', typeof init === 'function' ? init() : init);
    expect(response.status).toBe(status);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).not.toContain('<script>');
  });

  it('ends with signing out', async () => {
    const response = await web.call('/sign-out', { ...cookie(secrets.garden), method: 'POST' });
    expect(response.headers.get('set-cookie')).toMatch(/^hitherto=; .*Expires=Thu, 01 Jan 1970/);
  });

  it.each<[string, Record<string, string>, number]>([
    ['another origin', { Origin: 'https://evil.example' }, 403],
    ['an origin that is hidden', { Origin: 'null' }, 403],
    ['another site, as the browser says', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a sister host', { 'Sec-Fetch-Site': 'same-site' }, 403],
  ])('refuses a form from %s', async (_what, headers, status) => {
    for (const path of ['/sign-in', '/sign-out', '/setup/open-sesame', '/api/v1/sites']) {
      const response = await web.call(path, form({ token: secrets.garden }, headers));
      expect(response.status).toBe(status);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  it('accepts a form from its own origin', async () => {
    expect((await web.call('/sign-in', form({ token: secrets.garden }, { Origin: web.base }))).status).toBe(303);
  });

  it('accepts a form of the same origin although a proxy replaced Host', async () => {
    const headers = { Origin: 'https://stats.example.com', 'Sec-Fetch-Site': 'same-origin' };
    expect((await web.call('/sign-in', form({ token: secrets.garden }, headers))).status).toBe(303);
  });

  it('names the setting to change if neither browser nor proxy reveals the origin of a form', async () => {
    const response = await web.call('/sign-in', form({ token: secrets.garden }, { Origin: 'http://stats.lan:81' }));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('set PUBLIC_URL=http://stats.lan:81 and restart');
  });
});

describe('pages', () => {
  it('escape input of owners', async () => {
    for (const path of ['/', '/sites/garden']) {
      const text = await (await web.call(path, cookie(secrets.all))).text();
      expect(text).not.toContain("<script>alert('x')");
      expect(text).toContain('&lt;script&gt;alert(&#39;x&#39;)');
    }
  });

  it('do not echo unknown input', async () => {
    for (const path of ['/<script>alert(1)</script>', '/sites/%3Cscript%3E', '/setup/"><script>', '/%E0%A4%A', '/?a=<script>x']) {
      const response = await web.call(path, cookie(secrets.all));
      expect(await response.text()).not.toMatch(/<script>|%3Cscript|E0%A4/);
    }
  });

  it('tell the owner what is kept, and what the oldest of it is', async () => {
    const site = { ...(web.accounts.site('garden') as Site), createdAtMs: Date.parse('2020-05-01T12:00:00Z') };
    await web.accounts.updateSite({ ...site, keep: {} });
    const text = await (await web.call('/sites/garden', cookie(secrets.all))).text();
    expect(text).toContain('3 months; the oldest is now 20 Aug 2026');
    await web.accounts.updateSite({ ...site, keep: { day: 12, month: 24, year: 24 } });
    const changed = await (await web.call('/sites/garden', cookie(secrets.all))).text();
    expect(changed).toContain('12 months; the oldest is now 20 Nov 2025');
    expect(changed).toContain('24 months; the oldest is now November 2024');
    expect(changed).toContain('24 months; the oldest is now 2025');
  });

  it('tell the owner what browsers keep, how privacy signals are treated, and how to change it', async () => {
    const site = web.accounts.site('garden') as Site;
    const cardOf = async (changes: Partial<Site>): Promise<string> => {
      await web.accounts.updateSite({ ...site, ...changes });
      const text = await (await web.call('/sites/garden', cookie(secrets.all))).text();
      return /<details class="card counted">.*?<\/dl>.*?<\/code>/s.exec(text)?.[0] ?? '';
    };
    const usual = await cardOf({ storage: 'record', signals: 'without-record' });
    expect(usual).toContain('a small record of its own visits');
    expect(usual).toContain('Counted without a record');
    expect(usual).toContain('Editors and owners of the site can change it.');
    const other = await cardOf({ storage: 'none', signals: 'views-only' });
    expect(other).toContain('With the snippet below, browsers keep nothing');
    expect(other).toContain('Only their views are counted');
    expect(await cardOf({ signals: 'ignored' })).toContain('Counted like any other browser');
    await web.accounts.updateSite(site);
  });

  it('have the headers that forbid foreign content', async () => {
    const { headers } = await web.call('/sites/garden', cookie(secrets.all));
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy.split(';')).toContain(part);
    }
    expect(policy).not.toMatch(/unsafe|\*|upgrade-insecure/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    expect((await web.call('/api/v1/sites', bearer(secrets.all))).headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('show the sign-in form where a token is needed', async () => {
    const response = await web.call('/sites/garden');
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('action="/sign-in"');
  });

  it("show the snippet that matches the site's settings", async () => {
    await web.accounts.updateSite({ ...exampleSite, id: 'moon', title: 'Moon', storage: 'none', signals: 'ignored' });
    const text = await (await web.call('/sites/moon', cookie(secrets.moon))).text();
    const attributes = 'data-site="moon" data-storage="none" data-signals="ignored"';
    const snippet = `<script defer src="${web.base}/track.js" ${attributes}></script>`;
    expect(text).toContain(snippet.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'));
  });
});

describe("the browser's files", () => {
  it('allow other sites to load and cache the tracker', async () => {
    const response = await web.call('/track.js');
    expect(await response.text()).toBe('/* track.js */');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringMatching(/^text\/javascript/),
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      etag: expect.any(String),
    });
    // not by fetch, which adds `Cache-Control: no-cache` to a question of one's own
    const status = await new Promise((resolve) =>
      get(`${web.base}/track.js`, { headers: { 'If-None-Match': response.headers.get('etag') ?? '' } }, (res) =>
        resolve(res.statusCode),
      ),
    );
    expect(status).toBe(304);
  });
});

describe('the first run', () => {
  const PERSON = { name: 'Anna <b>', email: 'Anna@Example.com', password: 'correct horse battery' };
  const SITE = { title: EVIL_TITLE, id: 'first', timezone: 'Europe/Berlin', hosts: 'a.example, *.b.example' };
  const good = { ...PERSON, ...SITE };

  it('opens with the secret only', async () => {
    const fresh = await startWeb();
    expect((await fresh.call('/setup/wrong')).status).toBe(404);
    expect((await fresh.call('/setup/wrong', form(good))).status).toBe(404);
    expect((await fresh.call('/setup/')).status).toBe(404);
    const page = await fresh.call('/setup/open-sesame');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<option value="Europe/Berlin">');
    expect(fresh.accounts.sites()).toEqual([]);
  });

  it('is linked from the start page, which does not ask for a password that cannot exist yet', async () => {
    const fresh = await startWeb();
    const page = await (await fresh.call('/')).text();
    expect(page).toContain('Not set up yet');
    expect(page).not.toContain('name="password"');
    expect(page).not.toContain('open-sesame');
    await newToken(fresh.accounts, 'all');
    expect(await (await fresh.call('/')).text()).toContain('name="token"');
  });

  it('shows mistakes beside their fields and keeps what was typed, but not the password', async () => {
    const fresh = await startWeb();
    const wrong = { ...good, email: 'nobody', id: 'Bad Id', timezone: 'Nowhere' };
    const response = await fresh.call('/setup/open-sesame', form(wrong));
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text).toContain('value="Bad Id"');
    expect(text).toMatch(/id="id-problem">&quot;Bad Id&quot; cannot be a site/);
    expect(text).toMatch(/id="timezone-problem">&quot;Nowhere&quot; is not a time zone/);
    expect(text).toMatch(/id="email-problem">This is not an e-mail address/);
    expect(text).toContain('value="a.example, *.b.example"');
    expect(text).not.toContain('correct horse');
    expect(text).not.toContain("<script>alert('x')");
    expect([fresh.accounts.sites(), fresh.accounts.records('person')]).toEqual([[], []]);
  });

  it('creates one operator and one site, signs the operator in, and then ends', async () => {
    const fresh = await startWeb();
    const answers = await Promise.all([
      fresh.call('/setup/open-sesame', form(good)),
      fresh.call('/setup/open-sesame', form({ ...good, email: 'bea@example.com', id: 'second' })),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    const done = answers.find(({ status }) => status === 200) as Response;
    const secret = /^hitherto=([^;]+);/.exec(done.headers.get('set-cookie') ?? '')?.[1] as string;
    const text = await done.text();
    expect(text).toContain('data-site=&quot;');
    expect(text).toContain('referrerpolicy=&quot;no-referrer-when-downgrade&quot;');
    expect(text).not.toContain("<script>alert('x')");
    expect(text).not.toContain(secret);
    expect(done.headers.get('cache-control')).toBe('no-store');

    expect(fresh.accounts.sites()).toHaveLength(1);
    expect(fresh.accounts.sites()[0]).toMatchObject({
      title: EVIL_TITLE,
      hosts: ['a.example', '*.b.example'],
      createdAtMs: NOW_MS,
    });
    expect(fresh.accounts.tokens()).toEqual([]);
    expect(fresh.accounts.records('person')).toHaveLength(1);
    expect((await fresh.call('/people', cookie(secret))).status).toBe(200);
    expect((await fresh.call('/setup/open-sesame')).status).toBe(404);
    expect((await fresh.call('/setup/open-sesame', form({ ...good, email: 'c@example.com', id: 'third' }))).status).toBe(404);
  });

  it('does not return while there is a person, even if all sites are removed', async () => {
    const fresh = await startWeb();
    expect((await fresh.call('/setup/open-sesame', form(good))).status).toBe(200);
    await fresh.accounts.removeSite('first');
    for (const init of [{}, form({ ...good, id: 'second' })]) {
      const over = await fresh.call('/setup/open-sesame', init);
      expect([over.status, await over.text()]).toEqual([404, expect.stringMatching(/Page not found.*set up already/s)]);
    }
    expect(fresh.accounts.sites()).toEqual([]);
  });

  it('stays open while only people without rights on the service have accepted an invitation', async () => {
    const fresh = await startWeb();
    await fresh.people.directory.add(personOf('bob', { sites: { garden: 'viewer' } }));
    expect((await fresh.call('/setup/open-sesame')).status).toBe(200);
    expect((await fresh.call('/setup/open-sesame', form(good))).status).toBe(200);
    expect(fresh.people.directory.byEmail('anna@example.com')?.isOperator).toBe(true);
  });

  it('only creates the account where there are sites already, and leaves sites and tokens as they are', async () => {
    const fresh = await startWeb();
    await fresh.accounts.addSite(exampleSite);
    const token = await newToken(fresh.accounts, ['garden']);
    const page = await (await fresh.call('/setup/open-sesame')).text();
    expect(page).toContain('name="email"');
    expect(page).not.toContain('name="timezone"');
    const done = await fresh.call('/setup/open-sesame', form(PERSON));
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    expect(fresh.accounts.sites()).toEqual([exampleSite]);
    expect((await fresh.call('/api/v1/sites/garden', bearer(token))).status).toBe(200);
    expect((await fresh.call('/setup/open-sesame')).status).toBe(404);
  });
});

describe('a node that does not know yet what another one created', () => {
  /** Knows of nothing until it is refreshed; and what it knew once it goes on knowing. */
  const behind = async () => {
    let [knows, isUnavailable] = [false, false];
    const node = await startWeb({
      seen: (accounts) => ({
        ...accounts,
        site: (id) => (knows ? accounts.site(id) : undefined),
        sites: () => (knows ? accounts.sites() : []),
        token: (secret) => (knows ? accounts.token(secret) : undefined),
        tokens: () => (knows ? accounts.tokens() : []),
        record: (kind, id) => (knows ? accounts.record(kind, id) : undefined),
        records: (kind) => (knows ? accounts.records(kind) : []),
        async refresh() {
          if (isUnavailable) throw new AccountsUnavailable('the store does not answer');
          knows = true;
        },
      }),
    });
    await node.accounts.addSite(exampleSite);
    const secret = await newToken(node.accounts, ['garden']);
    const cutOff = () => {
      isUnavailable = true;
    };
    const people = createPeople(node.accounts, () => NOW_MS);
    const anna = await people.setUp({ name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' });
    if (anna === 'over') throw new Error('there is somebody already');
    const session = await people.sessions.begin(anna.id, 'Firefox');
    return { ...node, secret, session, cutOff };
  };

  it('asks the store before it reports a token or a site as unknown', async () => {
    const api = await behind();
    expect((await api.call('/api/v1/sites/garden/traffic', bearer(api.secret))).status).toBe(200);
    const page = await behind();
    expect((await page.call('/', cookie(page.secret))).headers.get('location')).toBe('/sites/garden');
    const signIn = await behind();
    expect((await signIn.call('/sign-in', form({ token: signIn.secret }))).status).toBe(303);
    const person = await behind();
    expect((await person.call('/account', cookie(person.session))).status).toBe(200);
  });

  it('does not create a second first operator or site', async () => {
    const { call, accounts } = await behind();
    const fields = { name: 'A', email: 'a@example.com', password: 'long enough it is', title: 'Two', id: 'two' };
    expect((await call('/setup/open-sesame', form({ ...fields, timezone: 'UTC', hosts: '' }))).status).toBe(404);
    expect(accounts.sites().map(({ id }) => id)).toEqual(['garden']);
    expect(accounts.records('person').map(([id]) => id)).toEqual(['first']);
  });

  it('answers 503 if the store does not answer, since it cannot know', async () => {
    const { call, secret, cutOff } = await behind();
    cutOff();
    expect((await call('/api/v1/sites/garden/traffic', bearer(secret))).status).toBe(503);
    expect((await call('/', cookie(secret))).status).toBe(503);
    expect((await call('/api/v1/sites/garden/traffic')).status).toBe(401);
    expect((await call('/')).status).toBe(200);
  });
});
