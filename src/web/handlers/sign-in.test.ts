import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, form, newToken, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import type { Person } from '../../people/person.js';
import { LIMITS } from '../../sharing/limits.js';
import { AccountsUnavailable } from '../../store/accounts.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { isKnownBrowser } from '../known-browser.js';

const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
const FIREFOX = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0' };

let web: Web;
beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.people.setUp(ANNA);
});
afterAll(stopWebs);

const cookieOf = (response: Response): string => /^hitherto=([^;]*);/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? '';
const signIn = (email: string, password: string) => web.call('/sign-in', form({ email, password }, FIREFOX));

describe('signing in with a password', () => {
  it('begins a session, which is stored as a hash with the name of the browser', async () => {
    const response = await signIn(' Anna@Example.COM ', ANNA.password);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    expect(response.headers.getSetCookie()[0]).toMatch(/; Max-Age=8640000; Path=\/; .*HttpOnly; SameSite=Lax$/);
    const secret = cookieOf(response);
    expect((await web.call('/account', cookie(secret))).status).toBe(200);
    const stored = JSON.stringify(web.accounts.records('person'));
    expect(stored).toContain('Firefox on Linux');
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(ANNA.password);
  });

  it('gives the same answer for a wrong password and for an unknown address, and keeps the address', async () => {
    const texts = await Promise.all(
      [
        [ANNA.email, 'wrong wrong wrong'],
        ['nobody@example.com', ANNA.password],
      ].map(async ([email = '', password = '']) => {
        const response = await signIn(email, password);
        expect(response.status).toBe(401);
        expect(response.headers.get('set-cookie')).toBeNull();
        const text = await response.text();
        expect(text).toContain(`value="${email}"`);
        expect(text).not.toContain(password);
        return text.replace(email, '');
      }),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toContain('The e-mail address or the password is wrong.');
  });

  it('says what is missing', async () => {
    expect((await signIn('', '')).status).toBe(400);
    expect(await (await signIn(ANNA.email, '')).text()).toContain('Enter your e-mail address and your password.');
  });

  it('limits guesses of one password from many addresses', async () => {
    const { calls } = LIMITS.password;
    const statuses: number[] = [];
    for (let guess = 0; guess <= calls; guess++) statuses.push((await signIn('target@example.com', `guess ${guess}`)).status);
    expect(statuses).toEqual([...Array(calls).fill(401), 429]);
    expect((await signIn(ANNA.email, ANNA.password)).status).toBe(303);
  });

  it('is possible while strangers guess the password, in a browser in which the person has signed in before', async () => {
    const other = await startWeb();
    await other.people.setUp(ANNA);
    const from = (cookies: string, password: string) =>
      other.call('/sign-in', form({ email: ANNA.email, password }, { Cookie: cookies }));
    const known = /hitherto-known=[^;]+/.exec((await from('', ANNA.password)).headers.get('set-cookie') ?? '')?.[0] as string;
    for (let guess = 0; guess <= LIMITS.password.calls; guess++) await from('hitherto-known=a', 'a guess');
    expect((await from('hitherto-known=a', ANNA.password)).status).toBe(429);
    expect((await from(known, ANNA.password)).status).toBe(303);
    for (let guess = 1; guess < LIMITS.password.calls; guess++) expect((await from(known, 'a guess')).status).toBe(401);
    expect((await from(known, ANNA.password)).status).toBe(429);
  });

  it('is known only with the present password', async () => {
    const other = await startWeb();
    await other.people.setUp(ANNA);
    const person = () => other.people.directory.person('first') as Person;
    const answer = await other.call('/sign-in', form(ANNA));
    expect(answer.headers.get('set-cookie')).toMatch(
      /hitherto-known=[^;]{43}; Max-Age=\d+; Path=\/sign-in; .*HttpOnly; SameSite=Strict/,
    );
    const request = { headers: { cookie: /hitherto-known=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] } };
    const isKnown = (of: Person | undefined) => isKnownBrowser(request as IncomingMessage, of);
    expect([isKnown(person()), isKnown({ ...person(), id: 'bob' }), isKnown(undefined)]).toEqual([true, false, false]);
    await other.people.passwordChanges.change(person(), ANNA.password, 'another long password');
    expect([isKnown(person()), isKnown({ ...person(), password: '' })]).toEqual([false, false]);
  });

  it('limits guesses of one password over a day more strictly than over some minutes', async () => {
    const calls = LIMITS['password-day'].calls;
    const away = await startWeb({
      limits: {
        take: async (name, caller) =>
          name === 'password-day' && caller === 'target@example.com'
            ? { allowed: false, retryAfterSeconds: 3600 }
            : { allowed: true },
        state: () => ({ shared: true }),
        close: async () => {},
      },
    });
    const refused = await away.call('/sign-in', form({ email: 'Target@example.com', password: 'guess' }));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3600']);
    expect((await away.call('/sign-in', form({ email: 'other@example.com', password: 'guess' }))).status).toBe(401);
    expect(calls * LIMITS.password.seconds).toBeLessThan(LIMITS.password.calls * LIMITS['password-day'].seconds);
  });

  it('answers a part of a flood at once instead of letting everybody wait, and serves others meanwhile', async () => {
    const guesses = Array.from({ length: 120 }, (_, n) => signIn(`flood-${n}@example.com`, 'a long guess'));
    const answers = await Promise.all(guesses);
    const refused = answers.filter(({ status }) => status === 503);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
    expect(refused[0]?.headers.get('retry-after')).toBe('5');
    expect(await refused[0]?.text()).toContain('Try again in a few seconds');
    expect((await signIn(ANNA.email, ANNA.password)).status).toBe(303);
  });

  it('limits guesses from one address, also of the secrets in links', async () => {
    const from = { 'X-Test-Address': '192.0.2.77' };
    for (let guess = 0; guess < LIMITS['sign-in'].calls; guess++) {
      expect((await web.call(`/invitations/${guess}`, { headers: from })).status).toBe(404);
    }
    expect((await web.call('/passwords/x', { headers: from })).status).toBe(429);
    expect((await web.call('/sign-in', form({ token: 'x' }, from))).status).toBe(429);
  });

  it('limits guesses from one address also of somebody with a share link, a token or a session', async () => {
    await web.people.directory.add(personOf('mallory', { sites: { garden: 'viewer' } }));
    const share = { site: 'garden', title: 'All', password: '', untilMs: undefined, mayBeEmbedded: false };
    const secrets = [
      `shr_${(await web.people.shares.create(share)).secret}~`,
      await newToken(web.accounts, ['garden']),
      await web.people.sessions.begin('mallory', 'Firefox'),
    ];
    for (const [n, secret] of secrets.entries()) {
      const from = { 'X-Test-Address': `192.0.2.${80 + n}`, Authorization: `Bearer ${secret}` };
      const guess = (name: string) => web.call('/sign-in', form({ email: `${name}@example.com`, password: 'a guess' }, from));
      for (let call = 0; call < LIMITS['sign-in'].calls; call++) expect((await guess(`target-${n}-${call}`)).status).toBe(401);
      expect((await guess('another')).status).toBe(429);
    }
  });

  it('is refused when another site has sent the form', async () => {
    const response = await web.call('/sign-in', form(ANNA, { 'Sec-Fetch-Site': 'cross-site' }));
    expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
  });
});

describe('signing out', () => {
  it('ends the session, deletes the cookie and leaves other sessions', async () => {
    const [one, other] = [cookieOf(await signIn(ANNA.email, ANNA.password)), cookieOf(await signIn(ANNA.email, ANNA.password))];
    const response = await web.call('/sign-out', { ...cookie(one), method: 'POST' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    expect(response.headers.get('set-cookie')).toMatch(/^hitherto=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect((await web.call('/account', cookie(one))).status).toBe(401);
    expect(await (await web.call('/account', cookie(one))).text()).toContain('Your session has ended');
    expect((await web.call('/account', cookie(other))).status).toBe(200);
  });

  it('ends a session that another process has begun or renewed a moment ago', async () => {
    let isStale = false;
    const other = await startWeb({
      seen: (accounts) => ({
        ...accounts,
        record: (kind, id) => (isStale && kind === 'person' ? undefined : accounts.record(kind, id)),
        refresh: async () => {
          isStale = false;
        },
      }),
    });
    await other.people.setUp(ANNA);
    const secret = await other.people.sessions.begin('first', 'Firefox');
    isStale = true;
    expect((await other.call('/sign-out', { ...cookie(secret), method: 'POST' })).status).toBe(303);
    isStale = false;
    expect(other.people.sessions.find(secret)).toBeUndefined();
  });

  it('works without a session', async () => {
    expect((await web.call('/sign-out', { method: 'POST' })).status).toBe(303);
  });
});

describe('the API', () => {
  it('can be used by a person who is signed in, for the sites of the person only', async () => {
    const secret = cookieOf(await signIn(ANNA.email, ANNA.password));
    expect((await web.call('/api/v1/sites/garden', cookie(secret))).status).toBe(200);
    expect((await web.call('/api/v1/sites/garden', { headers: { Authorization: `Bearer ${secret}` } })).status).toBe(200);
    await web.people.directory.change('first', (person) => ({ ...person, isOperator: false }));
    expect((await web.call('/api/v1/sites/garden', cookie(secret))).status).toBe(404);
    await web.people.directory.change('first', (person) => ({ ...person, isOperator: true }));
  });
});

describe('a session that was last used on an earlier day', () => {
  /** Signs in, and lets the session have been used yesterday. Returns the secret. */
  const signInYesterday = async (on: Web): Promise<string> => {
    const secret = cookieOf(await on.call('/sign-in', form(ANNA)));
    await on.people.directory.change('first', (person) => ({
      ...person,
      sessions: person.sessions.map((session) => ({ ...session, lastUsedDay: '2026-11-19' })),
    }));
    return secret;
  };

  it('gets a new cookie with the first answer', async () => {
    for (const path of ['/sites/garden', '/account', '/sites/garden/settings', '/api/v1/sites', '/api/v1/sites/garden/traffic']) {
      const secret = await signInYesterday(web);
      const first = await web.call(path, cookie(secret));
      expect([first.status, first.headers.get('set-cookie')]).toEqual([200, expect.stringMatching(/^hitherto=ses_.*; HttpOnly/)]);
      const second = await web.call(path, cookie(cookieOf(first)));
      expect([second.status, second.headers.get('set-cookie')]).toEqual([200, null]);
    }
  });

  it('is renewed once when several tabs ask at the same time, and all of them are answered', async () => {
    const secret = await signInYesterday(web);
    const answers = await Promise.all(Array.from({ length: 8 }, () => web.call('/api/v1/sites', cookie(secret))));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(answers.filter(({ headers }) => headers.get('set-cookie') !== null)).toHaveLength(1);
  });

  it.each([
    ['does not answer', new AccountsUnavailable('the store does not answer')],
    ['has no space left', new Error('ENOSPC')],
  ])('is shown its page while the store %s', async (_, failure) => {
    let isAway = false;
    const other = await startWeb({
      seen: (accounts) => ({
        ...accounts,
        changeRecord: (...change) => (isAway ? Promise.reject(failure) : accounts.changeRecord(...change)),
      }),
    });
    await other.accounts.addSite(exampleSite);
    await other.people.setUp(ANNA);
    const secret = await signInYesterday(other);
    isAway = true;
    const page = await other.call('/sites/garden', cookie(secret));
    expect([page.status, page.headers.get('set-cookie')]).toEqual([200, null]);
  });
});
