// Signing in through a provider of OpenID Connect that runs in this process.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import { CLIENT, type Issuer, startIssuer } from '../../../test/fixtures/issuer.js';
import { mailerInMemory } from '../../../test/fixtures/mailer.js';
import { personOf } from '../../../test/fixtures/people.js';
import { form, NOW_MS, startWeb, stopWebs, type Web, type WebOverrides } from '../../../test/fixtures/web.js';
import { createOpenIdProvider } from '../../people/openid.js';
import { createPasswords } from '../../people/passwords.js';
import type { Person } from '../../people/person.js';
import type { ProviderRules } from '../../people/provider.js';
import { LIMITS } from '../../sharing/limits.js';
import { MINUTE_MS } from '../../time/units.js';

const PASSWORD = 'correct horse battery';
const ANNA = 'anna@example.com';
const REFUSING: ProviderRules = { domains: [], newcomers: 'refuse' };

let hash: string;
let issuer: Issuer;
let web: Web;
let problems: string[];
let nowMs: number;

/** Without people. */
async function start(rules: ProviderRules = REFUSING, overrides: WebOverrides = {}, waitSeconds = 5) {
  problems = [];
  nowMs = NOW_MS;
  const openId = { issuer: issuer.url, clientId: CLIENT.id, clientSecret: CLIENT.secret };
  const surroundings = { nowMs: () => nowMs, onProblem: (text: string) => void problems.push(text), waitSeconds };
  const provider = { ...createOpenIdProvider(openId, surroundings), rules, label: 'Company login', host: 'id.example' };
  web = await startWeb({ provider, nowMs: () => nowMs, ...overrides });
}

const addAnna = () =>
  web.people.directory.add(personOf('first', { name: 'Anna', email: ANNA, password: hash, isOperator: true }));

beforeAll(async () => {
  issuer = await startIssuer();
  hash = await createPasswords().hash(PASSWORD, { lane: 'person', key: 'first' });
});
beforeEach(async () => {
  issuer.reset();
  await start();
  await addAnna();
});
afterAll(async () => {
  await stopWebs();
  await issuer.close();
});

/** A browser, with its cookies. */
function newBrowser() {
  const cookies = new Map<string, string>();
  const keep = (response: Response): Response => {
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Expires=Thu, 01 Jan 1970/.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const headers = () => ({ Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') });
  const get = async (path: string) => keep(await web.call(path, { headers: headers() }));
  return {
    cookies,
    get,
    post: async (path: string, fields: Record<string, string> = {}) => keep(await web.call(path, form(fields, headers()))),
    /** Goes to the provider, which sends the browser back. Returns the address at this service. */
    async toProvider(from = '/sign-in/oidc') {
      const away = await get(from);
      const back = await fetch(away.headers.get('location') as string, { redirect: 'manual' });
      const { pathname, search } = new URL(back.headers.get('location') as string);
      return pathname + search;
    },
    async throughProvider(from?: string) {
      return get(await this.toProvider(from));
    },
  };
}
type Browser = ReturnType<typeof newBrowser>;

/** The person who is signed in; undefined: nobody. */
const personIn = ({ cookies }: Browser): Person | undefined => web.people.sessions.find(cookies.get('hitherto') ?? '')?.person;
const person = (id = 'first') => web.people.directory.person(id) as Person;
const link = () => web.people.identities.propose('first', { issuer: issuer.url, subject: 'anna-1' }, 'anna');
/** Links the identity of the provider's user to Anna's account. */
const linkAnna = async () => expect(await web.people.identities.accept(await link())).toBe('linked');
const actions = async () => (await web.auditLog.newest({ limit: 20 })).map(({ action }) => action).reverse();

async function expectRefused(response: Response, status: number, text: string): Promise<void> {
  expect([response.status, response.headers.getSetCookie().filter((set) => set.startsWith('hitherto='))]).toEqual([status, []]);
  expect(await response.text()).toContain(text);
}

describe('signing in', () => {
  it('leads to the provider and back to the account that is linked', async () => {
    await linkAnna();
    const browser = newBrowser();
    const away = await browser.get('/sign-in/oidc');
    const address = new URL(away.headers.get('location') as string);
    expect([away.status, address.origin + address.pathname]).toEqual([303, `${issuer.url}/authorize`]);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      client_id: CLIENT.id,
      redirect_uri: `${web.base}/sign-in/oidc/callback`,
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid email profile',
    });
    const response = await browser.throughProvider();
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    expect([personIn(browser)?.id, [...browser.cookies.keys()]]).toEqual(['first', ['hitherto']]);
    expect(await actions()).toEqual(['person.signed-in']);
    expect(problems).toEqual([]);
  });

  it('finds the account although the address at the provider is another one now, or is not verified any more', async () => {
    await linkAnna();
    for (const user of [{ email: 'married@example.com', email_verified: true }, { email_verified: false }, {}]) {
      issuer.state.user = { sub: 'anna-1', ...user };
      const browser = newBrowser();
      await browser.throughProvider();
      expect(personIn(browser)?.email).toBe(ANNA);
    }
  });

  it('asks for the code as well, if two-step sign-in is on', async () => {
    await linkAnna();
    const secret = 'A'.repeat(32);
    const twoStep = { secret, lastStep: 0, recoveryHashes: [] };
    await web.people.directory.change('first', (before) => ({ ...before, twoStep }));
    const browser = newBrowser();
    const response = await browser.throughProvider();
    expect([response.headers.get('location'), personIn(browser)]).toEqual(['/sign-in/code', undefined]);
    const code = new TOTP({ secret }).generate({ timestamp: nowMs });
    expect((await browser.post('/sign-in/code', { code })).status).toBe(303);
    expect(personIn(browser)?.id).toBe('first');
  });

  it.each([
    ['sends the address only when it is asked for it', { userInfoOnly: true }],
    [
      'accepts the secret only in the Authorization header',
      { metadata: { token_endpoint_auth_methods_supported: ['client_secret_basic'] } },
    ],
    ['accepts the secret only in the body', { metadata: { token_endpoint_auth_methods_supported: ['client_secret_post'] } }],
  ])('works with a provider that %s', async (_, mood) => {
    await start({ domains: ['example.com'], newcomers: 0 });
    await web.people.directory.add(personOf('olga', { isOperator: true }));
    Object.assign(issuer.moods, mood);
    const browser = newBrowser();
    await browser.throughProvider();
    expect(personIn(browser)).toMatchObject({ email: ANNA, name: 'Anna' });
  });

  it('works below a path, with cookies for the pages of the sign-in only', async () => {
    await start(REFUSING, { publicUrl: 'https://stats.example.com/stats' });
    const response = await newBrowser().get('/sign-in/oidc');
    expect(new URL(response.headers.get('location') as string).searchParams.get('redirect_uri')).toBe(
      'https://stats.example.com/stats/sign-in/oidc/callback',
    );
    expect(response.headers.get('set-cookie')).toMatch(
      /^hitherto-oidc=[\w-]{43}\.sign-in; Max-Age=900; Path=\/stats\/sign-in\/oidc; .*HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('needs no secret for a public client', async () => {
    const open = await startIssuer('');
    const common = { nowMs: () => nowMs, onProblem: (text: string) => void problems.push(text) };
    const provider = createOpenIdProvider({ issuer: open.url, clientId: CLIENT.id, clientSecret: undefined }, common);
    const signIn = { secret: 'x'.repeat(43), callback: 'http://127.0.0.1/callback' };
    const back = await fetch(await provider.authorizationUrl(signIn), { redirect: 'manual' });
    const claims = await provider.identify(signIn, new URL(back.headers.get('location') as string).search.slice(1));
    expect(claims.identity).toEqual({ issuer: open.url, subject: 'anna-1' });
    await open.close();
  });

  it('is not offered, and does not exist, without a provider', async () => {
    web = await startWeb();
    await addAnna();
    expect(await (await web.call('/')).text()).not.toContain('oidc');
    for (const path of ['/sign-in/oidc', '/sign-in/oidc/callback']) expect((await web.call(path)).status).toBe(404);
  });

  it('is offered on the sign-in page, also when that says what is wrong', async () => {
    const button = '<a class="main-button" href="/sign-in/oidc">Company login</a>';
    expect(await (await web.call('/')).text()).toContain(button);
    expect(await (await web.call('/account')).text()).toContain(button);
    expect(await (await web.call('/sign-in', form({ email: 'x@example.com', password: 'wrong' }))).text()).toContain(button);
  });
});

describe('an answer that cannot be trusted', () => {
  const now = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => object]>([
    ['another nonce', () => ({ claims: { nonce: 'other' } })],
    ['no nonce', () => ({ claims: { nonce: undefined } })],
    ['another audience', () => ({ claims: { aud: 'other' } })],
    ['another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
    ['an end in the past', () => ({ claims: { exp: now() - 3600, iat: now() - 7200 } })],
    ['no signature', () => ({ algorithm: 'none' })],
    ['the signature of another key', () => ({ otherKey: true })],
    ['no subject', () => ({ claims: { sub: undefined } })],
    ['the answer of another issuer', () => ({ back: { code: 'x', iss: 'https://evil.example' } })],
    ['a code that is unknown', () => ({ back: { code: '"><script>' } })],
    ['a wrong secret', () => ({ tokenError: 'invalid_client' })],
    ['an error with markup', () => ({ back: { error: '<script>alert(1)</script>', error_description: '<b>hostile</b>' } })],
  ])('is refused with %s, and the log says why', async (_, mood) => {
    await linkAnna();
    Object.assign(issuer.moods, mood());
    const browser = newBrowser();
    const response = await browser.throughProvider();
    expect([response.status, personIn(browser), [...browser.cookies.keys()]]).toEqual([502, undefined, []]);
    const page = await response.text();
    expect(page).toContain('Signing in through id.example does not work.');
    expect(page).not.toMatch(/hostile|<script>alert|evil/);
    expect(problems).toEqual([expect.stringMatching(/^signing in through 127\.0\.0\.1:\d+ failed: [^<>\n]+$/)]);
  });

  it('is refused if this browser did not begin it, and causes no request to the provider', async () => {
    await linkAnna();
    const [one, other] = [newBrowser(), newBrowser()];
    const back = await one.toProvider();
    await other.toProvider();
    issuer.asked.length = 0;
    for (const browser of [newBrowser(), other]) {
      await expectRefused(await browser.get(back), 400, 'began in another tab or browser');
      expect(personIn(browser)).toBeUndefined();
    }
    const path = '/sign-in/oidc/callback';
    for (const query of ['', '?', '?state=', '?code=1&state=x', '?state=a&state=b', '?error=access_denied', '?__proto__=1']) {
      const away = newBrowser();
      await away.toProvider();
      issuer.asked.length = 0;
      await expectRefused(await away.get(path + query), 400, 'Try again.');
    }
    expect([issuer.asked, problems]).toEqual([[], []]);
  });

  it('is refused when it is sent again', async () => {
    await linkAnna();
    const browser = newBrowser();
    const back = await browser.toProvider();
    const cookies = new Map(browser.cookies);
    await browser.get(back);
    expect(personIn(browser)).toBeDefined();
    const thief = newBrowser();
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    await expectRefused(await thief.get(back), 502, 'does not work');
  });

  it('leads to no other site, whatever the address says', async () => {
    await linkAnna();
    const browser = newBrowser();
    const back = await browser.toProvider();
    const response = await browser.get(`${back}&next=https://evil.example&redirect_uri=//evil.example`);
    expect(response.headers.get('location')).toBe('/');
  });
});

describe('a provider that fails', () => {
  it('says that the person has cancelled, without a line in the log', async () => {
    issuer.moods.back = { error: 'access_denied', error_description: '<b>hostile</b>' };
    const browser = newBrowser();
    const response = await browser.throughProvider();
    await expectRefused(response, 403, 'You were not signed in: you cancelled, or id.example does not allow it.');
    expect(problems).toEqual([]);
  });

  it.each(['/.well-known', '/token', '/keys'])('is waited for a short time when %s does not answer', async (path) => {
    await start(REFUSING, {}, 0.3);
    await addAnna();
    await linkAnna();
    issuer.moods.hangs = path;
    const browser = newBrowser();
    const begun = await browser.get('/sign-in/oidc');
    const response = begun.status === 303 ? await browser.throughProvider() : begun;
    await expectRefused(response, 503, 'id.example does not answer. Try again in a minute, or sign in with your password.');
    expect(problems).toHaveLength(1);
    expect((await browser.post('/sign-in', { email: ANNA, password: PASSWORD })).status).toBe(303);
  });

  it('is tried again at the next sign-in', async () => {
    await linkAnna();
    issuer.moods.broken = '/';
    expect((await newBrowser().get('/sign-in/oidc')).status).toBe(503);
    issuer.reset();
    const browser = newBrowser();
    await browser.throughProvider();
    expect(personIn(browser)?.id).toBe('first');
  });

  it('may answer with something else, or be another one', async () => {
    issuer.moods.broken = '/.well-known';
    await expectRefused(await newBrowser().get('/sign-in/oidc'), 503, 'does not answer');
    issuer.reset();
    issuer.moods.metadata = { issuer: 'https://evil.example' };
    await expectRefused(await newBrowser().get('/sign-in/oidc'), 502, 'does not work');
  });

  it('is asked for its metadata once, and after an hour again', async () => {
    issuer.asked.length = 0;
    for (let time = 0; time < 3; time++) await newBrowser().get('/sign-in/oidc');
    nowMs += 60 * MINUTE_MS;
    await newBrowser().get('/sign-in/oidc');
    expect(issuer.asked.filter((path) => path.startsWith('/.well-known'))).toHaveLength(2);
  });

  it('cannot be flooded by answers that a browser makes up', async () => {
    const from = { 'X-Test-Address': '192.0.2.79' };
    const call = () => web.call('/sign-in/oidc/callback?code=1&state=1', { headers: from });
    for (let time = 0; time < LIMITS['sign-in'].calls; time++) expect((await call()).status).toBe(400);
    expect((await call()).status).toBe(429);
    expect((await web.call('/sign-in/oidc', { headers: from })).status).toBe(303);
  });
});

describe('an account with the same address', () => {
  it('is linked after its password was entered once', async () => {
    const browser = newBrowser();
    const response = await browser.throughProvider();
    expect([response.headers.get('location'), personIn(browser)]).toEqual(['/sign-in/oidc/link', undefined]);
    const page = (await (await browser.get('/sign-in/oidc/link')).text()).replaceAll(/\s+/g, ' ');
    expect(page).toContain('an account here for <strong><bdi>anna@example.com</bdi></strong>');
    const wrong = await browser.post('/sign-in/oidc/link', { linkPassword: 'not this one' });
    expect([wrong.status, (await wrong.text()).includes('id="linkPassword-problem"')]).toEqual([401, true]);
    expect([personIn(browser), person().identity]).toEqual([undefined, undefined]);
    const done = await browser.post('/sign-in/oidc/link', { linkPassword: PASSWORD });
    expect([done.headers.get('location'), personIn(browser)?.id]).toEqual(['/', 'first']);
    expect(person()).toMatchObject({
      identity: { issuer: issuer.url, subject: 'anna-1' },
      password: expect.stringMatching(/^\$argon2id/),
    });
    expect(person().proposedIdentity).toBeUndefined();
    expect(await actions()).toEqual(['person.provider', 'person.signed-in']);
    const other = newBrowser();
    await other.throughProvider();
    expect(personIn(other)?.id).toBe('first');
  });

  it('is told by mail that it was linked', async () => {
    const mailer = mailerInMemory();
    await start(REFUSING, { mailer });
    await addAnna();
    const headers = { Cookie: `hitherto-oidc-link=${await link()}` };
    expect((await web.call('/sign-in/oidc/link', form({ linkPassword: PASSWORD }, headers))).status).toBe(303);
    expect(await mailer.newestTo(ANNA)).toMatchObject({ text: expect.stringContaining('through id.example as well') });
  });

  it.each<[string, object]>([
    ['is not verified', { email_verified: false }],
    ['is verified in another type', { email_verified: 'true' }],
    ['is said to be verified with a number', { email_verified: 1 }],
    ['is not said to be verified', { email_verified: undefined }],
    ['is a list', { email: ['anna@example.com'] }],
    ['contains an invisible character', { email: 'anna@example.com\u200b' }],
  ])('is not linked if the address %s', async (_, user) => {
    issuer.state.user = { ...issuer.state.user, ...user };
    await expectRefused(await newBrowser().throughProvider(), 403, 'has not confirmed your e-mail address');
    expect(person().proposedIdentity).toBeUndefined();
  });

  it('is not found by letters that only look the same in lower case', async () => {
    await web.people.directory.add(personOf('kim', { email: 'kim@example.com' }));
    issuer.state.user = { sub: 'evil', email: '\u212aim@example.com', email_verified: true };
    await expectRefused(await newBrowser().throughProvider(), 403, 'has not confirmed your e-mail address');
    issuer.state.user = { sub: 'evil', email: 'KIM@Example.com', email_verified: true };
    expect((await newBrowser().throughProvider()).headers.get('location')).toBe('/sign-in/oidc/link');
  });

  it('is not linked without the password: somebody else may have created the account', async () => {
    const browser = newBrowser();
    await browser.throughProvider();
    await browser.throughProvider();
    await browser.get('/');
    expect([personIn(browser), person().identity, person().sessions]).toEqual([undefined, undefined, []]);
  });

  it('cannot be linked with the cookie of another browser, an old one or one that was used', async () => {
    const over = 'This was done already';
    const post = (secret: string) =>
      web.call('/sign-in/oidc/link', form({ linkPassword: PASSWORD }, { Cookie: `hitherto-oidc-link=${secret}` }));
    for (const secret of ['', 'x', `first.${'A'.repeat(43)}`, `nobody.${'A'.repeat(43)}`]) {
      await expectRefused(await post(secret), 409, over);
    }
    const old = await link();
    nowMs += 5 * MINUTE_MS;
    await expectRefused(await post(old), 409, over);
    const used = await link();
    expect((await post(used)).status).toBe(303);
    await expectRefused(await post(used), 409, over);
    const changed = await link();
    await web.people.passwordChanges.change(person(), PASSWORD, 'another long password');
    await expectRefused(await post(changed), 409, over);
  });

  it('limits guesses of the password', async () => {
    const headers = { Cookie: `hitherto-oidc-link=${await link()}`, 'X-Test-Address': '192.0.2.80' };
    const guess = () => web.call('/sign-in/oidc/link', form({ linkPassword: 'a guess' }, headers));
    for (let time = 0; time < LIMITS.password.calls; time++) expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
  });

  it('asks for the code after the password, if two-step sign-in is on', async () => {
    const twoStep = { secret: 'A'.repeat(32), lastStep: 0, recoveryHashes: [] };
    await web.people.directory.change('first', (before) => ({ ...before, twoStep }));
    const browser = newBrowser();
    await browser.throughProvider();
    const done = await browser.post('/sign-in/oidc/link', { linkPassword: PASSWORD });
    expect([done.headers.get('location'), personIn(browser)]).toEqual(['/sign-in/code', undefined]);
  });

  it('is linked to a new user of the provider with the same address, but only with the password', async () => {
    await linkAnna();
    issuer.state.user = { ...issuer.state.user, sub: 'anna-2' };
    const browser = newBrowser();
    await browser.throughProvider();
    expect(await (await browser.get('/sign-in/oidc/link')).text()).toContain('Another user there');
    await browser.post('/sign-in/oidc/link', { linkPassword: PASSWORD });
    expect(person().identity?.subject).toBe('anna-2');
    issuer.state.user = { ...issuer.state.user, sub: 'anna-1' };
    expect((await newBrowser().throughProvider()).headers.get('location')).toBe('/sign-in/oidc/link');
  });

  it('without a password stays with its user of the provider, and moves to another provider', async () => {
    const identity = { issuer: issuer.url, subject: 'former' };
    await web.people.directory.add(personOf('bob', { password: '', identity }));
    issuer.state.user = { sub: 'newer', email: 'bob@example.com', email_verified: true };
    await expectRefused(await newBrowser().throughProvider(), 403, 'is linked to another user of id.example');
    await web.people.identities.replace('bob', { issuer: 'https://former.example', subject: 'bob' });
    const before = await web.people.sessions.begin('bob', 'Firefox');
    const browser = newBrowser();
    await browser.throughProvider();
    expect([personIn(browser)?.id, person('bob').identity]).toEqual(['bob', { issuer: issuer.url, subject: 'newer' }]);
    expect(web.people.sessions.find(before)).toBeUndefined();
  });
});

describe('a newcomer', () => {
  const BERT = { sub: 'bert', email: 'Bert@Example.com', email_verified: true, name: 'Bert' };
  beforeEach(() => {
    issuer.state.user = BERT;
  });

  it('is refused by default', async () => {
    await expectRefused(await newBrowser().throughProvider(), 403, 'There is no account for your e-mail address at id.example.');
    expect(web.people.directory.all()).toHaveLength(1);
  });

  it('gets an account without a password, and with the limit of sites', async () => {
    await start({ domains: ['example.com'], newcomers: 3 });
    await addAnna();
    const browser = newBrowser();
    await browser.throughProvider();
    const bert = personIn(browser) as Person;
    expect(bert).toMatchObject({
      name: 'Bert',
      email: 'bert@example.com',
      sitesMax: 3,
      isOperator: false,
      sites: {},
      password: '',
    });
    expect(await actions()).toEqual(['person.joined', 'person.signed-in']);
    for (const password of ['', ' ', 'x']) {
      expect((await web.call('/sign-in', form({ email: 'bert@example.com', password }))).status).toBeGreaterThanOrEqual(400);
    }
    const again = newBrowser();
    await again.throughProvider();
    expect([personIn(again)?.id, web.people.directory.all().length]).toEqual([bert.id, 2]);
  });

  it('gets one account when two browsers arrive at the same time', async () => {
    await start({ domains: [], newcomers: 0 });
    await addAnna();
    const browsers = [newBrowser(), newBrowser(), newBrowser()];
    const back = await Promise.all(browsers.map((browser) => browser.toProvider()));
    await Promise.all(browsers.map((browser, i) => browser.get(back[i] as string)));
    const everybody = web.people.directory.all().filter(({ email }) => email === 'bert@example.com');
    expect(everybody.length).toBeLessThanOrEqual(1);
    const later = newBrowser();
    await later.throughProvider();
    expect(personIn(later)?.email).toBe('bert@example.com');
  });

  it('is refused with an address of another domain, or one that is not verified', async () => {
    await start({ domains: ['example.com', 'xn--bcher-kva.example'], newcomers: 3 });
    await addAnna();
    const users = [
      'bert@example.org',
      'bert@sub.example.com',
      'bert@example.com.evil.example',
      'example.com',
      '@example.com',
      '',
    ];
    for (const user of [...users.map((email) => ({ ...BERT, email })), { ...BERT, email_verified: false }, { sub: 'bert' }]) {
      issuer.state.user = user;
      await expectRefused(await newBrowser().throughProvider(), 403, 'of certain domains');
    }
    expect(web.people.directory.all()).toHaveLength(1);
    issuer.state.user = { ...BERT, email: 'bert@bücher.example' };
    await newBrowser().throughProvider();
    expect(web.people.directory.byEmail('bert@bücher.example')).toBeDefined();
  });

  it('needs a verified address, also without domains', async () => {
    await start({ domains: [], newcomers: 3 });
    await addAnna();
    issuer.state.user = { ...BERT, email_verified: false };
    await expectRefused(await newBrowser().throughProvider(), 403, 'has not confirmed your e-mail address');
  });

  it('never becomes the first operator, and gets no account before there is one', async () => {
    await start({ domains: [], newcomers: 3 });
    await expectRefused(await newBrowser().throughProvider(), 403, 'This service has no operator yet');
    expect([web.people.directory.all(), web.people.directory.hasOperator()]).toEqual([[], false]);
  });

  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a\u202eb', 'bert'],
    ['x'.repeat(9000), 'bert'],
    ['', 'bert'],
    [{ name: 'x' }, 'bert'],
  ])('has a name that is plain text, whatever the provider says: %#', async (name, shown) => {
    await start({ domains: [], newcomers: 3 });
    await addAnna();
    issuer.state.user = { ...BERT, name };
    const browser = newBrowser();
    await browser.throughProvider();
    expect(await (await browser.get('/account')).text()).toContain(`value="${shown}"`);
  });

  it('whose account was deleted gets a new one, without the former rights', async () => {
    await start({ domains: [], newcomers: 0 });
    await addAnna();
    const browser = newBrowser();
    await browser.throughProvider();
    const former = personIn(browser) as Person;
    await web.people.directory.change(former.id, () => undefined);
    expect([web.accounts.records('identity'), (await browser.get('/account')).status]).toEqual([[], 401]);
    await browser.throughProvider();
    expect(personIn(browser)?.id).not.toBe(former.id);
    expect(personIn(browser)?.email).toBe('bert@example.com');
  });
});

describe('an invited person', () => {
  const invite = (email = 'bert@example.com') =>
    web.people.invitations.create({ email, sites: { garden: 'viewer' }, isOperator: false, sitesMax: 0, invitedBy: 'Anna' });
  beforeEach(() => {
    issuer.state.user = { sub: 'bert', email: 'bert@example.com', email_verified: true, name: 'Bert' };
  });

  it('creates the account through the provider, although newcomers are refused', async () => {
    const secret = await invite();
    const browser = newBrowser();
    const button = `<a class="main-button" href="/invitations/${secret}/oidc">Company login</a>`;
    for (const path of [`/invitations/${secret}`, `/invitations/${secret}/`]) {
      expect(await (await browser.get(path)).text()).toContain(button);
    }
    await browser.throughProvider(`/invitations/${secret}/oidc`);
    expect(personIn(browser)).toMatchObject({ email: 'bert@example.com', password: '', sites: { garden: 'viewer' } });
    expect(await actions()).toEqual(['member.joined', 'person.signed-in']);
    expect((await browser.get(`/invitations/${secret}`)).status).toBe(404);
  });

  it('with an account signs in and accepts it then', async () => {
    const secret = await invite('other@example.com');
    issuer.state.user = { ...issuer.state.user, sub: 'anna-1' };
    await linkAnna();
    const browser = newBrowser();
    const response = await browser.throughProvider(`/invitations/${secret}/oidc`);
    expect([response.headers.get('location'), personIn(browser)?.id]).toEqual([`/invitations/${secret}`, 'first']);
    expect(person().sites).toEqual({});
    await browser.post(`/invitations/${secret}`);
    expect(person().sites).toEqual({ garden: 'viewer' });
  });

  it('with an account that is not linked yet enters its password, and accepts it then', async () => {
    const secret = await invite(ANNA);
    issuer.state.user = { ...issuer.state.user, email: ANNA };
    const browser = newBrowser();
    expect((await browser.throughProvider(`/invitations/${secret}/oidc`)).headers.get('location')).toBe('/sign-in/oidc/link');
    const done = await browser.post('/sign-in/oidc/link', { linkPassword: PASSWORD });
    expect([done.headers.get('location'), personIn(browser)?.id]).toEqual([`/invitations/${secret}`, 'first']);
    await browser.post(`/invitations/${secret}`);
    expect(person().sites).toEqual({ garden: 'viewer' });
  });

  it('is refused with another address, or one that is not verified, and the invitation remains', async () => {
    const secret = await invite();
    for (const user of [{ email: 'eve@example.com' }, { email_verified: false }]) {
      const bert = issuer.state.user;
      issuer.state.user = { ...bert, ...user };
      const response = await newBrowser().throughProvider(`/invitations/${secret}/oidc`);
      expect(response.status).toBe(403);
      issuer.state.user = bert;
    }
    expect(web.people.invitations.find(secret)).toBeDefined();
    expect(web.people.directory.all()).toHaveLength(1);
  });

  it('cannot use an invitation that was withdrawn meanwhile', async () => {
    const secret = await invite();
    const browser = newBrowser();
    const back = await browser.toProvider(`/invitations/${secret}/oidc`);
    await web.people.invitations.withdraw(web.people.invitations.pending()[0]?.id as string);
    expect((await browser.get(back)).status).toBe(404);
    expect((await browser.get(`/invitations/${secret}/oidc`)).status).toBe(404);
    expect(web.people.directory.all()).toHaveLength(1);
  });
});

describe('the page Account', () => {
  const signedIn = async (id = 'first') => {
    const browser = newBrowser();
    browser.cookies.set('hitherto', await web.people.sessions.begin(id, 'Firefox'));
    return browser;
  };

  it('names the user of the provider first, since the browser may be signed in there as somebody else', async () => {
    const browser = newBrowser();
    await browser.post('/sign-in', { email: ANNA, password: PASSWORD });
    for (const [user, shown] of [
      [{ sub: 'eve', email: 'eve@evil.example', name: 'Anna' }, 'eve@evil.example'],
      [{ sub: 'eve', name: 'Eve <b>\u202e\n' }, 'Eve &lt;b&gt; '],
      [{ sub: 'eve-17' }, 'eve-17'],
    ] as const) {
      issuer.state.user = user;
      await browser.throughProvider('/account/oidc');
      expect(await (await browser.get('/sign-in/oidc/link')).text()).toContain(` as <strong><bdi>${shown}</bdi></strong>`);
    }
    expect(person().identity).toBeUndefined();
  });

  it('links a user of the provider with another address, after the password', async () => {
    issuer.state.user = { sub: 'private', email: 'private@example.org', email_verified: false };
    const browser = await signedIn();
    expect(await (await browser.get('/account')).text()).toContain('href="/account/oidc"');
    const response = await browser.throughProvider('/account/oidc');
    expect([response.headers.get('location'), person().identity]).toEqual(['/sign-in/oidc/link', undefined]);
    const done = await browser.post('/sign-in/oidc/link', { linkPassword: PASSWORD });
    expect([done.headers.get('location'), person().identity?.subject]).toEqual(['/account?done=linked', 'private']);
    expect(person().sessions).toHaveLength(1);
    const other = newBrowser();
    await other.throughProvider();
    expect(personIn(other)?.id).toBe('first');
  });

  it('does not link a user of the provider who has another account', async () => {
    await linkAnna();
    await web.people.directory.add(personOf('bob', { password: person().password }));
    const browser = await signedIn('bob');
    const response = await browser.throughProvider('/account/oidc');
    expect([response.status, (await response.text()).includes('linked to another account here')]).toEqual([403, true]);
    expect([personIn(browser)?.id, person('bob').identity]).toEqual(['bob', undefined]);
    // also if both were about to be linked
    const secret = await web.people.identities.propose('bob', { issuer: issuer.url, subject: 'anna-1' }, 'anna');
    expect(await web.people.identities.accept(secret)).toBe('taken');
  });

  it('does not link anything after the session has ended', async () => {
    const browser = await signedIn();
    const back = await browser.toProvider('/account/oidc');
    await web.people.sessions.end('first', () => true);
    await expectRefused(await browser.get(back), 401, 'Your session has ended');
  });

  it('unlinks with the password, and ends all other sessions', async () => {
    await linkAnna();
    const [browser, other] = [await signedIn(), newBrowser()];
    await other.throughProvider();
    const wrong = await browser.post('/account/oidc/unlink', { unlinkPassword: 'not this one' });
    expect([wrong.status, (await wrong.text()).includes('id="unlinkPassword-problem"')]).toEqual([400, true]);
    const done = await browser.post('/account/oidc/unlink', { unlinkPassword: PASSWORD });
    expect(done.headers.get('location')).toBe('/account?done=unlinked');
    expect([person().identity, personIn(browser)?.id, personIn(other)]).toEqual([undefined, 'first', undefined]);
    expect(web.accounts.records('identity')).toEqual([]);
    expect((await actions()).at(-1)).toBe('person.provider');
    expect((await newBrowser().throughProvider()).headers.get('location')).toBe('/sign-in/oidc/link');
  });

  it('is undone by a link for a new password: somebody else may have created the account, and linked themselves', async () => {
    await linkAnna();
    const secret = await web.people.passwordChanges.createLink('first');
    expect((await web.call(`/passwords/${secret}`, form({ password: 'another long password' }))).status).toBe(303);
    expect([person().identity, web.accounts.records('identity')]).toEqual([undefined, []]);
    expect((await actions()).slice(-2)).toEqual(['person.password', 'person.provider']);
    const mallory = newBrowser();
    expect((await mallory.throughProvider()).headers.get('location')).toBe('/sign-in/oidc/link');
    expect(personIn(mallory)).toBeUndefined();
  });

  it('of operators unlinks others, who are linked again by their verified address if they have no password', async () => {
    await web.people.directory.add(personOf('bob', { password: '', identity: { issuer: issuer.url, subject: 'former' } }));
    const [anna, bob] = [await signedIn(), await signedIn('bob')];
    expect((await (await anna.get('/people')).text()).match(/value="unlink"/g)).toHaveLength(1);
    expect((await bob.post('/people/change', { act: 'unlink', person: 'bob' })).status).toBe(403);
    await anna.post('/people/change', { act: 'unlink', person: 'bob' });
    expect([person('bob').identity, personIn(bob)]).toEqual([undefined, undefined]);
    expect(await actions()).toEqual(['person.provider']);
    issuer.state.user = { sub: 'newer', email: 'bob@example.com', email_verified: false };
    expect((await bob.throughProvider()).status).toBe(403);
    issuer.state.user = { sub: 'newer', email: 'bob@example.com', email_verified: true };
    await bob.throughProvider();
    expect([personIn(bob)?.id, person('bob').identity?.subject]).toEqual(['bob', 'newer']);
  });

  describe('of a person without a password', () => {
    let browser: Browser;
    beforeEach(async () => {
      await web.people.directory.add(personOf('bob', { password: '', identity: { issuer: issuer.url, subject: 'bob' } }));
      browser = await signedIn('bob');
    });

    it('asks for none, but for a sign-in a short time ago', async () => {
      const page = await (await browser.get('/account')).text();
      expect(page).not.toContain('current-password');
      expect((await browser.post('/account/email', { email: 'new@example.com' })).headers.get('location')).toBe(
        '/account?done=email',
      );
      nowMs += 11 * MINUTE_MS;
      for (const [path, fields] of [
        ['/account/email', { email: 'newer@example.com', emailPassword: '' }],
        ['/account/password', { password: 'a long password' }],
        [
          '/account/two-step',
          { secret: 'A'.repeat(32), code: new TOTP({ secret: 'A'.repeat(32) }).generate({ timestamp: nowMs }) },
        ],
        ['/account/delete', {}],
      ] as const) {
        const response = await browser.post(path, fields as Record<string, string>);
        expect([path, response.status, (await response.text()).includes('You signed in more than 10 minutes ago')]).toEqual([
          path,
          400,
          true,
        ]);
      }
      expect(person('bob')).toMatchObject({ email: 'new@example.com', password: '' });
    });

    it('lets the person choose a password, which then is asked for', async () => {
      expect((await browser.post('/account/oidc/unlink')).status).toBe(409);
      const chosen = await browser.post('/account/password', { password: 'a long password' });
      expect(chosen.headers.get('location')).toBe('/account?done=password');
      expect((await newBrowser().post('/sign-in', { email: 'bob@example.com', password: 'a long password' })).status).toBe(303);
      expect((await browser.post('/account/email', { email: 'new@example.com' })).status).toBe(400);
      expect(await web.people.passwordChanges.choose('bob', 'yet another password')).toBe(false);
    });

    it('lets the person delete the account, and a link for a password choose one', async () => {
      const secret = await web.people.passwordChanges.createLink('bob');
      expect((await web.call(`/passwords/${secret}`, form({ password: 'a long password' }))).status).toBe(303);
      expect(person('bob').identity).toBeUndefined();
      const again = await signedIn('bob');
      await again.post('/account/delete', { deletePassword: 'a long password' });
      expect([web.people.directory.person('bob'), web.accounts.records('identity')]).toEqual([undefined, []]);
    });
  });
});
