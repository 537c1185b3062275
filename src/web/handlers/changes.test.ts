// Each kind of change leaves one entry in the audit log, whoever makes it and however.
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import { deletionOf } from '../../../test/fixtures/deletion.js';
import {
  bearer,
  cookie,
  form,
  NOW_MS,
  SETTINGS_FORM,
  signedInAs,
  startWeb,
  stopWebs,
  type Web,
} from '../../../test/fixtures/web.js';
import type { Person } from '../../people/person.js';
import { AUDIT_ACTIONS, type AuditEntry, type AuditLog } from '../../store/audit-log.js';
import { exampleSite } from '../../store/contracts/accounts.js';

const EVIL = `"><img src=x onerror=alert('x')>`;
const PASSWORD = 'correct horse battery';

let web: Web;
beforeEach(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
});
afterAll(stopWebs);

const as = (id: string, rights: Partial<Person> = {}, of: Web = web) => signedInAs(of, id, rights);

const owner = () => as('olga', { sites: { garden: 'owner' } });
const operator = () => as('oscar', { isOperator: true });
const OLGA = { kind: 'person', id: 'olga', name: 'Person olga' };
const OSCAR = { kind: 'person', id: 'oscar', name: 'Person oscar' };
const BOB = { kind: 'person', id: 'bob', name: 'Person bob' };

/** All entries without their ids and times, the oldest first. */
async function entries(of: Web = web): Promise<Array<Omit<AuditEntry, 'id' | 'atMs'>>> {
  const all = await of.auditLog.newest({ limit: 1000 });
  for (const { atMs } of all) expect(atMs).toBe(NOW_MS);
  return all.map(({ id: _, atMs: __, ...entry }) => entry).reverse();
}

const json = (secret: string, method: string, body?: object): RequestInit => ({
  method,
  headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
  ...(body && { body: JSON.stringify(body) }),
});

const found = new Set<string>();
/** Expects these entries and no others. */
async function expectEntries(...expected: object[]): Promise<void> {
  const all = await entries();
  for (const { action } of all) found.add(action);
  expect(all).toEqual(expected);
}

describe('on the pages of a site, one entry is left by', () => {
  it('new settings, with the changed fields only', async () => {
    const olga = await owner();
    await olga.post('/sites/garden/settings', SETTINGS_FORM);
    await olga.post('/sites/garden/settings', { ...SETTINGS_FORM, title: ' ' });
    await expectEntries();
    await olga.post('/sites/garden/settings', { ...SETTINGS_FORM, title: EVIL, excludedAddresses: '', keepDays: '' });
    await expectEntries({
      who: OLGA,
      action: 'site.settings',
      site: 'garden',
      changes: [
        { field: 'title', from: 'The garden', to: EVIL },
        { field: 'excludedAddresses', from: ['10.0.0.0/8'], to: [] },
        { field: 'keep.day', from: 12 },
      ],
    });
  });

  it('another time zone, once it is confirmed', async () => {
    const olga = await owner();
    await olga.post('/sites/garden/timezone', { timezone: 'UTC' });
    await expectEntries();
    await olga.post('/sites/garden/timezone', { timezone: 'UTC', confirmed: '1' });
    const changes = [{ field: 'timezone', from: 'Europe/Berlin', to: 'UTC' }];
    await expectEntries({ who: OLGA, action: 'site.timezone', site: 'garden', changes });
  });

  it('a token that is created or revoked, without its secret', async () => {
    const olga = await owner();
    const shown = await (await olga.post('/sites/garden/tokens', { tokenTitle: 'CI', scope: 'write' })).text();
    const secret = /hit_[\w-]{43}/.exec(shown)?.[0] as string;
    const prefix = secret.slice(4, 12);
    await olga.post('/sites/garden/tokens', { act: 'revoke', prefix });
    await olga.post('/sites/garden/tokens', { act: 'revoke', prefix });
    const token = { site: 'garden', who: OLGA, subject: { kind: 'token', prefix, title: 'CI' } };
    await expectEntries(
      { ...token, action: 'token.created', changes: [{ field: 'scope', to: 'write' }] },
      { ...token, action: 'token.revoked' },
    );
    expect(JSON.stringify(await entries())).not.toContain(secret.slice(12));
  });

  it('a share link that is created or revoked, without its secret and its password', async () => {
    const olga = await owner();
    const shown = await (await olga.post('/sites/garden/shares', { shareTitle: 'Club', password: PASSWORD, days: '2' })).text();
    const secret = /\/share\/([\w-]{43})/.exec(shown)?.[1] as string;
    const share = web.people.shares.ofSite('garden')[0]?.id as string;
    await olga.post('/sites/garden/shares', { act: 'revoke', share });
    await olga.post('/sites/garden/shares', { act: 'revoke', share });
    const link = { site: 'garden', who: OLGA, subject: { kind: 'share', title: 'Club' } };
    const changes = [
      { field: 'hasPassword', to: true },
      { field: 'mayBeEmbedded', to: false },
      { field: 'until', to: '2026-11-22T12:00:00.000Z' },
    ];
    await expectEntries({ ...link, action: 'share.created', changes }, { ...link, action: 'share.revoked' });
    for (const text of [secret, share, PASSWORD]) expect(JSON.stringify(await entries())).not.toContain(text);
  });

  it('an invitation, its withdrawal, and its acceptance by a new person', async () => {
    const olga = await owner();
    const invite = async () => {
      const shown = await olga.post('/sites/garden/members', { act: 'invite', email: 'bob@example.com', role: 'editor' });
      return /\/invitations\/[\w-]{43}/.exec(await shown.text())?.[0] as string;
    };
    await invite();
    const invitation = web.people.invitations.pending()[0]?.id as string;
    for (let n = 0; n < 2; n++) await olga.post('/sites/garden/members', { act: 'withdraw', invitation });
    const path = await invite();
    await web.call(path, form({ name: 'Bob', password: 'short' }));
    await web.call(path, form({ name: 'Bob', password: PASSWORD }));
    const id = web.people.directory.byEmail('bob@example.com')?.id as string;
    const changes = [{ field: 'role', to: 'editor' }];
    const address = { who: OLGA, site: 'garden', subject: { kind: 'address', email: 'bob@example.com' } };
    await expectEntries(
      { ...address, action: 'member.invited', changes },
      { ...address, action: 'invitation.withdrawn' },
      { ...address, action: 'member.invited', changes },
      { who: { kind: 'person', id, name: 'Bob' }, action: 'member.joined', site: 'garden', changes },
    );
    expect(JSON.stringify(await entries())).not.toContain(path.split('/')[2]);
  });

  it('an invitation that somebody with an account accepts', async () => {
    const olga = await owner();
    const bob = await as('bob');
    const shown = await olga.post('/sites/garden/members', { act: 'invite', email: 'bob@example.com', role: 'viewer' });
    await bob.post(/\/invitations\/[\w-]{43}/.exec(await shown.text())?.[0] as string, {});
    const [, joined, ...more] = await entries();
    expect(joined).toEqual({ who: BOB, action: 'member.joined', site: 'garden', changes: [{ field: 'role', to: 'viewer' }] });
    expect(more).toEqual([]);
  });

  it('another role of a member, and the end of it', async () => {
    const olga = await owner();
    await as('bob', { sites: { garden: 'viewer' } });
    const change = (person: string, fields: Record<string, string>) => olga.post('/sites/garden/members', { person, ...fields });
    await change('bob', { act: 'role', role: 'viewer' });
    await change('olga', { act: 'role', role: 'viewer' });
    await change('nobody', { act: 'remove' });
    await expectEntries();
    await change('bob', { act: 'role', role: 'editor' });
    await change('bob', { act: 'remove' });
    const member = { who: OLGA, site: 'garden', subject: BOB };
    await expectEntries(
      { ...member, action: 'member.role', changes: [{ field: 'role', from: 'viewer', to: 'editor' }] },
      { ...member, action: 'member.removed', changes: [{ field: 'role', from: 'editor' }] },
    );
  });

  it('a new site', async () => {
    const carol = await as('carol', { sitesMax: 1 });
    await carol.post('/new-site', { title: 'Moon', id: 'garden', timezone: 'UTC', hosts: '' });
    await carol.post('/new-site', { title: 'Moon', id: 'moon', timezone: 'UTC', hosts: '' });
    await expectEntries({
      who: { kind: 'person', id: 'carol', name: 'Person carol' },
      action: 'site.created',
      site: 'moon',
    });
  });
});

describe('about people, one entry is left by', () => {
  it('the first set-up, for the account and for the site', async () => {
    const empty = await startWeb();
    const fields = { name: 'Anna', email: 'anna@example.com', password: PASSWORD };
    await empty.call('/setup/open-sesame', form({ ...fields, title: 'Moon', id: 'moon', timezone: 'UTC', hosts: '' }));
    const who = { kind: 'person', id: 'first', name: 'Anna' };
    expect(await entries(empty)).toEqual([
      { who, action: 'person.joined', changes: [{ field: 'isOperator', to: true }] },
      { who, action: 'site.created', site: 'moon' },
    ]);
  });

  it('signing in, without an address', async () => {
    const oscar = await operator();
    const shown = await (await oscar.post('/people/invite', { email: 'bob@example.com', sitesMax: '0', isOperator: '1' })).text();
    const path = /\/invitations\/[\w-]{43}/.exec(shown)?.[0] as string;
    await web.call(path, form({ name: 'Bob', password: PASSWORD }));
    const credentials = { email: 'bob@example.com', password: PASSWORD };
    await web.call('/sign-in', form({ ...credentials, password: 'wrong wrong' }));
    const session = await web.call('/sign-in', form(credentials, { 'x-test-address': '203.0.113.9' }));
    await web.call('/', { headers: { Cookie: String(session.headers.get('set-cookie')).split(';')[0] as string } });
    const who = { kind: 'person', id: web.people.directory.byEmail('bob@example.com')?.id, name: 'Bob' };
    const changes = [{ field: 'isOperator', to: true }];
    await expectEntries(
      { who: OSCAR, action: 'person.invited', subject: { kind: 'address', email: 'bob@example.com' }, changes },
      { who, action: 'person.joined', changes },
      { who, action: 'person.signed-in', changes: [{ field: 'browser', to: expect.any(String) }] },
    );
    expect(JSON.stringify(await entries())).not.toContain('203.0.113');
  });

  it('another name, another password, and the end of other sessions', async () => {
    await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: PASSWORD });
    const secret = await web.people.sessions.begin('first', 'Firefox');
    const headers = cookie(secret).headers as Record<string, string>;
    const post = (path: string, fields: Record<string, string>) => web.call(path, form(fields, headers));
    await post('/account/sessions', { session: 'others' });
    await web.people.sessions.begin('first', 'Chrome');
    await post('/account/sessions', { session: 'others' });
    await post('/account/name', { name: 'Anna' });
    await post('/account/name', { name: EVIL });
    for (const language of ['de', 'de', '', 'fr']) await post('/account/language', { language });
    await post('/account/password', { current: 'wrong wrong', password: 'another long password' });
    await post('/account/password', { current: PASSWORD, password: 'another long password' });
    const [anna, evil] = ['Anna', EVIL].map((name) => ({ kind: 'person', id: 'first', name }));
    await expectEntries(
      { who: anna, action: 'person.sessions-ended' },
      { who: anna, action: 'person.name', changes: [{ field: 'name', from: 'Anna', to: EVIL }] },
      { who: evil, action: 'person.password' },
    );
    expect(JSON.stringify(await entries())).not.toMatch(/password"?:|argon2|another long/);
  });

  it('two-step sign-in that is switched on or off, and signing in with it once the code was right', async () => {
    await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: PASSWORD });
    const headers = cookie(await web.people.sessions.begin('first', 'Firefox')).headers as Record<string, string>;
    const page = await (await web.call('/account/two-step', { headers })).text();
    const secret = /name="secret" value="([A-Z2-7]{32})"/.exec(page)?.[1] as string;
    const code = new TOTP({ secret }).generate({ timestamp: NOW_MS });
    await web.call('/account/two-step', form({ secret, code: '000000', current: PASSWORD }, headers));
    const shown = await (await web.call('/account/two-step', form({ secret, code, current: PASSWORD }, headers))).text();
    const recovery = shown.match(/[A-Z2-7]{4}(-[A-Z2-7]{4}){3}/)?.[0] as string;
    const pending = await web.call('/sign-in', form({ email: 'anna@example.com', password: PASSWORD }));
    const codeHeaders = { Cookie: String(pending.headers.get('set-cookie')).split(';')[0] as string };
    await web.call('/sign-in/code', form({ code }, codeHeaders));
    await web.call('/sign-in/code', form({ recovery }, codeHeaders));
    for (let n = 0; n < 2; n++) await web.call('/account/two-step/off', form({ offPassword: PASSWORD }, headers));
    const who = { kind: 'person', id: 'first', name: 'Anna' };
    const changes = (from: boolean, to: boolean) => [{ field: 'twoStep', from, to }];
    await expectEntries(
      { who, action: 'person.two-step', subject: who, changes: changes(false, true) },
      { who, action: 'person.signed-in', changes: [{ field: 'browser', to: expect.any(String) }] },
      { who, action: 'person.two-step', subject: who, changes: changes(true, false) },
    );
    for (const text of [secret, recovery]) expect(JSON.stringify(await entries())).not.toContain(text);
  });

  it('a provider that is linked to an account or unlinked', async () => {
    await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: PASSWORD });
    const session = await web.people.sessions.begin('first', 'Firefox');
    const proposed = await web.people.identities.propose('first', { issuer: 'https://id.example', subject: 'anna' }, 'anna');
    const headers = { Cookie: `hitherto=${session}; hitherto-oidc-link=${proposed}` };
    for (const linkPassword of ['wrong', PASSWORD, PASSWORD])
      await web.call('/sign-in/oidc/link', form({ linkPassword }, headers));
    for (const unlinkPassword of ['wrong', PASSWORD, PASSWORD])
      await web.call('/account/oidc/unlink', form({ unlinkPassword }, headers));
    const who = { kind: 'person', id: 'first', name: 'Anna' };
    const changes = (from: boolean, to: boolean) => [{ field: 'provider', from, to }];
    await expectEntries(
      { who, action: 'person.provider', subject: who, changes: changes(false, true) },
      { who, action: 'person.provider', subject: who, changes: changes(true, false) },
    );
  });

  it('a passkey that its owner or an operator removes', async () => {
    const oscar = await operator();
    const passkey = {
      publicKey: 'x',
      counter: 0,
      transports: [],
      browser: 'Firefox',
      createdDay: '2026-11-20',
      lastChallengeMs: 1,
    };
    const passkeys = ['a', 'b', 'c'].map((id) => ({ ...passkey, id }));
    const pia = await as('pia', { passkeys, password: '' });
    for (const id of ['a', 'a', 'unknown']) await pia.post('/account/passkeys/remove', { passkey: id });
    for (let i = 0; i < 2; i++) await oscar.post('/people/change', { person: 'pia', act: 'passkeysOff' });
    const who = { kind: 'person', id: 'pia', name: 'Person pia' };
    const changes = (from: number, to: number) => [{ field: 'passkeys', from, to }];
    await expectEntries(
      { who, action: 'person.passkeys', subject: who, changes: changes(3, 2) },
      { who: OSCAR, action: 'person.passkeys', subject: who, changes: changes(2, 0) },
    );
  });

  it('another address, and deleting one’s own account', async () => {
    await operator();
    await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: PASSWORD });
    const invitation = { email: 'bob@example.com', sites: {}, isOperator: false, sitesMax: 0, invitedBy: '' };
    const secret = await web.people.invitations.create(invitation);
    await web.call(`/invitations/${secret}`, form({ name: 'Bob', password: PASSWORD }));
    const id = web.people.directory.byEmail('bob@example.com')?.id as string;
    const headers = cookie(await web.people.sessions.begin(id, 'Firefox')).headers as Record<string, string>;
    for (let n = 0; n < 2; n++)
      await web.call('/account/email', form({ email: 'bert@example.com', emailPassword: PASSWORD }, headers));
    await web.call('/account/delete', form({ deletePassword: 'wrong wrong' }, headers));
    await web.call('/account/delete', form({ deletePassword: PASSWORD }, headers));
    const who = { kind: 'person', id, name: 'Bob' };
    await expectEntries(
      { who, action: 'person.joined' },
      { who, action: 'person.email', changes: [{ field: 'email', from: 'bob@example.com', to: 'bert@example.com' }] },
      { who, action: 'person.removed', subject: who },
    );
  });

  it('everything that operators do about an account', async () => {
    const oscar = await operator();
    await as('bob');
    const act = (name: string) => oscar.post('/people/change', { person: 'bob', act: name });
    const shown = await (await act('reset')).text();
    const path = /\/passwords\/[\w.-]+/.exec(shown)?.[0] as string;
    await web.call(path, form({ password: PASSWORD }));
    const limits = { act: 'limits', person: 'bob', sitesMax: '5', hitsMax: '100' };
    for (let n = 0; n < 2; n++) await oscar.post('/people/change', limits);
    for (const name of ['demote', 'promote', 'promote', 'demote', 'remove', 'remove']) await act(name);
    const about = { who: OSCAR, subject: BOB };
    await expectEntries(
      { ...about, action: 'person.password-link' },
      { who: BOB, action: 'person.password' },
      { ...about, action: 'person.sites-max', changes: [{ field: 'sitesMax', from: 0, to: 5 }] },
      { ...about, action: 'person.hits-max', changes: [{ field: 'hitsMax', to: 100 }] },
      { ...about, action: 'person.operator', changes: [{ field: 'isOperator', from: false, to: true }] },
      { ...about, action: 'person.operator', changes: [{ field: 'isOperator', from: true, to: false }] },
      { ...about, action: 'person.removed' },
    );
    expect(JSON.stringify(await entries())).not.toContain(path.split('/')[2]);
  });

  it('an invitation by an operator, its acceptance with an account, and its withdrawal', async () => {
    const oscar = await operator();
    const bob = await as('bob');
    const invite = async () => {
      const shown = await oscar.post('/people/invite', { email: 'bob@example.com', sitesMax: '3' });
      return /\/invitations\/[\w-]{43}/.exec(await shown.text())?.[0] as string;
    };
    await bob.post(await invite(), {});
    await invite();
    const invitation = web.people.invitations.pending()[0]?.id as string;
    for (let n = 0; n < 2; n++) await oscar.post('/people/change', { act: 'withdraw', invitation });
    const address = { who: OSCAR, subject: { kind: 'address', email: 'bob@example.com' } };
    await expectEntries(
      { ...address, action: 'person.invited' },
      { who: BOB, action: 'invitation.accepted' },
      { ...address, action: 'person.invited' },
      { ...address, action: 'invitation.withdrawn' },
    );
  });

  it('everything about teams, where the changes of its sites are also those of the site', async () => {
    const olga = await owner();
    const bob = await as('bob');
    const created = await olga.post('/teams', { name: EVIL });
    const path = new URL(created.headers.get('location') ?? '', web.base).pathname;
    for (const name of [EVIL, 'Friends']) await olga.post(path, { act: 'rename', name });
    for (let n = 0; n < 2; n++) await olga.post(path, { act: 'add-site', site: 'garden' });
    const shown = await (await olga.post(path, { act: 'invite', email: 'bob@example.com', role: 'viewer' })).text();
    await bob.post(/\/invitations\/[\w-]{43}/.exec(shown)?.[0] as string, {});
    for (let n = 0; n < 2; n++) await olga.post(path, { act: 'role', person: 'bob', role: 'editor' });
    await bob.post(`${path}/leave`, { act: 'leave' });
    await olga.post(path, { act: 'remove-site', site: 'garden' });
    await olga.post(path, { act: 'delete' });
    const [id, who] = [path.split('/')[2] as string, OLGA];
    const subject = { kind: 'team', id, name: 'Friends' };
    const team = { field: 'team', to: 'Friends' };
    const address = { kind: 'address', email: 'bob@example.com' };
    await expectEntries(
      { who, action: 'team.created', subject: { ...subject, name: EVIL } },
      {
        who,
        action: 'team.renamed',
        subject: { ...subject, name: EVIL },
        changes: [{ field: 'name', from: EVIL, to: 'Friends' }],
      },
      { who, action: 'team.site-added', site: 'garden', subject },
      { who, action: 'team.member-invited', subject: address, changes: [team, { field: 'role', to: 'viewer' }] },
      { who: BOB, action: 'team.member-joined', subject, changes: [{ field: 'role', to: 'viewer' }] },
      { who, action: 'team.member-role', subject: BOB, changes: [team, { field: 'role', from: 'viewer', to: 'editor' }] },
      { who: BOB, action: 'team.member-removed', subject: BOB, changes: [team, { field: 'role', from: 'editor' }] },
      { who, action: 'team.site-removed', site: 'garden', subject },
      { who, action: 'team.deleted', subject },
    );
  });

  it('every action that a page can cause was in one of these tests', () => {
    // deletions and the language of somebody else are recorded by commands, and annotations are in a test of their own
    // (web/api/annotations.test.ts)
    const ofOthers = AUDIT_ACTIONS.filter((action) => /^(site\..*deleted|person\.language|annotation\..+)$/.test(action));
    expect(AUDIT_ACTIONS.filter((action) => !found.has(action)).sort()).toEqual([...ofOthers].sort());
  });
});

it('a deletion of a site is passed to the command, which records it, with the person or token that asked for it', async () => {
  const started: unknown[] = [];
  const siteDeletion = {
    preview: async () => deletionOf({}),
    isRunning: () => false,
    start: (...args: unknown[]) => void started.push(args),
  };
  const other = await startWeb({ siteDeletion });
  await other.accounts.addSite(exampleSite);
  const olga = await as('olga', { sites: { garden: 'owner' } }, other);
  await olga.post('/sites/garden/delete', { id: 'garden' });
  const { secret, token } = await other.accounts.addToken({ title: 'x', sites: ['garden'], scope: 'write', nowMs: 1 });
  await other.call('/api/v1/sites/garden', { ...bearer(secret), method: 'DELETE' });
  expect(started).toEqual([
    ['garden', OLGA],
    ['garden', { kind: 'token', prefix: token.prefix, title: 'x' }],
  ]);
});

describe('by the API, one entry is left with the token that was used', () => {
  it('for each change of a site, a token or a member', async () => {
    await as('bob', { sites: { garden: 'viewer' } });
    await as('olga', { sites: { garden: 'owner' } });
    const { secret, token } = await web.accounts.addToken({ title: EVIL, sites: 'all', scope: 'write', nowMs: 1 });
    const call = async (method: string, path: string, body?: object) =>
      web.call(`/api/v1/sites${path}`, json(secret, method, body));
    const site = { id: 'moon', title: 'Moon', timezone: 'UTC' };
    for (let n = 0; n < 2; n++) await call('POST', '', site);
    for (let n = 0; n < 2; n++) await call('PATCH', '/moon', { title: 'The moon', timezone: 'Asia/Tokyo' });
    const created = (await (await call('POST', '/moon/tokens', { title: 'x', scope: 'read' })).json()) as { prefix: string };
    for (let n = 0; n < 2; n++) await call('DELETE', `/moon/tokens/${created.prefix}`);
    await call('POST', '/garden/members', { email: 'eve@example.com', role: 'viewer' });
    for (let n = 0; n < 2; n++) await call('PATCH', '/garden/members/bob', { role: 'owner' });
    for (let n = 0; n < 2; n++) await call('DELETE', '/garden/members/bob');
    const who = { kind: 'token', prefix: token.prefix, title: EVIL };
    const subject = { kind: 'token', prefix: created.prefix, title: 'x' };
    expect(await entries()).toEqual([
      { who, action: 'site.created', site: 'moon' },
      {
        who,
        action: 'site.settings',
        site: 'moon',
        changes: [
          { field: 'title', from: 'Moon', to: 'The moon' },
          { field: 'timezone', from: 'UTC', to: 'Asia/Tokyo' },
        ],
      },
      { who, action: 'token.created', site: 'moon', subject, changes: [{ field: 'scope', to: 'read' }] },
      { who, action: 'token.revoked', site: 'moon', subject },
      {
        who,
        action: 'member.invited',
        site: 'garden',
        subject: { kind: 'address', email: 'eve@example.com' },
        changes: [{ field: 'role', to: 'viewer' }],
      },
      { who, action: 'member.role', site: 'garden', subject: BOB, changes: [{ field: 'role', from: 'viewer', to: 'owner' }] },
      { who, action: 'member.removed', site: 'garden', subject: BOB, changes: [{ field: 'role', from: 'owner' }] },
    ]);
  });
});

describe('the changes', () => {
  it('of a site are shown to its owners: the newest in its settings, and all of them page by page', async () => {
    const olga = await owner();
    expect(await (await olga.get('/sites/garden/settings')).text()).toContain('Nothing has been changed yet.');
    for (let n = 0; n < 120; n++) {
      const who = { kind: 'command-line' } as const;
      const changes = [{ field: 'title', from: `t${n}`, to: `t${n + 1}` }];
      const id = `0000000000${String(n).padStart(3, '0')}00000`;
      await web.auditLog.add({ id, atMs: n * 60_000, who, action: 'site.settings', site: 'garden', changes });
    }
    const card = await (await olga.get('/sites/garden/settings')).text();
    expect(card.match(/<time /g)).toHaveLength(20);
    expect(card).toContain('A command changed the title from “<bdi>t119</bdi>” to “<bdi>t120</bdi>”.');
    expect(card).toContain('>1 Jan 1970, 01:59 UTC</time>');
    let path: string | undefined = '/sites/garden/changes';
    expect(card).toContain(`href="${path}"`);
    const counts: number[] = [];
    while (path !== undefined) {
      const page: string = await (await olga.get(path)).text();
      counts.push(page.match(/<time /g)?.length ?? 0);
      path = /href="([^"]*before=[^"]*)"/.exec(page)?.[1];
    }
    expect(counts).toEqual([50, 50, 20]);
    const editor = await as('eve', { sites: { garden: 'editor' } });
    expect(await (await editor.get('/sites/garden/settings')).text()).not.toContain('>Changes<');
    expect((await editor.get('/sites/garden/changes')).status).toBe(403);
  });

  it('of everything are shown to operators', async () => {
    const oscar = await operator();
    await oscar.post('/new-site', { title: 'Moon', id: 'moon', timezone: 'UTC', hosts: '' });
    await as('bob');
    await oscar.post('/people/change', { person: 'bob', act: 'promote' });
    expect(await (await oscar.get('/people')).text()).toContain('href="/audit"');
    const page = await (await oscar.get('/audit')).text();
    expect(page).toContain('<bdi>Person oscar</bdi> created the site.');
    expect(page).toContain('<a href="/sites/moon/changes">moon</a>');
    expect(page).toContain('<bdi>Person oscar</bdi> made <bdi>Person bob</bdi> an operator.');
    await web.accounts.removeSite('moon');
    const later = await (await oscar.get('/audit')).text();
    expect(later).not.toContain('href="/sites/moon');
    expect(later).toContain(' · moon');
    expect((await (await owner()).get('/audit')).status).toBe(403);
  });

  it('show hostile names and titles as text', async () => {
    const oscar = await as('oscar', { isOperator: true, name: EVIL });
    await oscar.post('/sites/garden/settings', { ...SETTINGS_FORM, title: EVIL });
    await oscar.post('/sites/garden/tokens', { tokenTitle: EVIL, scope: 'read' });
    await oscar.post('/sites/garden/shares', { shareTitle: EVIL });
    await as('bob', { name: EVIL, sites: { garden: 'viewer' } });
    await oscar.post('/sites/garden/members', { person: 'bob', act: 'remove' });
    const entry = {
      id: '0'.repeat(18),
      atMs: 1,
      who: { kind: 'command-line' },
      action: EVIL,
      site: 'garden',
    } as unknown as AuditEntry;
    await web.auditLog.add({ ...entry, changes: [{ field: EVIL, from: EVIL, to: [EVIL] }] });
    for (const path of ['/audit', '/sites/garden/changes', '/sites/garden/settings']) {
      const page = await (await oscar.get(path)).text();
      expect(page).not.toContain('<img');
      expect(page.match(/<time /g)).toHaveLength(5);
      expect(page).toContain('&lt;img src=x onerror');
    }
  });

  it.each(['x', '', `${'0'.repeat(18)}'`, '__proto__'])('are not read before %j', async (before) => {
    const oscar = await operator();
    for (const path of ['/audit', '/sites/garden/changes', '/api/v1/sites/garden/changes'])
      expect((await oscar.get(`${path}?before=${encodeURIComponent(before)}`)).status).toBe(400);
  });

  it('of a site are answered by the API page by page', async () => {
    const olga = await owner();
    for (const title of ['a', 'b', 'c']) await olga.post('/sites/garden/settings', { ...SETTINGS_FORM, title });
    const { secret } = await web.accounts.addToken({ title: '', sites: ['garden'], scope: 'write', nowMs: 1 });
    const get = (query: string) => web.call(`/api/v1/sites/garden/changes${query}`, bearer(secret));
    const first = (await (await get('?limit=2')).json()) as { changes: AuditEntry[]; next: string };
    expect(first).toMatchObject({
      changes: [
        {
          at: '2026-11-20T12:00:00.000Z',
          who: OLGA,
          action: 'site.settings',
          changes: [{ field: 'title', from: 'b', to: 'c' }],
          text: 'Person olga changed the title from “b” to “c”.',
        },
        { changes: [{ field: 'title', from: 'a', to: 'b' }] },
      ],
      next: first.changes[1]?.id,
    });
    const second = (await (await get(`?before=${first.next}`)).json()) as object;
    expect(second).toMatchObject({ changes: [{ changes: [{ field: 'title', from: 'The garden', to: 'a' }] }] });
    expect(second).not.toHaveProperty('next');
    for (const query of ['?limit=0', '?limit=101', '?limit=1e1', '?limit=', '?more=1', '?limit=1&limit=2'])
      expect((await get(query)).status).toBe(400);
    const reader = (await web.accounts.addToken({ title: '', sites: ['garden'], nowMs: 1 })).secret;
    expect((await web.call('/api/v1/sites/garden/changes', bearer(reader))).status).toBe(403);
  });
});

describe('when entries cannot be stored', () => {
  it.each<[string, () => Promise<never>]>([
    ['because the store fails', async () => Promise.reject(new Error('the disk is full'))],
    ['because the store does not answer', () => new Promise<never>(() => {})],
  ])('%s, the change is made all the same', async (_, fail) => {
    const auditLog: AuditLog = { add: fail, newest: fail, removeBefore: fail };
    const broken = await startWeb({ auditLog });
    await broken.accounts.addSite(exampleSite);
    const olga = await as('olga', { sites: { garden: 'owner' } }, broken);
    const response = await olga.post('/sites/garden/settings', { ...SETTINGS_FORM, title: 'Changed' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sites/garden/settings?done=settings']);
    expect(broken.accounts.site('garden')?.title).toBe('Changed');
    const page = await olga.get('/sites/garden/settings');
    expect([page.status, (await page.text()).includes('The store does not answer at the moment')]).toEqual([200, true]);
    expect((await olga.get('/sites/garden/changes')).status).toBe(503);
    expect((await olga.get('/api/v1/sites/garden/changes')).status).toBe(503);
  });

  it('the log says so', async () => {
    const fail = async () => Promise.reject(new Error('the disk\nis full'));
    const broken = await startWeb({ auditLog: { add: fail, newest: fail, removeBefore: fail } });
    await broken.accounts.addSite(exampleSite);
    const olga = await as('olga', { sites: { garden: 'owner' } }, broken);
    await olga.post('/sites/garden/settings', { ...SETTINGS_FORM, title: 'Changed' });
    expect(broken.logged).toEqual(['the audit log has no entry about site.settings of garden: the disk is full']);
  });
});
