// What people change about their own account, and operators about the accounts of others.
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, form, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';

const OLD = 'correct horse battery';
const NEW = 'another long password';

let web: Web;
let anna: string;
beforeEach(async () => {
  web = await startWeb();
  await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: OLD });
  anna = await web.people.sessions.begin('first', 'Firefox on Linux');
});
afterAll(stopWebs);

const get = (path: string, secret: string) => web.call(path, cookie(secret));
const post = (path: string, fields: Record<string, string>, secret = anna) =>
  web.call(path, form(fields, cookie(secret).headers as Record<string, string>));
const linkIn = (page: string): string => /\/(?:passwords|invitations)\/[\w.-]+/.exec(page)?.[0] as string;
const signsIn = async (password: string) =>
  (await web.call('/sign-in', form({ email: 'anna@example.com', password }))).status === 303;

describe('an account', () => {
  it('has another name after it was saved, on every page as text', async () => {
    const evil = '<script>alert(1)</script>';
    expect((await post('/account/name', { name: ` ${evil} ` })).headers.get('location')).toBe('/account?done=name');
    expect(web.people.directory.person('first')?.name).toBe(evil);
    for (const path of ['/account', '/people']) expect(await (await get(path, anna)).text()).not.toContain(evil);
    expect((await post('/account/name', { name: ' ' })).status).toBe(400);
  });

  it('has another password after the current one was entered, which ends all other sessions', async () => {
    const other = await web.people.sessions.begin('first', 'Safari on iOS');
    const wrong = await post('/account/password', { current: 'not this one', password: NEW });
    expect([wrong.status, (await wrong.text()).includes('id="current-problem"')]).toEqual([400, true]);
    expect((await post('/account/password', { current: OLD, password: 'short' })).status).toBe(400);
    expect((await get('/account', other)).status).toBe(200);

    const changed = await post('/account/password', { current: OLD, password: NEW });
    const secret = /^hitherto=([^;]+)/.exec(changed.headers.get('set-cookie') ?? '')?.[1] as string;
    expect(await Promise.all([anna, other, secret].map(async (one) => (await get('/account', one)).status))).toEqual([
      401, 401, 200,
    ]);
    expect([await signsIn(OLD), await signsIn(NEW)]).toEqual([false, true]);
  });

  it('lists its sessions, and ends one or all others', async () => {
    const [phone, tablet] = [
      await web.people.sessions.begin('first', 'Safari on iOS'),
      await web.people.sessions.begin('first', 'Edge'),
    ];
    const page = await (await get('/account', anna)).text();
    expect([page.includes('Safari on iOS'), page.includes('This browser')]).toEqual([true, true]);
    const hash = web.people.sessions.find(phone)?.session.hash as string;
    await post('/account/sessions', { session: hash });
    expect([web.people.sessions.find(phone), web.people.sessions.find(tablet) !== undefined]).toEqual([undefined, true]);
    await post('/account/sessions', { session: 'others' });
    expect(web.people.directory.person('first')?.sessions).toHaveLength(1);
    expect((await get('/account', anna)).status).toBe(200);
  });
});

describe('operators', () => {
  beforeEach(() => web.people.directory.add(personOf('bob', { sites: { garden: 'viewer' } })));

  it('invite people who own sites, and other operators', async () => {
    const link = linkIn(await (await post('/people/invite', { email: 'eve@example.com', sitesMax: '3' })).text());
    expect((await web.call(link, form({ name: 'Eve', password: NEW }))).status).toBe(303);
    expect(web.people.directory.byEmail('eve@example.com')).toMatchObject({ isOperator: false, sitesMax: 3, sites: {} });
    const other = linkIn(
      await (await post('/people/invite', { email: 'olga@example.com', sitesMax: '0', isOperator: '1' })).text(),
    );
    await web.call(other, form({ name: 'Olga', password: NEW }));
    expect(web.people.directory.byEmail('olga@example.com')).toMatchObject({ isOperator: true });
  });

  it('see what is wrong with an invitation, beside its fields', async () => {
    const response = await post('/people/invite', { email: 'nobody', sitesMax: '-1' });
    const page = await response.text();
    expect([response.status, page.includes('id="email-problem"'), page.includes('id="sitesMax-problem"')]).toEqual([
      400,
      true,
      true,
    ]);
    expect(web.people.invitations.pending()).toEqual([]);
  });

  it('cannot become operators again by an invitation that they sent before they were demoted', async () => {
    const link = linkIn(
      await (await post('/people/invite', { email: 'eve@example.com', sitesMax: '0', isOperator: '1' })).text(),
    );
    await web.people.directory.change('bob', (bob) => ({ ...bob, isOperator: true }));
    await web.people.directory.change('first', (person) => ({ ...person, isOperator: false }));
    expect((await web.call(link)).status).toBe(404);
    expect((await post(link, {})).status).toBe(404);
    expect(web.people.directory.person('first')?.isOperator).toBe(false);
    expect(web.people.invitations.pending()).toEqual([]);
  });

  it('withdraw an invitation', async () => {
    const link = linkIn(await (await post('/people/invite', { email: 'eve@example.com', sitesMax: '3' })).text());
    const [invitation] = web.people.invitations.pending();
    await post('/people/change', { act: 'withdraw', invitation: invitation?.id as string });
    expect((await web.call(link)).status).toBe(404);
  });

  it('create a link by which somebody chooses a new password, once', async () => {
    const session = await web.people.sessions.begin('bob', 'Firefox');
    const link = linkIn(await (await post('/people/change', { act: 'reset', person: 'bob' })).text());
    expect(await (await web.call(link)).text()).toContain('bob@example.com');
    expect((await web.call(link, form({ password: 'short' }))).status).toBe(400);
    const response = await web.call(link, form({ password: NEW }));
    expect([response.status, response.headers.get('set-cookie')?.startsWith('hitherto=ses_bob.')]).toEqual([303, true]);
    expect(web.people.sessions.find(session)).toBeUndefined();
    expect((await web.call(link)).status).toBe(404);
    expect((await web.call(link, form({ password: OLD }))).status).toBe(404);
    expect((await web.call('/sign-in', form({ email: 'bob@example.com', password: NEW }))).status).toBe(303);
  });

  it('make others operators, and delete accounts, but never the last operator', async () => {
    for (const act of ['demote', 'remove']) expect((await post('/people/change', { act, person: 'first' })).status).toBe(400);
    await post('/people/change', { act: 'promote', person: 'bob' });
    expect(web.people.directory.person('bob')?.isOperator).toBe(true);
    await post('/people/change', { act: 'demote', person: 'first' });
    expect((await get('/people', anna)).status).toBe(403);
    const bob = await web.people.sessions.begin('bob', 'Firefox');
    await post('/people/change', { act: 'remove', person: 'first' }, bob);
    expect((await get('/account', anna)).status).toBe(401);
    expect(web.people.directory.byEmail('anna@example.com')).toBeUndefined();
  });

  it('withdraw the invitations to an address with its account, as the command does', async () => {
    await web.people.directory.add(personOf('mallory'));
    const invite = (email: string) =>
      web.people.invitations.create({ email, sites: {}, isOperator: true, sitesMax: 0, invitedBy: 'Anna' });
    const [secret, other] = [await invite('mallory@example.com'), await invite('mallory@example.org')];
    expect((await post('/people/change', { act: 'remove', person: 'mallory' })).status).toBe(200);
    expect(web.people.invitations.find(secret)).toBeUndefined();
    expect(web.people.invitations.find(other)).toBeDefined();
    const [newest] = await web.auditLog.newest({ limit: 1 });
    expect(newest).toMatchObject({ action: 'invitation.withdrawn', subject: { email: 'mallory@example.com' } });
  });

  it('get an error for an act or a person that does not exist', async () => {
    for (const fields of [{ act: 'constructor', person: 'bob' }, { act: 'remove', person: 'nobody' }, {}]) {
      expect((await post('/people/change', fields)).status).toBe(400);
    }
    expect(web.people.directory.all()).toHaveLength(2);
  });
});
