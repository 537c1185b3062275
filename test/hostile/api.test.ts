// Malicious requests to the API and the pages of the running service.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLmdbAccounts } from '../../src/store/lmdb/accounts.js';
import { openEnvironment } from '../../src/store/lmdb/environment.js';
import { PERSON, prepare, type Running, start, temporaryFolder } from '../end-to-end/running.js';

const SITE = 'mine';
const OTHER = 'theirs';
const TITLE = '</title><script>alert(1)</script> \u202e{{7*7}} "><img src=x onerror=alert(2)>';

describe('the API and the pages', () => {
  const folder = temporaryFolder();
  let service: Running;
  let all = '';
  let mine = '';
  let revoked = '';

  beforeAll(async () => {
    all = await prepare(folder.path, [{ id: SITE, title: TITLE }, { id: OTHER }]);
    const { root } = openEnvironment(folder.path);
    const accounts = openLmdbAccounts(root);
    mine = (await accounts.addToken({ title: 'mine', sites: [SITE], nowMs: Date.now() })).secret;
    const gone = await accounts.addToken({ title: 'gone', sites: 'all', nowMs: Date.now() });
    revoked = gone.secret;
    await accounts.revokeToken(gone.token.prefix);
    await root.close();
    service = await start(folder.path);
    const page = encodeURIComponent('https://x.example/</script><script>alert(3)</script>');
    const view = `${service.url}/a.gif?s=${SITE}&u=${page}&t=${encodeURIComponent(TITLE)}`;
    const other = `${service.url}/a.gif?s=${SITE}&u=${encodeURIComponent('https://x.example/caf%C3%A9')}`;
    for (const hit of [view, other]) expect((await fetch(hit, { headers: { 'User-Agent': PERSON } })).status).toBe(200);
    await service.counted();
  });

  afterAll(async () => {
    expect(service.stderr()).toBe(''); // none of these requests caused an unexpected error
    expect(await service.stop()).toBe(0);
    folder.remove();
  });

  const ask = async (path: string, token: string | undefined = mine, init: RequestInit = {}) => {
    const headers: Record<string, string> = { ...(init.headers as Record<string, string>) };
    if (token !== '') headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(`${service.url}${path}`, { redirect: 'manual', ...init, headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const errorOf = (text: string) => (JSON.parse(text) as { error: { code: string; message: string; field?: string } }).error;
  const content = `/api/v1/sites/${SITE}/content`;

  it.each([
    ['90: a day that never was', 'from=2024-02-30&to=2024-03-01', 'from'],
    ['90: a range that ends before it begins', 'from=2024-03-02&to=2024-03-01', 'from'],
    ['90: a hundred years', 'from=1990-01-01&to=2090-01-01', 'to'],
    ['90: the year nought', 'from=0000-01-01&to=2024-01-01', 'from'],
    ['90: half a range', 'from=2024-01-01', 'to'],
    ['90: a date with a time', 'from=2024-01-01T00:00:00Z&to=2024-01-02', 'from'],
    ['90: a date with a NUL', 'from=2024-01-01%00&to=2024-01-02', 'from'],
    ['90: digits of another script', `from=${encodeURIComponent('２０２４-01-01')}&to=2024-01-02`, 'from'],
    ['90: a date twice', 'from=2024-01-01&from=2024-01-02&to=2024-01-03', 'from'],
    ['90: a period that is none', 'period=__proto__', 'period'],
    ['91: fewer than no rows', 'limit=-1', 'limit'],
    ['91: no rows', 'limit=0', 'limit'],
    ['91: too many rows', 'limit=1000000000', 'limit'],
    ['91: 1e9 rows', 'limit=1e9', 'limit'],
    ['91: rows in letters', 'limit=abc', 'limit'],
    ['91: half a row', 'limit=1.5', 'limit'],
    ['91: a search of 10 kB', `search=${'s'.repeat(10_000)}`, 'search'],
  ])('%s is refused: the answer names the parameter and its allowed values', async (_what, query, field) => {
    const { status, headers, text } = await ask(`${content}?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    const error = errorOf(text);
    expect(error).toMatchObject({ code: 'bad-request', field });
    expect(error.message).toMatch(new RegExp(`^"${field}" .{10,250}\\.$`));
    // the answer does not repeat the value
    const sent = decodeURIComponent(/=([^&]*)/.exec(query)?.[1] ?? '');
    if (!/^[0-9-]+$/.test(sent)) expect(error.message).not.toContain(sent);
  });

  it.each([
    ['92: a time zone, for the site has its own', "tz=Europe/Berlin'&timezone=US/Nowhere", 'tz'],
    ['92: an operator', 'from[$ne]=1', 'from[$ne]'],
    ['93: an order', 'sort=__proto__', 'sort'],
    ['93: a prototype', '__proto__[x]=1', '__proto__[x]'],
    ['94: a callback', 'callback=alert&jsonp=alert', 'callback'],
    ['94: a style', 'output=csv', 'output'],
    ['95: a token beside the one in the header', 'token=hit_x', 'token'],
    ['95: a misspelt parameter', 'offset=0&lmit=1', 'lmit'],
  ])('%s is refused with a list of the existing parameters', async (_what, query, field) => {
    const { status, headers, text } = await ask(`${content}?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const error = errorOf(text);
    expect(error).toMatchObject({ code: 'bad-request', field });
    expect(error.message).toContain('takes from, to, period, date, limit, offset, search, compare, match, format, list.');
  });

  it('returns the same list page by page as in one request, with its length', async () => {
    const whole = JSON.parse((await ask(content)).text);
    const pages = await Promise.all([0, 1, 2, 3].map((offset) => ask(`${content}?limit=1&offset=${offset}`)));
    const rows = pages.map(({ text }) => JSON.parse(text).rows);
    expect(rows.flat()).toEqual(whole.rows);
    expect(whole.rows).toHaveLength(2);
    for (const { text } of pages) expect(JSON.parse(text).totalRows).toEqual(whole.totalRows);
    expect(whole.totalRows.rows).toBe(2);
  });

  it.each(['/caf%C3%A9', '%2Fcaf%C3%A9', '/caf%25C3%25A9', '/caf%c3%a9', encodeURIComponent('/café')])(
    'finds a page by its path, written %s',
    async (written) => {
      const { status, text } = await ask(`/api/v1/sites/${SITE}/pages?page=${written}`);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toMatchObject({ page: '/café', total: { views: 1 } });
    },
  );

  it.each(['access_token', 'token', 'key'])('95: ignores a token in the address (%s)', async (name) => {
    for (const secret of [all, mine]) {
      const { status, headers, text } = await ask(`${content}?${name}=${secret}`, '');
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(errorOf(text).code).toBe('token-in-address');
      expect(text).not.toContain(secret);
    }
  });

  it('96: answers for another’s site exactly as for one that does not exist', async () => {
    for (const rest of ['', '/content', '/traffic?period=nonsense', '/live', '/nonsense']) {
      const theirs = await ask(`/api/v1/sites/${OTHER}${rest}`);
      const nobodys = await ask(`/api/v1/sites/nobodys${rest}`);
      expect(theirs.status).toBe(404);
      expect({ status: theirs.status, text: theirs.text }).toEqual({ status: nobodys.status, text: nobodys.text });
    }
    expect((await ask(`/sites/${OTHER}`)).text).toBe((await ask('/sites/nobodys')).text);
    expect(JSON.parse((await ask('/api/v1/sites')).text).sites.map(({ id }: { id: string }) => id)).toEqual([SITE]);
    expect(JSON.parse((await ask('/api/v1/sites', all)).text).sites).toHaveLength(2);
  });

  it('97: answers for a revoked token exactly as for one that never existed', async () => {
    const never = `hit_${'A'.repeat(43)}`;
    const answers = await Promise.all([revoked, never].map((token) => ask(content, token)));
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });

  it.each(['', 'x', `hit_${'A'.repeat(10_000)}`, 'hit_<script>', '{"$gt":""}', '__proto__', "' OR 1=1 --"])(
    '98: refuses a token like %j',
    async (token) => {
      const { status, text } = await ask(content, '', { headers: { Authorization: `Bearer ${token}` } });
      expect(status).toBe(401);
      expect(['unknown-token', 'not-signed-in']).toContain(errorOf(text).code);
      if (token.length > 1) expect(text).not.toContain(token);
    },
  );

  it('98: accepts only a text from the form', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const tries: ReadonlyArray<readonly [Record<string, string>, string]> = [
      [form, 'token=a&token=b'],
      [form, 'token[$gt]='],
      [form, ''],
      [form, `token=${'a'.repeat(1_000_000)}`], // 99
      [{ 'Content-Type': 'application/json' }, '{"token":{"$gt":""}}'],
      [{ 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-7' }, `token=${mine}`],
    ];
    for (const [headers, body] of tries) {
      const { status, headers: answered, text } = await ask('/sign-in', '', { method: 'POST', headers, body });
      expect(status).toBe(400);
      expect(answered.get('set-cookie')).toBeNull();
      expect(text).not.toContain(mine);
    }
  });

  it('103: refuses a form from another web site, regardless of its contents', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    for (const foreign of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      const init = { method: 'POST', headers: { ...headers, ...foreign } as Record<string, string>, body: `token=${mine}` };
      const { status, headers: answered } = await ask('/sign-in', '', init);
      expect(status).toBe(403);
      expect(answered.get('set-cookie')).toBeNull();
    }
  });

  it.each(['next=//evil.example', 'next=https://evil.example', 'return=%0d%0aLocation:%20//evil'])(
    '104: signing in leads to our own first page only (%s)',
    async (query) => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: service.url };
      const init = { method: 'POST', headers, body: `token=${mine}&${query}` };
      const { status, headers: answered } = await ask(`/sign-in?${query}`, '', init);
      expect(status).toBe(303);
      expect(answered.get('location')).toBe('/');
      expect(answered.get('set-cookie')).toMatch(/^hitherto=hit_[\w-]+;.*HttpOnly; SameSite=Lax/);
    },
  );

  it('106: shows a site’s title as text everywhere', async () => {
    const page = await ask(`/sites/${SITE}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).not.toContain('<img src=x');
    expect(page.text).toContain('&lt;script&gt;alert(1)');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const { text, headers } = await ask(content);
    expect(JSON.parse(text).rows[0]).toMatchObject({ key: '/</script><script>alert(3)</script>', views: 1 });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  it.each([
    '/nothing/%3Cscript%3Ealert(1)%3C/script%3E',
    '/api/v1/sites/%3Cscript%3Ealert(1)',
    `/api/v1/sites/${SITE}/%3Cscript%3Ealert(1)`,
    `/api/v1/sites/${SITE}/__proto__`,
    `/api/v1/sites/${SITE}/constructor`,
    `/api/v1/sites/${SITE}%00/content`,
    `/api/v1/sites/${SITE}:2026-11/content`,
    '/api/v1/sites/..%2f..%2fetc%2fpasswd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/setup/',
    '/setup/__proto__',
    '/.git/config',
    '/a.gif/',
  ])('an unknown address (%s) is answered 404 and not repeated', async (path) => {
    const { status, text } = await ask(path);
    expect(status).toBe(404);
    expect(text).not.toMatch(/alert|passwd|__proto__|constructor/);
  });

  it.each(['/sites/%E0%A4%A', '/api/v1/sites/%', '/api/v1/sites/%ff/content'])(
    'an address that cannot be decoded (%s) is answered 400',
    async (path) => {
      const { status, text } = await ask(path);
      expect(status).toBe(400);
      expect(text).not.toMatch(/URIError|%E0|\n +at /);
    },
  );

  it.each(['PUT', 'DELETE', 'PATCH', 'POST'])('refuses %s by a token that only reads', async (method) => {
    for (const path of [`/api/v1/sites/${SITE}`, '/api/v1/sites', content, '/health']) {
      const { status } = await ask(path, all, { method, body: '{}', headers: { 'Content-Type': 'application/json' } });
      expect([403, 404]).toContain(status);
    }
    expect((await ask(`/api/v1/sites/${SITE}`, all)).status).toBe(200);
  });
});
