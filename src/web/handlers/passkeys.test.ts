// Passkeys: adding them, signing in with them, and removing them.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cbor, createAuthenticator, type Deviations } from '../../../test/fixtures/authenticator.js';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, cookieOf, form, NOW_MS, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import type { Mail } from '../../mail/mailer.js';
import { plainSentence } from '../../operations/audit/sentence.js';
import { newCodeSecret } from '../../people/one-time-codes.js';
import { PASSKEYS_MAX } from '../../people/passkeys.js';
import { type Passkey, type Person, recordOf } from '../../people/person.js';
import { endedSessions } from '../../people/restored.js';
import { LIMITS } from '../../sharing/limits.js';
import { FIVE_MINUTES_MS, MINUTE_MS } from '../../time/units.js';

const PASSWORD = 'correct horse battery';
const PUBLIC_URL = 'https://stats.example.com/numbers';
const ORIGIN = 'https://stats.example.com';

const ANNA = { issuer: 'https://id.example', subject: 'anna' };

let web: Web;
let nowMs: number;
let anna: string;
let mails: Mail[];
beforeEach(async () => {
  nowMs = NOW_MS;
  mails = [];
  const mailer = { send: async (mail: Mail) => mails.push(mail) > 0, close: async () => {} };
  web = await startWeb({ nowMs: () => nowMs, publicUrl: PUBLIC_URL, mailer });
  await web.people.directory.add(
    personOf('first', { name: 'Anna', email: 'anna@example.com', password: '', identity: ANNA, isOperator: true }),
  );
  anna = await web.people.sessions.begin('first', 'Firefox');
});
afterAll(stopWebs);

type Authenticator = ReturnType<typeof createAuthenticator>;

const person = (id = 'first') => web.people.directory.person(id) as Person;
const passkeys = (id = 'first'): readonly Passkey[] => person(id).passkeys ?? [];
const account = async (secret = anna) => (await web.call('/account', cookie(secret))).text();
const actions = async () => (await web.auditLog.newest({ limit: 20 })).map(({ action }) => action);
const headersWith = (secret: string | undefined, ceremony: string | undefined) => ({
  Cookie: [secret && `hitherto=${secret}`, ceremony && `hitherto-passkey=${ceremony}`].filter(Boolean).join('; '),
});

/** Asks for options. Returns them with the secret in the cookie. */
async function optionsOf(path: string, secret?: string, fields: Record<string, string> = {}) {
  const response = await web.call(`${path}/options`, form(fields, headersWith(secret, undefined)));
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return { options: (await response.json()) as never, ceremony: cookieOf(response, 'hitherto-passkey') as string };
}

async function add(authenticator: Authenticator, deviations: Deviations = {}, secret = anna): Promise<Response> {
  const { options, ceremony } = await optionsOf('/account/passkeys', secret, { passkeyPassword: PASSWORD });
  const fields = { passkeyPassword: PASSWORD, answer: authenticator.create(options, deviations) };
  return web.call('/account/passkeys', form(fields, headersWith(secret, ceremony)));
}

async function added(authenticator = createAuthenticator(ORIGIN)): Promise<Authenticator> {
  const response = await add(authenticator);
  expect([response.status, response.headers.get('location')]).toEqual([303, '/numbers/account?done=passkey-added']);
  nowMs += 1_000;
  return authenticator;
}

const send = (answer: string, ceremony: string | undefined) =>
  web.call('/sign-in/passkey', form({ answer }, headersWith(undefined, ceremony)));

async function signIn(authenticator: Authenticator, deviations: Deviations = {}): Promise<Response> {
  const { options, ceremony } = await optionsOf('/sign-in/passkey');
  return send(authenticator.get(options, deviations), ceremony);
}

async function expectRefused(response: Response): Promise<void> {
  expect([response.status, cookieOf(response, 'hitherto')]).toEqual([401, undefined]);
  expect(await response.text()).toContain('You could not be signed in with this passkey.');
}

/** People without a password, which takes long to check, need none. */
async function choosePassword(): Promise<void> {
  await web.people.passwordChanges.choose('first', PASSWORD);
  anna = await web.people.sessions.begin('first', 'Firefox');
}

const PROVIDED = { issuer: 'https://id.example', subject: 'bert' };

describe('adding a passkey', () => {
  it('stores its public key, also in a restored backup, and shows on the page when and where it was added', async () => {
    expect(await account()).toContain('data-origin="https://stats.example.com"');
    const authenticator = await added();
    expect(endedSessions(recordOf(person()))).toHaveProperty('passkeys', passkeys());
    expect(passkeys()).toEqual([
      {
        id: authenticator.id,
        publicKey: expect.stringMatching(/^[\w-]{100,120}$/),
        counter: 0,
        transports: ['internal'],
        browser: 'Another program',
        createdDay: '2026-11-20',
        lastChallengeMs: NOW_MS,
      },
    ]);
    expect(await account()).toContain('<td>Another program</td><td>20 Nov 2026</td>\n<td>never</td>');
    expect(await actions()).toContain('person.passkeys');
    expect(mails.map(({ subject }) => subject)).toEqual(['A passkey was added']);
  });

  it('asks the browser for a passkey of this host that verifies its owner, and names those that exist', async () => {
    const { id } = await added();
    const response = await web.call(
      '/account/passkeys/options',
      form({ passkeyPassword: PASSWORD }, headersWith(anna, undefined)),
    );
    expect(await response.json()).toMatchObject({
      rp: { id: 'stats.example.com' },
      user: { name: 'anna@example.com' },
      attestation: 'none',
      excludeCredentials: [{ type: 'public-key', id, transports: ['internal'] }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    expect(response.headers.getSetCookie().join()).toMatch(
      /^hitherto-passkey=[^;]+; Max-Age=300; Path=\/numbers\/account\/passkeys; .*HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('needs the password for the options and for the answer', async () => {
    await choosePassword();
    const refused = await web.call('/account/passkeys/options', form({ passkeyPassword: 'wrong' }, headersWith(anna, undefined)));
    expect([refused.status, await refused.json()]).toEqual([400, { problem: 'This is not your current password.' }]);
    const { options, ceremony } = await optionsOf('/account/passkeys', anna, { passkeyPassword: PASSWORD });
    const answer = createAuthenticator(ORIGIN).create(options);
    for (const passkeyPassword of ['', 'wrong']) {
      const response = await web.call('/account/passkeys', form({ passkeyPassword, answer }, headersWith(anna, ceremony)));
      expect([response.status, (await response.text()).includes('id="passkeyPassword-problem"')]).toEqual([400, true]);
    }
    expect(passkeys()).toEqual([]);
  });

  it('needs a recent sign-in of people without a password', async () => {
    await web.people.directory.add(personOf('bert', { password: '', identity: PROVIDED }));
    const bert = await web.people.sessions.begin('bert', 'Firefox');
    const authenticator = createAuthenticator(ORIGIN);
    expect((await add(authenticator, {}, bert)).status).toBe(303);
    nowMs += 11 * MINUTE_MS;
    const response = await web.call('/account/passkeys/options', form({}, headersWith(bert, undefined)));
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('more than 10 minutes ago')]);
    expect((await signIn(authenticator)).headers.get('location')).toBe('/numbers/');
  });

  const certificate: Cbor = new Map<string, Cbor>([
    ['alg', -7],
    ['sig', Buffer.from('x')],
    ['x5c', [Buffer.from('x')]],
  ]);
  it.each<[string, Deviations]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another host', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a sign-in', { type: 'webauthn.get' }],
    ['an authenticator that has not verified the person', { isVerified: false }],
    ['certificates, whose addresses would be asked', { attestation: ['packed', certificate] }],
    ['a format that is made of certificates', { attestation: ['android-safetynet', new Map()] }],
  ])('refuses an answer for %s', async (_, deviations) => {
    const response = await add(createAuthenticator(ORIGIN), deviations);
    expect([response.status, (await response.text()).includes('The passkey was not added')]).toEqual([400, true]);
    expect(passkeys()).toEqual([]);
  });

  it('refuses what is no answer, an answer without the cookie, a late one, and one to the options of somebody else', async () => {
    const post = (answer: string, ceremony: string | undefined, secret = anna) =>
      web.call('/account/passkeys', form({ passkeyPassword: PASSWORD, answer }, headersWith(secret, ceremony)));
    const { options, ceremony } = await optionsOf('/account/passkeys', anna, { passkeyPassword: PASSWORD });
    const answer = createAuthenticator(ORIGIN).create(options);
    await web.people.directory.add(personOf('bert', { password: '', identity: PROVIDED }));
    const bert = await web.people.sessions.begin('bert', 'Firefox');
    expect((await post(answer, ceremony, bert)).status).toBe(400);
    for (const evil of ['', 'null', '{}', '[', '"><script>alert(1)</script>', JSON.stringify({ id: 1 }), 'x'.repeat(30_000)]) {
      const response = await post(evil, ceremony);
      expect([response.status, (await response.text()).includes('<script>alert')]).toEqual([400, false]);
    }
    expect((await post(answer, undefined)).status).toBe(400);
    const [secret] = ceremony.split('.');
    for (const otherTime of [NOW_MS + 30_000, NOW_MS - 1])
      expect((await post(answer, `${secret}.${otherTime}`)).status).toBe(400);
    nowMs += FIVE_MINUTES_MS;
    expect((await post(answer, ceremony)).status).toBe(400);
    expect([passkeys(), passkeys('bert')]).toEqual([[], []]);
  });

  it('refuses a passkey that is in the list, and more than the limit', async () => {
    const authenticator = await added();
    const again = await add(authenticator);
    expect([again.status, (await again.text()).includes('in the list already')]).toEqual([400, true]);
    const { options, ceremony } = await optionsOf('/account/passkeys', anna, { passkeyPassword: PASSWORD });
    const [one] = passkeys() as [Passkey];
    const full = Array.from({ length: PASSKEYS_MAX }, (_, index) => ({ ...one, id: `${one.id}${index}` }));
    await web.people.directory.change('first', (before) => ({ ...before, passkeys: full }));
    const fields = { passkeyPassword: PASSWORD, answer: createAuthenticator(ORIGIN).create(options) };
    const response = await web.call('/account/passkeys', form(fields, headersWith(anna, ceremony)));
    expect([response.status, (await response.text()).includes('which is the limit')]).toEqual([400, true]);
    expect((await web.call('/account/passkeys/options', form(fields, headersWith(anna, undefined)))).status).toBe(400);
    expect(passkeys()).toHaveLength(PASSKEYS_MAX);
  });
});

describe('signing in with a passkey', () => {
  it('begins a session without a password and without a code', async () => {
    const authenticator = await added();
    const secret = newCodeSecret();
    await web.people.directory.change('first', (before) => ({
      ...before,
      twoStep: { secret, lastStep: 0, recoveryHashes: [] },
    }));
    const response = await signIn(authenticator);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/numbers/']);
    expect(await account(cookieOf(response, 'hitherto'))).toContain('<td>20 Nov 2026</td>\n<td>20 Nov 2026</td>');
    expect((await actions())[0]).toBe('person.signed-in');
    expect(response.headers.getSetCookie().join()).toMatch(
      /hitherto-passkey=; Path=\/numbers\/sign-in\/passkey; Expires=Thu, 01/,
    );
  });

  it.each<[string, Deviations]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port of the host', { origin: `${ORIGIN}:8443` }],
    ['another host', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAA' }],
    ['a new passkey', { type: 'webauthn.create' }],
    ['an authenticator that has not verified the person', { isVerified: false }],
    ['another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['nobody', { userHandle: 'AAAA' }],
    ['a person without the end of the handle', { userHandle: Buffer.from('first.').toString('base64url') }],
  ])('refuses an answer for %s', async (_, deviations) => {
    const authenticator = await added();
    await expectRefused(await signIn(authenticator, deviations));
    expect((await signIn(authenticator)).status).toBe(303);
  });

  it("refuses an answer that names somebody else's account", async () => {
    const authenticator = await added();
    await web.people.directory.add(personOf('bert', { password: '', identity: PROVIDED }));
    const bert = await web.people.sessions.begin('bert', 'Firefox');
    const berts = createAuthenticator(ORIGIN);
    await add(berts, {}, bert);
    nowMs += 1_000;
    const { options } = await optionsOf('/account/passkeys', anna, { passkeyPassword: PASSWORD });
    await expectRefused(await signIn(berts, { userHandle: (options as { user: { id: string } }).user.id }));
    expect((await signIn(authenticator)).status).toBe(303);
  });

  it.each([false, true])('accepts an answer once, also of two requests at the same time (counter: %s)', async (counts) => {
    const authenticator = await added(createAuthenticator(ORIGIN, { counts }));
    const { options, ceremony } = await optionsOf('/sign-in/passkey');
    const answer = authenticator.get(options);
    const both = await Promise.all([send(answer, ceremony), send(answer, ceremony)]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 401]);
    nowMs += 1_000;
    await expectRefused(await send(answer, ceremony));
    expect(passkeys()[0]?.counter).toBe(counts ? 2 : 0);
    expect((await signIn(authenticator)).status).toBe(303);
  });

  it('refuses a counter that went back, as that of a copy does', async () => {
    const authenticator = await added(createAuthenticator(ORIGIN, { counts: true }));
    expect((await signIn(authenticator, { counter: 7 })).status).toBe(303);
    for (const counter of [7, 6, 0]) {
      nowMs += 1_000;
      await expectRefused(await signIn(authenticator, { counter }));
    }
  });

  it('refuses an answer without the cookie, with that of another sign-in or another time, and a late one', async () => {
    const authenticator = await added();
    const { options, ceremony } = await optionsOf('/sign-in/passkey');
    const answer = authenticator.get(options);
    const other = await optionsOf('/sign-in/passkey');
    const [secret] = ceremony.split('.');
    const wrong = [undefined, '', 'x', other.ceremony, `${secret}.${nowMs + 1}`, `${secret}.999999999999999`];
    for (const one of wrong) await expectRefused(await send(answer, one));
    nowMs += FIVE_MINUTES_MS;
    await expectRefused(await send(answer, ceremony));
    // made by somebody who wants to have more time
    nowMs += MINUTE_MS;
    const future = `${'a'.repeat(43)}.${nowMs + 2 * MINUTE_MS}`;
    await expectRefused(await send(answer, future));
  });

  it('refuses what is no answer with one message, and asks for an answer if there is none', async () => {
    const { ceremony } = await optionsOf('/sign-in/passkey');
    for (const evil of ['null', '{', '"><script>alert(1)</script>', JSON.stringify({ id: '../x', type: 'public-key' })]) {
      const response = await send(evil, ceremony);
      const page = await response.text();
      expect([response.status, page.includes('You could not be signed in'), page.includes('<script>alert')]).toEqual([
        401,
        true,
        false,
      ]);
    }
    expect((await send('', ceremony)).status).toBe(400);
  });

  it('limits attempts from one address, but not the options', async () => {
    const from = { 'X-Test-Address': '192.0.2.7' };
    const statuses: number[] = [];
    for (let attempt = 0; attempt <= LIMITS['sign-in'].calls; attempt++) {
      expect((await web.call('/sign-in/passkey/options', form({}, from))).status).toBe(200);
      statuses.push((await web.call('/sign-in/passkey', form({ answer: '{}' }, from))).status);
    }
    expect(statuses).toEqual([...Array(LIMITS['sign-in'].calls).fill(401), 429]);
  });

  it('refuses a request from another web site', async () => {
    const foreign = { 'Sec-Fetch-Site': 'cross-site' };
    for (const path of ['/sign-in/passkey', '/sign-in/passkey/options', '/account/passkeys', '/account/passkeys/remove']) {
      expect((await web.call(path, form({}, foreign))).status).toBe(403);
    }
  });
});

describe('removing passkeys', () => {
  const remove = (passkey: string, removalPassword = PASSWORD, secret = anna) =>
    web.call('/account/passkeys/remove', form({ passkey, removalPassword }, headersWith(secret, undefined)));

  it('needs the password, and ends the other sessions of the person', async () => {
    await choosePassword();
    const authenticator = await added();
    const other = cookieOf(await signIn(authenticator), 'hitherto') as string;
    expect((await remove(authenticator.id, 'wrong')).status).toBe(400);
    expect(passkeys()).toHaveLength(1);
    mails = [];
    expect((await remove(authenticator.id)).headers.get('location')).toBe('/numbers/account?done=passkey-removed');
    expect(passkeys()).toEqual([]);
    expect(mails.map(({ subject }) => subject)).toEqual(['A passkey was removed']);
    expect((await web.call('/account', cookie(other))).status).toBe(401);
    expect((await web.call('/account', cookie(anna))).status).toBe(200);
    nowMs += 1_000;
    await expectRefused(await signIn(authenticator));
    const before = await actions();
    expect(before[0]).toBe('person.passkeys');
    const sentences = (await web.auditLog.newest({ limit: 20 })).map(plainSentence);
    expect(sentences).toEqual(expect.arrayContaining(['Anna removed a passkey.', 'Anna added a passkey.']));
    await remove(authenticator.id); // sent again
    expect([await actions(), mails.length]).toEqual([before, 1]);
  });

  it('is impossible with the passkey of somebody else', async () => {
    const authenticator = await added();
    await web.people.directory.add(personOf('bert', { password: '', identity: PROVIDED }));
    const bert = await web.people.sessions.begin('bert', 'Firefox');
    await remove(authenticator.id, '', bert);
    expect(passkeys()).toHaveLength(1);
  });

  it('begins no session if the passkey is removed while it is used', async () => {
    const authenticator = await added();
    const use = { person: person(), passkeyId: authenticator.id };
    await remove(authenticator.id);
    expect(await web.people.sessions.beginAfterPasskey(use, 'Firefox')).toBeUndefined();
  });

  it('is not done by a new password, except by link', async () => {
    await choosePassword();
    const authenticator = await added();
    await web.people.passwordChanges.change(person(), PASSWORD, 'another long password');
    expect((await signIn(authenticator)).status).toBe(303);
    const secret = await web.people.passwordChanges.createLink('first');
    expect(await (await web.call(`/passwords/${secret}`)).text()).toContain('Its passkeys are removed');
    await web.call(`/passwords/${secret}`, form({ password: 'a third long password' }));
    expect(passkeys()).toEqual([]);
    expect(await actions()).toContain('person.passkeys');
    nowMs += 1_000;
    await expectRefused(await signIn(authenticator));
  });

  it('is done when an account without a password gets another identity', async () => {
    await web.people.directory.add(personOf('bert', { password: '', identity: PROVIDED }));
    await add(createAuthenticator(ORIGIN), {}, await web.people.sessions.begin('bert', 'Firefox'));
    expect(passkeys('bert')).toHaveLength(1);
    await web.people.identities.replace('bert', { issuer: 'https://other.example', subject: 'bert' });
    expect(passkeys('bert')).toEqual([]);
  });

  it('is possible for operators, and ends all sessions of the person', async () => {
    await web.people.directory.add(personOf('bert', { password: '', identity: PROVIDED }));
    const authenticator = createAuthenticator(ORIGIN);
    await add(authenticator, {}, await web.people.sessions.begin('bert', 'Firefox'));
    nowMs += 1_000;
    mails = [];
    const page = await (await web.call('/people', cookie(anna))).text();
    expect(page).toContain('1 passkey ·');
    const done = await web.call('/people/change', form({ person: 'bert', act: 'passkeysOff' }, headersWith(anna, undefined)));
    expect(await done.text()).toContain('The passkeys of Person bert were removed');
    expect([passkeys('bert'), person('bert').sessions, mails.length]).toEqual([[], [], 1]);
    await expectRefused(await signIn(authenticator));
    const [entry] = await web.auditLog.newest({ limit: 1 });
    expect(entry && plainSentence(entry)).toBe('Anna removed a passkey of Person bert.');
  });
});

describe('where passkeys are offered', () => {
  it.each([
    ['https://stats.example.com', true],
    ['http://localhost:8080', true],
    ['http://stats.example.com', false],
    ['http://127.0.0.1:8080', false],
    ['https://[2001:db8::1]', false],
  ])('at %s: %s', async (publicUrl, isOffered) => {
    const there = await startWeb({ publicUrl });
    await there.people.directory.add(personOf('first', { isOperator: true }));
    const session = await there.people.sessions.begin('first', 'Firefox');
    const signInPage = await (await there.call('/')).text();
    const accountPage = await (await there.call('/account', cookie(session))).text();
    expect(signInPage.includes('Sign in with a passkey')).toBe(isOffered);
    expect(signInPage.includes('data-page="passkeys"')).toBe(isOffered);
    expect(accountPage.includes('data-passkeys="create"')).toBe(isOffered);
    expect(accountPage.includes('begins with https')).toBe(!isOffered);
    expect((await there.call('/sign-in/passkey/options', form({}))).status).toBe(isOffered ? 200 : 404);
  });
});
