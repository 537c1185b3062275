// Two-step sign-in: setting it up, signing in with it, and switching it off.
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, cookieOf, form, NOW_MS, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { WRONG_CODES_MAX } from '../../people/pending-sign-ins.js';
import type { Person } from '../../people/person.js';
import { LIMITS } from '../../sharing/limits.js';
import { FIVE_MINUTES_MS } from '../../time/units.js';

const PASSWORD = 'correct horse battery';
const STEP_MS = 30_000;

let web: Web;
let nowMs: number;
let anna: string;
beforeEach(async () => {
  nowMs = NOW_MS;
  web = await startWeb({ nowMs: () => nowMs });
  await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: PASSWORD });
  anna = await web.people.sessions.begin('first', 'Firefox');
});
afterAll(stopWebs);

const person = () => web.people.directory.person('first') as Person;
const get = (path: string, secret = anna) => web.call(path, cookie(secret));
const post = (path: string, fields: Record<string, string>, secret = anna) =>
  web.call(path, form(fields, cookie(secret).headers as Record<string, string>));
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: nowMs });
const secretIn = (page: string): string => /name="secret" value="([A-Z2-7]{32})"/.exec(page)?.[1] as string;

/** Switches it on by the form. Returns a function that returns the code at the moment, and the recovery codes. */
async function switchOn() {
  const secret = secretIn(await (await get('/account/two-step')).text());
  const response = await post('/account/two-step', { secret, code: codeOf(secret), current: PASSWORD });
  const codes = (await response.text()).match(/[A-Z2-7]{4}(-[A-Z2-7]{4}){3}/g) ?? [];
  expect([response.status, codes.length]).toEqual([200, 10]);
  nowMs += STEP_MS;
  return { code: () => codeOf(secret), codes: codes as string[], secret };
}

const signIn = (password = PASSWORD) => web.call('/sign-in', form({ email: 'anna@example.com', password }));
/** The first step. Returns the secret of the second. */
async function firstStep(): Promise<string> {
  const response = await signIn();
  expect([response.status, response.headers.get('location')]).toEqual([303, '/sign-in/code']);
  expect(cookieOf(response, 'hitherto')).toBeUndefined();
  return cookieOf(response, 'hitherto-code') as string;
}
const withCode = (pending: string, fields: Record<string, string>) =>
  web.call('/sign-in/code', form(fields, { Cookie: `hitherto-code=${pending}` }));

describe('setting up two-step sign-in', () => {
  it('shows a new secret each time, as text, as a link and as a QR code, and stores nothing', async () => {
    const [one, other] = await Promise.all([0, 1].map(async () => (await get('/account/two-step')).text()));
    const secret = secretIn(one as string);
    expect(one).toContain((secret.match(/.{4}/g) as string[]).join(' '));
    expect(one).toContain(`href="otpauth://totp/`);
    expect(one).toContain('<svg');
    expect(secretIn(other as string)).not.toBe(secret);
    expect(person().twoStep).toBeUndefined();
  });

  it('needs the password and a code of the secret', async () => {
    const secret = secretIn(await (await get('/account/two-step')).text());
    const wrong = String((Number(codeOf(secret)) + 1) % 1_000_000).padStart(6, '0');
    for (const [fields, problem] of [
      [{ secret, code: codeOf(secret), current: 'not this one' }, 'current-problem'],
      [{ secret, code: codeOf(secret) }, 'current-problem'],
      [{ secret, code: wrong, current: PASSWORD }, 'code-problem'],
      [{ secret, current: PASSWORD }, 'code-problem'],
    ] as const) {
      const response = await post('/account/two-step', { ...fields });
      const page = await response.text();
      expect([response.status, page.includes(`id="${problem}"`), secretIn(page)]).toEqual([400, true, secret]);
    }
    for (const evil of ['', '<script>', '"><script>alert(1)</script>', 'A'.repeat(33)]) {
      const response = await post('/account/two-step', { secret: evil, code: '000000', current: PASSWORD });
      expect([response.status, (await response.text()).includes('<script>')]).toEqual([400, false]);
    }
    expect(person().twoStep).toBeUndefined();
  });

  it('shows the recovery codes once, and says on the account page how many are left', async () => {
    const { codes } = await switchOn();
    const page = await (await get('/account')).text();
    expect(page).toContain('You have 10 recovery codes left.');
    for (const code of codes) expect(page).not.toContain(code);
  });

  it('limits guesses of the password', async () => {
    const secret = secretIn(await (await get('/account/two-step')).text());
    const statuses = [];
    for (let guess = 0; guess <= LIMITS.password.calls; guess++) {
      statuses.push((await post('/account/two-step', { secret, code: '000000', current: `guess ${guess}` })).status);
    }
    expect(statuses).toEqual([...Array(LIMITS.password.calls).fill(400), 429]);
  });
});

describe('signing in with two steps', () => {
  it('asks for a code after the right password, and only then begins a session', async () => {
    const { code } = await switchOn();
    const response = await signIn();
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^hitherto-code=first\.[\w-]{43}; Max-Age=300; Path=\/sign-in; .*HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^hitherto-known=/),
    ]);
    const pending = cookieOf(response, 'hitherto-code') as string;
    const page = await web.call('/sign-in/code', { headers: { Cookie: `hitherto-code=${pending}` } });
    expect([page.status, (await page.text()).includes('one-time-code')]).toEqual([200, true]);
    const done = await withCode(pending, { code: code() });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    expect(cookieOf(done, 'hitherto-code')).toBe('');
    expect((await get('/account', cookieOf(done, 'hitherto'))).status).toBe(200);
  });

  it('keeps the cookie below the path of the public address, and by https only', async () => {
    const other = await startWeb({ publicUrl: 'https://example.com/stats' });
    const twoStep = { secret: 'A'.repeat(32), lastStep: 0, recoveryHashes: [] };
    await other.people.setUp({ name: 'Anna', email: 'anna@example.com', password: PASSWORD });
    await other.people.directory.change('first', (before) => ({ ...before, twoStep }));
    const response = await other.call('/sign-in', form({ email: 'anna@example.com', password: PASSWORD }));
    expect(response.headers.get('location')).toBe('/stats/sign-in/code');
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^hitherto-code=.*; Path=\/stats\/sign-in; .*HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(response.headers.getSetCookie()[1]).toMatch(
      /^hitherto-known=.*; Path=\/stats\/sign-in; .*HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('gives nothing to somebody who has only the cookie between the steps', async () => {
    await switchOn();
    const pending = await firstStep();
    for (const secret of [pending, `ses_${pending}`]) {
      for (const path of ['/account', '/api/v1/sites', '/people']) {
        expect((await web.call(path, { headers: { Authorization: `Bearer ${secret}` } })).status).toBe(401);
        expect((await get(path, secret)).status).toBe(401);
      }
    }
  });

  it('answers a wrong password and an unknown address as for everybody', async () => {
    const before = await (await signIn('wrong wrong wrong')).text();
    await switchOn();
    const wrong = await signIn('wrong wrong wrong');
    expect([wrong.status, await wrong.text(), wrong.headers.getSetCookie()]).toEqual([401, before, []]);
  });

  it('refuses a code that was used, and accepts the next one', async () => {
    const { code } = await switchOn();
    const used = code();
    expect((await withCode(await firstStep(), { code: used })).status).toBe(303);
    const again = await firstStep();
    const refused = await withCode(again, { code: used });
    expect([refused.status, (await refused.text()).includes('id="code-problem"')]).toEqual([401, true]);
    expect(cookieOf(refused, 'hitherto')).toBeUndefined();
    nowMs += STEP_MS;
    expect((await withCode(again, { code: code() })).status).toBe(303);
  });

  it('refuses the code that was used to switch it on', async () => {
    const { code } = await switchOn();
    nowMs -= STEP_MS;
    expect((await withCode(await firstStep(), { code: code() })).status).toBe(401);
  });

  it('accepts each recovery code once', async () => {
    const { codes } = await switchOn();
    const [recovery = ''] = codes;
    expect((await withCode(await firstStep(), { recovery: recovery.toLowerCase() })).status).toBe(303);
    const again = await withCode(await firstStep(), { recovery });
    expect([again.status, (await again.text()).includes('id="recovery-problem"')]).toEqual([401, true]);
    expect(await (await get('/account')).text()).toContain('You have 9 recovery codes left.');
  });

  it('refuses a cookie that is too old or was used, with whatever code', async () => {
    const { code, codes } = await switchOn();
    const old = await firstStep();
    nowMs += FIVE_MINUTES_MS;
    const used = await firstStep();
    expect((await withCode(used, { code: code() })).status).toBe(303);
    nowMs += STEP_MS;
    for (const pending of [old, used, '', 'x', `first.${'A'.repeat(43)}`, anna, `nobody.${'A'.repeat(43)}`]) {
      for (const fields of [{ code: code() }, { recovery: codes[0] as string }]) {
        const response = await withCode(pending, fields);
        expect([response.status, cookieOf(response, 'hitherto')]).toEqual([400, undefined]);
        expect(await response.text()).toContain('Sign in again.');
      }
      const page = await web.call('/sign-in/code', { headers: { Cookie: `hitherto-code=${pending}` } });
      expect([page.status, page.headers.get('location')]).toEqual([303, '/']);
    }
    expect((await withCode(await firstStep(), { code: code() })).status).toBe(303);
  });

  it('asks for the password again after wrong codes', async () => {
    const { code } = await switchOn();
    const pending = await firstStep();
    const wrong = String((Number(code()) + 500_000) % 1_000_000).padStart(6, '0');
    const statuses = [];
    for (let guess = 0; guess < WRONG_CODES_MAX; guess++) statuses.push((await withCode(pending, { code: wrong })).status);
    expect(statuses).toEqual([...Array(WRONG_CODES_MAX - 1).fill(401), 400]);
    expect((await withCode(pending, { code: code() })).status).toBe(400);
  });

  it('limits guesses of the codes of one person, from all addresses and with any number of sign-ins', async () => {
    const { code, codes } = await switchOn();
    await web.people.directory.add(personOf('bob'));
    const guesses = [];
    for (let guess = 0; guess < LIMITS.code.calls; guess++) {
      const pending = (await web.people.pendingSignIns.begin('first')) as string;
      guesses.push((await withCode(pending, { recovery: `guess ${guess}` })).status);
    }
    expect(guesses).toEqual(Array(LIMITS.code.calls).fill(401));
    const pending = (await web.people.pendingSignIns.begin('first')) as string;
    for (const fields of [{ code: code() }, { recovery: codes[0] as string }]) {
      const response = await withCode(pending, fields);
      expect([response.status, Number(response.headers.get('retry-after')) > 60]).toEqual([429, true]);
    }
    expect((await get('/account')).status).toBe(200); // a session goes on
  });

  it('does not count the second step among the guesses of an address, unless its cookie is unknown', async () => {
    const { code } = await switchOn();
    const from = { 'X-Test-Address': '192.0.2.78' };
    const headers = { ...from, Cookie: `hitherto-code=${await firstStep()}` };
    for (let time = 0; time < 2 * LIMITS['sign-in'].calls; time++) {
      expect((await web.call('/sign-in/code', { headers })).status).toBe(200);
    }
    for (let time = 0; time < LIMITS['sign-in'].calls; time++) {
      expect((await web.call('/sign-in/code', form({ code: code() }, from))).status).toBe(400);
    }
    expect((await web.call('/sign-in/code', form({ code: code() }, from))).status).toBe(429);
    expect((await web.call('/sign-in/code', form({ code: code() }, headers))).status).toBe(303);
  });

  it('asks again for an empty code, without counting it as a guess', async () => {
    const { code } = await switchOn();
    const pending = await firstStep();
    const fields: Record<string, string>[] = [{}, { code: ' ' }, { recovery: ' ' }, { other: '1' }];
    for (let time = 0; time < 3; time++) {
      for (const typed of fields) expect((await withCode(pending, typed)).status).toBe(400);
    }
    expect((await withCode(pending, { code: code() })).status).toBe(303);
  });

  it.each(['<script>alert(1)</script>', '\0', '０１２３４５', '9'.repeat(20_000), "' OR 1=1", '__proto__', '\u202e123456'])(
    'refuses %.20j as a code, and does not repeat it',
    async (evil) => {
      await switchOn();
      const pending = await firstStep();
      for (const field of ['code', 'recovery']) {
        const response = await withCode(pending, { [field]: evil });
        expect([response.status, (await response.text()).includes(evil)]).toEqual([401, false]);
      }
      const twice = await web.call('/sign-in/code', {
        ...{ method: 'POST', body: 'code=1&code=2', headers: { Cookie: `hitherto-code=${pending}` } },
      });
      expect(twice.status).toBeLessThan(500);
    },
  );

  it('is refused when another site has sent the form', async () => {
    const { code } = await switchOn();
    const headers = { 'Sec-Fetch-Site': 'cross-site', Cookie: `hitherto-code=${await firstStep()}` };
    expect((await web.call('/sign-in/code', form({ code: code() }, headers))).status).toBe(403);
  });
});

describe('a link for a new password', () => {
  it('leads to the code, and leaves two-step sign-in on', async () => {
    const { code } = await switchOn();
    const link = await web.people.passwordChanges.createLink('first');
    const response = await web.call(`/passwords/${link}`, form({ password: 'another long password' }));
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sign-in/code']);
    expect(cookieOf(response, 'hitherto')).toBeUndefined();
    const done = await withCode(cookieOf(response, 'hitherto-code') as string, { code: code() });
    expect([done.status, person().twoStep !== undefined]).toEqual([303, true]);
  });
});

describe('switching it off', () => {
  it('needs the password', async () => {
    await switchOn();
    for (const fields of [{ offPassword: 'not this one' }, {}, { current: PASSWORD }]) {
      const response = await post('/account/two-step/off', fields as Record<string, string>);
      const page = await response.text();
      expect([response.status, page.includes('id="offPassword-problem"'), page.includes('<details open>')]).toEqual([
        400,
        true,
        true,
      ]);
    }
    expect(person().twoStep).toBeDefined();
    const response = await post('/account/two-step/off', { offPassword: PASSWORD });
    expect(response.headers.get('location')).toBe('/account?done=off');
    expect(cookieOf(await signIn(), 'hitherto')).toBeDefined();
  });

  it('is possible for operators, for somebody else', async () => {
    await switchOn();
    await web.people.directory.add(personOf('olga', { isOperator: true }));
    await web.people.directory.add(personOf('bob'));
    const [olga, bob] = [await web.people.sessions.begin('olga', ''), await web.people.sessions.begin('bob', '')];
    const page = await (await get('/people', olga)).text();
    expect(page.match(/value="twoStepOff"/g)).toHaveLength(1);
    const fields = { act: 'twoStepOff', person: 'first' };
    expect((await post('/people/change', fields, bob)).status).toBe(403);
    expect(person().twoStep).toBeDefined();
    expect((await post('/people/change', fields, olga)).status).toBe(200);
    expect(cookieOf(await signIn(), 'hitherto')).toBeDefined();
  });
});
