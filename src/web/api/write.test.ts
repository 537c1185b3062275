import { request } from 'node:http';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { personOf } from '../../../test/fixtures/people.js';
import { until } from '../../../test/fixtures/until.js';
import { bearer, cookie, NOW_MS, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import type { Site } from '../../hit/site.js';
import type { Person } from '../../people/person.js';
import { checkSite } from '../../store/account-rules.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { SHARES_OF_SITE_MAX, TOKENS_OF_SITE_MAX } from '../../store/too-many.js';
import { ROUTES } from '../routes.js';
import { CALLS } from './calls.js';

type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers };
type Secret = string;

const unlimited = { take: async () => ({ allowed: true }) as const, state: () => 'ok' as never, close: async () => {} };

let web: Web;
let ledger: unknown[][];
/** May write to all sites. */
let all: Secret;

beforeEach(async () => {
  ledger = [];
  web = await startWeb({
    limits: unlimited,
    ledger: {
      add: async (...entry) => {
        ledger.push(entry);
      },
    },
  });
  await web.accounts.addSite(exampleSite);
  all = await token('all', 'write');
});
afterAll(stopWebs);

async function token(sites: readonly string[] | 'all', scope: 'read' | 'write'): Promise<Secret> {
  return (await web.accounts.addToken({ title: 'test', sites, scope, nowMs: 1 })).secret;
}

/** Returns the secret of a session. */
async function person(id: string, changes: Partial<Person>): Promise<Secret> {
  await web.people.directory.add(personOf(id, changes));
  return web.people.sessions.begin(id, 'Firefox');
}

/** As a token, or as a person whose browser sends the cookie. */
async function send(secret: Secret, method: string, path: string, body?: unknown): Promise<Answer> {
  const { headers } = secret.startsWith('hit_') ? bearer(secret) : cookie(secret);
  return sendRaw(method, path, {
    headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function sendRaw(method: string, path: string, init: RequestInit): Promise<Answer> {
  const response = await web.call(path, { ...init, method });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text), headers: response.headers };
}

/** All that a call could change. */
function everything(): string {
  return JSON.stringify([
    web.accounts.sites(),
    web.accounts.tokens().map(({ lastUsedDay: _, ...token }) => token),
    web.people.directory.all(),
    web.people.invitations.pending(),
    ledger,
  ]);
}

const errorOf = ({ body }: Answer) => body.error as { code: string; message: string; field?: string };
const SITES = '/api/v1/sites';
const GARDEN = `${SITES}/garden`;
const MOON = { id: 'moon', title: 'Moon', timezone: 'Europe/Berlin' };

describe('creating a site', () => {
  it('needs an id, a title and a time zone; everything else has its default', async () => {
    const created = await send(all, 'POST', SITES, MOON);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      ...MOON,
      hosts: [],
      excludedAddresses: [],
      excludedPaths: [],
      excludedReferrers: [],
      queryParameters: [],
      storage: 'record',
      signals: 'without-record',
      keep: { day: null, month: null, year: null },
      createdAt: new Date(NOW_MS).toISOString(),
    });
    expect(created.headers.get('cache-control')).toBe('no-store');
    expect(web.accounts.site('moon')).toMatchObject({ ...MOON, keep: {}, createdAtMs: NOW_MS });
    expect((await send(all, 'GET', `${SITES}/moon`)).body).toEqual(created.body);
  });

  it('takes all settings, and answers them in their normal form', async () => {
    const settings = {
      id: 'moon',
      title: ' Moon ',
      timezone: 'europe/berlin',
      hosts: ['MÜLLER.example', '*.moon.example', '*.moon.example'],
      excludedAddresses: ['203.0.113.0/24'],
      excludedPaths: ['/caf%C3%A9/**'],
      excludedReferrers: ['*.Pay.example'],
      queryParameters: ['page'],
      storage: 'none',
      signals: 'ignored',
      keep: { day: 12, month: null, year: 'always' },
    };
    const { status, body } = await send(all, 'POST', SITES, settings);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      title: 'Moon',
      timezone: 'Europe/Berlin',
      hosts: ['xn--mller-kva.example', '*.moon.example'],
      excludedAddresses: ['203.0.113.0/24'],
      excludedPaths: ['/café/*'],
      excludedReferrers: ['*.pay.example'],
      storage: 'none',
      signals: 'ignored',
      keep: { day: 12, month: null, year: 'always' },
    });
    expect(web.accounts.site('moon')?.keep).toEqual({ day: 12, year: 'always' });
  });

  it('may be repeated with equal settings, and changes nothing then', async () => {
    const first = await send(all, 'POST', SITES, { ...MOON, hosts: ['moon.example'], keep: { day: 12 } });
    await web.accounts.updateSite({ ...(web.accounts.site('moon') as Site), queryParameters: ['later'] });
    const before = everything();
    const again = await send(all, 'POST', SITES, { ...MOON, hosts: ['MOON.example'], keep: { day: 12, year: null } });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual({ ...first.body, queryParameters: ['later'] });
    expect(everything()).toBe(before);
  });

  it.each([
    ['another title', { title: 'Sun' }],
    ['another time zone', { timezone: 'UTC' }],
    ['another list', { hosts: ['moon.example'] }],
    ['another keep', { keep: { day: 12 } }],
    ['other excluded addresses', { excludedAddresses: ['10.0.0.1'] }],
    ['other excluded paths', { excludedPaths: ['/x'] }],
  ])('is a conflict with %s than the site has', async (_what, changes) => {
    await send(all, 'POST', SITES, MOON);
    const before = everything();
    const answer = await send(all, 'POST', SITES, { ...MOON, ...changes });
    expect(answer.status).toBe(409);
    expect(errorOf(answer)).toMatchObject({ code: 'site-id-taken', field: 'id' });
    expect(everything()).toBe(before);
  });

  it("is a conflict with somebody else's site, of which the caller learns nothing, and with a removed one", async () => {
    const carl = await person('carl', { sitesMax: 3 });
    await web.accounts.addSite({ ...exampleSite, id: 'old' });
    await web.accounts.removeSite('old');
    const same = { id: 'garden', title: exampleSite.title, timezone: exampleSite.timezone };
    const others = await send(carl, 'POST', SITES, same);
    const removed = await send(carl, 'POST', SITES, { ...same, id: 'old' });
    expect([others.status, removed.status]).toEqual([409, 409]);
    expect(others.body).toEqual(removed.body);
  });

  it('makes a person the owner, up to the number of sites that the person may own', async () => {
    const carl = await person('carl', { sitesMax: 1 });
    expect((await send(carl, 'POST', SITES, MOON)).status).toBe(201);
    expect(web.people.directory.person('carl')?.sites).toEqual({ moon: 'owner' });
    expect((await send(carl, 'PATCH', `${SITES}/moon`, { title: 'Sun' })).status).toBe(200);
    expect((await send(carl, 'POST', SITES, { ...MOON, id: 'mars' })).status).toBe(403);
    expect((await send(carl, 'GET', GARDEN)).status).toBe(404);
  });

  it('makes a person the owner of no more sites by calls at the same time', async () => {
    const carl = await person('carl', { sitesMax: 2 });
    const ids = ['mars', 'moon', 'pluto', 'venus'];
    const answers = await Promise.all(ids.map((id) => send(carl, 'POST', SITES, { ...MOON, id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403, 403]);
    const created = ids.filter((_, i) => answers[i]?.status === 201);
    expect(Object.keys(web.people.directory.person('carl')?.sites ?? {}).sort()).toEqual(created);
    expect(web.accounts.sites().map(({ id }) => id)).toEqual(['garden', ...created]);
  });

  it('creates one site for two calls at the same time', async () => {
    const answers = await Promise.all([send(all, 'POST', SITES, MOON), send(all, 'POST', SITES, MOON)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
  });

  it.each<[object, string | undefined, RegExp]>([
    [{ ...MOON, id: undefined }, 'id', /^"id" is missing\.$/],
    [{ ...MOON, title: 7 }, 'title', /^"title" must be text\.$/],
    [{ ...MOON, title: ' ' }, 'title', /^A site needs a title\.$/],
    [{ ...MOON, title: '\ud83d' }, 'title', /UTF-8/],
    [{ ...MOON, title: 'a\nb' }, 'title', /control characters/],
    [{ ...MOON, id: 'Bad Id' }, 'id', /cannot be a site's id/],
    [{ ...MOON, id: '__proto__' }, 'id', /cannot be a site's id/],
    [{ ...MOON, timezone: 'Mars/Olympus' }, 'timezone', /is not a time zone/],
    [{ ...MOON, hosts: 'moon.example' }, 'hosts', /^"hosts" must be a list of texts\.$/],
    [{ ...MOON, hosts: ['a.example', null] }, 'hosts.1', /^"hosts.1" must be text\.$/],
    [{ ...MOON, hosts: ['https://a.example/'] }, 'hosts', /is not a host name/],
    [{ ...MOON, hosts: Array(101).fill('a.example') }, 'hosts', /at most 100/],
    [{ ...MOON, excludedAddresses: ['10.0.0.0/99'] }, 'excludedAddresses', /is not an address/],
    [{ ...MOON, excludedPaths: ['/*'] }, 'excludedPaths', /every page/],
    [{ ...MOON, excludedReferrers: ['https://pay.example/'] }, 'excludedReferrers', /is not a host name/],
    [{ ...MOON, storage: 'cookie' }, 'storage', /^"storage" must be one of record, none\.$/],
    [{ ...MOON, signals: null }, 'signals', /must be one of/],
    [{ ...MOON, keep: 12 }, 'keep', /must be an object/],
    [{ ...MOON, keep: { day: '12' } }, 'keep.day', /^"keep.day" must be a number of months/],
    [{ ...MOON, keep: { day: 1 } }, 'keep.day', /from 2 to 1200/],
    [{ ...MOON, keep: { day: 24, month: 12 } }, 'keep', /Days cannot be kept longer/],
    [{ ...MOON, keep: { days: 12 } }, 'days', /^"days" is not a field of "keep", which takes day, month, year\. .*"day"\?$/],
    [{ ...MOON, tilte: 'a' }, 'tilte', /^"tilte" is not a field of a new site, which takes id, .* Did you mean "title"\?$/],
    [{ ...MOON, createdAtMs: 1 }, 'createdAtMs', /is not a field/],
    [{ ...MOON, '<script>': 1 }, undefined, /^There is a field that does not exist/],
  ])('refuses %j and names the field', async (body, field, message) => {
    const before = everything();
    const answer = await send(all, 'POST', SITES, body);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({ code: 'bad-request', message: expect.stringMatching(message), ...(field && { field }) });
    expect(everything()).toBe(before);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('refuses a field called %s', async (name) => {
    const headers = { ...bearer(all).headers, 'Content-Type': 'application/json' };
    const body = JSON.stringify(MOON).replace('{', `{"${name}":{"isOperator":true,"hosts":["a.example"]},`);
    const answer = await sendRaw('POST', SITES, { headers, body });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).field).toBe(name);
    const inner = JSON.stringify(MOON).replace('}', `,"keep":{"${name}":12}}`);
    expect((await sendRaw('POST', SITES, { headers, body: inner })).status).toBe(400);
    expect(({} as Record<string, unknown>).isOperator).toBeUndefined();
    expect(web.accounts.site('moon')).toBeUndefined();
  });

  it('allows a site that is called constructor or all, whose owner has no right on others', async () => {
    const carl = await person('carl', { sitesMax: 3 });
    await person('dora', {});
    for (const id of ['constructor', 'all']) {
      const path = `${SITES}/${id}`;
      expect((await send(carl, 'POST', SITES, { ...MOON, id })).status).toBe(201);
      expect((await send(carl, 'GET', `${path}/tokens`)).body).toEqual({ tokens: [] });
      expect((await send(carl, 'DELETE', `${path}/tokens/${all.slice(4, 12)}`)).status).toBe(404);
      expect((await send(carl, 'PATCH', `${path}/members/dora`, { role: 'owner' })).status).toBe(404);
    }
    expect(web.people.directory.person('dora')?.sites).toEqual({});
    expect(web.accounts.token(all)).toBeDefined();
  });
});

describe('asking what a change of the time zone would do', () => {
  const ZONE = `${GARDEN}/zone-change`;

  it('says what would be missing or occur twice, and changes nothing', async () => {
    const before = everything();
    const { status, body } = await send(all, 'GET', `${ZONE}?timezone=new%20york`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      minutes: -360,
      text: [expect.stringMatching(/America\/New_York/), expect.anything(), expect.anything()],
    });
    expect(everything()).toBe(before);
  });

  it.each([
    ['', 'timezone', /is missing/],
    ['?timezone=Nowhere', 'timezone', /is not a time zone/],
    ['?timezone=UTC&timezone=UTC', 'timezone', /more than once/],
    ['?zone=UTC', 'zone', /is not a parameter/],
  ])('refuses %s', async (query, field, message) => {
    const answer = await send(all, 'GET', ZONE + query);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ field, message: expect.stringMatching(message) });
  });
});

describe('changing a site', () => {
  it('changes the given settings only', async () => {
    const { status, body } = await send(all, 'PATCH', GARDEN, { title: 'Park', hosts: [] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'garden', title: 'Park', hosts: [], excludedAddresses: ['10.0.0.0/8'] });
    expect(body).not.toHaveProperty('zoneChange');
    expect(web.accounts.site('garden')).toEqual({ ...exampleSite, title: 'Park', hosts: [] });
    expect(ledger).toEqual([]);
  });

  it('changes how long days, months and years are kept one by one; null is the default', async () => {
    const keepAfter = async (keep: object) => ((await send(all, 'PATCH', GARDEN, { keep })).body as { keep: object }).keep;
    expect(await keepAfter({ year: 'always' })).toEqual({ day: 12, month: 'always', year: 'always' });
    expect(await keepAfter({ day: null })).toEqual({ day: null, month: 'always', year: 'always' });
    expect(await keepAfter({ month: null, year: null })).toEqual({ day: null, month: null, year: null });
    expect(web.accounts.site('garden')?.keep).toEqual({});
    expect(await keepAfter({})).toEqual({ day: null, month: null, year: null });
  });

  it('with nothing in it answers the site as it is', async () => {
    const before = everything();
    expect((await send(all, 'PATCH', GARDEN, {})).body).toEqual((await send(all, 'GET', GARDEN)).body);
    expect(everything()).toBe(before);
  });

  it('says which local times are missing or occur twice when the time zone changes, and records these days', async () => {
    const { body } = await send(all, 'PATCH', GARDEN, { timezone: 'Asia/Tokyo' });
    expect(body).toMatchObject({
      timezone: 'Asia/Tokyo',
      zoneChange: {
        minutes: 480,
        from: '2026-11-20 13:00',
        to: '2026-11-20 21:00',
        firstDay: '2026-11-20',
        lastDay: '2026-11-20',
        text: [
          expect.stringContaining('counted in Asia/Tokyo'),
          expect.stringContaining('leaps forward by 8 hours'),
          expect.any(String),
        ],
      },
    });
    expect(ledger).toHaveLength(1);
    const again = await send(all, 'PATCH', GARDEN, { timezone: 'Asia/Tokyo' });
    expect(again.body).not.toHaveProperty('zoneChange');
    expect(ledger).toHaveLength(1);
  });

  it.each<[object, string, RegExp]>([
    [{ id: 'other' }, 'id', /is not a field of the settings of a site/],
    [{ title: null }, 'title', /must be text/],
    [{ title: 'x'.repeat(101) }, 'title', /too long/],
    [{ timezone: 'Nowhere' }, 'timezone', /is not a time zone/],
    [{ keep: { day: 24, month: 3 } }, 'keep', /Days cannot be kept longer/],
    [{ keep: null }, 'keep', /must be an object/],
    [{ title: 'Good', host: [] }, 'host', /Did you mean "hosts"/],
  ])('refuses %j as a whole', async (body, field, message) => {
    const before = everything();
    const answer = await send(all, 'PATCH', GARDEN, body);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toEqual({ code: 'bad-request', field, message: expect.stringMatching(message) });
    expect(everything()).toBe(before);
  });

  it('shows excluded addresses to those who may change the site, and to nobody else', async () => {
    const editor = await person('eve', { sites: { garden: 'editor' } });
    const viewer = await person('vic', { sites: { garden: 'viewer' } });
    for (const secret of [all, editor, await token(['garden'], 'write')]) {
      expect((await send(secret, 'GET', GARDEN)).body).toMatchObject({ excludedAddresses: ['10.0.0.0/8'] });
    }
    for (const secret of [viewer, await token(['garden'], 'read'), await token('all', 'read')]) {
      const { body } = await send(secret, 'GET', GARDEN);
      for (const field of ['excludedAddresses', 'excludedPaths', 'excludedReferrers']) expect(body).not.toHaveProperty(field);
      expect((await send(secret, 'PATCH', GARDEN, { title: 'Mine' })).status).toBe(403);
    }
    expect(JSON.stringify((await send(all, 'GET', SITES)).body)).not.toContain('10.0.0.0');
    expect(web.accounts.site('garden')?.title).toBe(exampleSite.title);
  });
});

describe('the share links of a site', () => {
  const SHARES = `${GARDEN}/shares`;
  const listed = async () => (await send(all, 'GET', SHARES)).body.shares as Array<Record<string, unknown>>;

  it('are created with a link that is shown once and works, and are revoked once', async () => {
    const expiresAt = new Date(NOW_MS + 86_400_000).toISOString();
    const fields = { title: ' For the club ', expiresAt, mayBeEmbedded: true, reports: ['content', 'traffic', 'content'] };
    const created = await send(all, 'POST', SHARES, fields);
    expect(created.status).toBe(201);
    const { link, ...shown } = created.body as { link: string; id: string };
    expect(shown).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f]{64}$/), title: 'For the club', hasPassword: false, mayBeEmbedded: true },
      ...{ expiresAt, reports: ['traffic', 'content'], createdAt: new Date(NOW_MS).toISOString() },
    });
    expect(await listed()).toEqual([shown]);
    const path = link.slice(web.base.length);
    expect((await web.call(path)).status).toBe(200);
    expect((await web.call(`${path}api/v1/sites/garden/minutes`)).status).toBe(403);
    expect((await send(all, 'DELETE', `${SHARES}/${shown.id}`)).status).toBe(204);
    expect([(await web.call(path)).status, await listed()]).toEqual([404, []]);
    const again = await send(all, 'DELETE', `${SHARES}/${shown.id}`);
    expect([again.status, errorOf(again).code]).toEqual([404, 'unknown-share']);
  });

  it('may have a password, and show everything until they are revoked if nothing else was asked for', async () => {
    await send(all, 'POST', SHARES, { title: 'open' });
    await send(all, 'POST', SHARES, { title: 'locked', password: 'open sesame' });
    const shown = (await listed()).map(({ title, hasPassword, expiresAt, reports }) => [title, hasPassword, expiresAt, reports]);
    expect(shown.sort()).toEqual([
      ['locked', true, null, null],
      ['open', false, null, null],
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['title', { title: ' ' }],
    ['title', {}],
    ['password', { title: 'a', password: 'x'.repeat(501) }],
    ['expiresAt', { title: 'a', expiresAt: new Date(NOW_MS).toISOString() }],
    ['expiresAt', { title: 'a', expiresAt: '2400-01-01T00:00:00Z' }],
    ['expiresAt', { title: 'a', expiresAt: 'tomorrow' }],
    ['reports', { title: 'a', reports: ['content', 'everything'] }],
    ['reports', { title: 'a', reports: 'content' }],
    ['mayBeEmbedded', { title: 'a', mayBeEmbedded: 'yes' }],
  ])('are refused because of "%s" in %j, and nothing is stored', async (field, body) => {
    const answer = await send(all, 'POST', SHARES, body);
    expect([answer.status, errorOf(answer).field, await listed()]).toEqual([400, field, []]);
  });

  it('are limited, and revoking one makes room', async () => {
    const share = { site: 'garden', title: 'a', password: '', untilMs: undefined, mayBeEmbedded: false };
    for (let i = 0; i < SHARES_OF_SITE_MAX; i++) await web.people.shares.create(share);
    const refused = await send(all, 'POST', SHARES, { title: 'a' });
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'too-many']);
    expect(errorOf(refused).message).toContain('Revoke those that nobody uses');
    await send(all, 'DELETE', `${SHARES}/${(await listed())[0]?.id}`);
    expect((await send(all, 'POST', SHARES, { title: 'a' })).status).toBe(201);
  });

  it('of another site are neither listed nor revoked', async () => {
    await web.accounts.addSite({ ...exampleSite, id: 'moon' });
    const { id } = (await send(all, 'POST', '/api/v1/sites/moon/shares', { title: 'a' })).body;
    expect([await listed(), (await send(all, 'DELETE', `${SHARES}/${id}`)).status]).toEqual([[], 404]);
    expect(web.people.shares.ofSite('moon')).toHaveLength(1);
  });
});

describe('the tokens of a site', () => {
  const TOKENS = `${GARDEN}/tokens`;
  const listed = async () => (await send(all, 'GET', TOKENS)).body.tokens as Array<Record<string, unknown>>;

  it('are created with a secret that is shown once and works', async () => {
    const created = await send(all, 'POST', TOKENS, { title: ' for the wall ', scope: 'read' });
    expect(created.status).toBe(201);
    const { secret, ...shown } = created.body as { secret: string };
    expect(shown).toEqual({
      prefix: secret.slice(4, 12),
      title: 'for the wall',
      scope: 'read',
      createdAt: new Date(NOW_MS).toISOString(),
      isRevocable: true,
    });
    expect(await listed()).toEqual([shown]);
    expect((await send(secret, 'GET', GARDEN)).status).toBe(200);
    expect((await send(secret, 'PATCH', GARDEN, { title: 'Mine' })).status).toBe(403);
    const writing = (await send(all, 'POST', TOKENS, { title: 'writes', scope: 'write' })).body.secret as string;
    expect((await send(writing, 'PATCH', GARDEN, { title: 'Mine' })).status).toBe(200);
    expect((await send(writing, 'POST', SITES, MOON)).status).toBe(403);
  });

  it('are limited for each site', async () => {
    for (let i = 0; i < TOKENS_OF_SITE_MAX; i++) await token(['garden'], 'read');
    const refused = await send(all, 'POST', TOKENS, { title: 'a', scope: 'read' });
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'too-many']);
    await web.accounts.addSite({ ...exampleSite, id: 'moon' });
    expect((await send(all, 'POST', '/api/v1/sites/moon/tokens', { title: 'a', scope: 'read' })).status).toBe(201);
  });

  it('show on which day each was last used', async () => {
    const created = (await send(all, 'POST', TOKENS, { title: 'a', scope: 'read' })).body;
    expect(created.lastUsedDay).toBeUndefined();
    await send(created.secret as string, 'GET', GARDEN);
    await until(async () => (await listed())[0]?.lastUsedDay === '2026-11-20');
  });

  it('are listed, and read, also while no use can be recorded or read', async () => {
    const away = async () => {
      throw new Error('no answer');
    };
    web = await startWeb({ seen: (accounts) => ({ ...accounts, recordTokenUse: away, tokenUses: away }) });
    await web.accounts.addSite(exampleSite);
    all = await token('all', 'write');
    const own = await token(['garden'], 'read');
    expect(await listed()).toEqual([expect.objectContaining({ prefix: own.slice(4, 12) })]);
    expect((await send(own, 'GET', GARDEN)).status).toBe(200);
  });

  it('are revoked by their prefix, once', async () => {
    const { secret, prefix } = (await send(all, 'POST', TOKENS, { title: 'a', scope: 'read' })).body as Record<string, string>;
    const revoked = await send(all, 'DELETE', `${TOKENS}/${prefix}`);
    expect([revoked.status, revoked.body]).toEqual([204, {}]);
    expect((await send(secret as string, 'GET', GARDEN)).status).toBe(401);
    const again = await send(all, 'DELETE', `${TOKENS}/${prefix}`);
    expect([again.status, errorOf(again).code]).toEqual([404, 'unknown-token-prefix']);
  });

  it('are listed without those for all sites, and are revoked only if they are for this site alone', async () => {
    await web.accounts.addSite({ ...exampleSite, id: 'moon' });
    const shared = await token(['garden', 'moon'], 'read');
    const moons = await token(['moon'], 'read');
    expect(await listed()).toEqual([expect.objectContaining({ prefix: shared.slice(4, 12), isRevocable: false })]);
    for (const secret of [shared, moons, all]) {
      const answer = await send(all, 'DELETE', `${TOKENS}/${secret.slice(4, 12)}`);
      expect([answer.status, errorOf(answer).code]).toEqual([404, 'unknown-token-prefix']);
      expect(web.accounts.token(secret)).toBeDefined();
    }
  });

  it.each<[object, string]>([
    [{ title: '', scope: 'read' }, 'title'],
    [{ title: 'x'.repeat(101), scope: 'read' }, 'title'],
    [{ title: 'a\u0007', scope: 'read' }, 'title'],
    [{ scope: 'read' }, 'title'],
    [{ title: 'a' }, 'scope'],
    [{ title: 'a', scope: 'admin' }, 'scope'],
    [{ title: 'a', scope: 'read', sites: 'all' }, 'sites'],
  ])('are not created from %j', async (body, field) => {
    const before = everything();
    const answer = await send(all, 'POST', TOKENS, body);
    expect([answer.status, errorOf(answer).field]).toEqual([400, field]);
    expect(everything()).toBe(before);
  });
});

describe('the members of a site', () => {
  const MEMBERS = `${GARDEN}/members`;
  const olga = () => person('olga', { sites: { garden: 'owner' } });
  const roles = async () => {
    const { members } = (await send(all, 'GET', MEMBERS)).body as { members: Array<{ id: string; role: string }> };
    return Object.fromEntries(members.map(({ id, role }) => [id, role]));
  };

  it('are listed without secrets, with the invitations that are pending', async () => {
    const owner = await olga();
    await person('bob', { sites: { moon: 'viewer' } });
    await send(owner, 'POST', MEMBERS, { email: 'Anna@Example.com', role: 'editor' });
    expect((await send(owner, 'GET', MEMBERS)).body).toEqual({
      members: [{ id: 'olga', name: 'Person olga', email: 'olga@example.com', role: 'owner' }],
      teams: [],
      invitations: [
        {
          email: 'anna@example.com',
          role: 'editor',
          invitedBy: 'Person olga',
          expiresAt: new Date(NOW_MS + 14 * 86_400_000).toISOString(),
        },
      ],
    });
  });

  it('are invited by a link that gives them their role', async () => {
    const created = await send(await olga(), 'POST', MEMBERS, { email: 'bob@example.com', role: 'viewer' });
    expect(created.status).toBe(201);
    const link = created.body.link as string;
    expect(link).toMatch(new RegExp(`^${web.base}/invitations/[\\w-]{43}$`));
    expect(created.body).toEqual({
      email: 'bob@example.com',
      role: 'viewer',
      invitedBy: 'Person olga',
      expiresAt: new Date(NOW_MS + 14 * 86_400_000).toISOString(),
      link,
      mailed: false,
    });
    const bob = await person('bob', {});
    expect((await web.call(new URL(link).pathname, { ...cookie(bob), method: 'POST' })).status).toBe(303);
    expect(await roles()).toEqual({ olga: 'owner', bob: 'viewer' });
  });

  it('change their role and are removed', async () => {
    const owner = await olga();
    const bob = await person('bob', { sites: { garden: 'viewer', moon: 'owner' } });
    const changed = await send(owner, 'PATCH', `${MEMBERS}/bob`, { role: 'editor' });
    expect([changed.status, changed.body]).toEqual([
      200,
      { id: 'bob', name: 'Person bob', email: 'bob@example.com', role: 'editor' },
    ]);
    expect((await send(bob, 'PATCH', GARDEN, { title: "Bob's" })).status).toBe(200);
    expect((await send(owner, 'DELETE', `${MEMBERS}/bob`)).status).toBe(204);
    expect((await send(bob, 'GET', GARDEN)).status).toBe(404);
    expect(web.people.directory.person('bob')?.sites).toEqual({ moon: 'owner' });
    expect(await roles()).toEqual({ olga: 'owner' });
  });

  it('keep at least one owner', async () => {
    const owner = await olga();
    const before = everything();
    const answers = [
      await send(owner, 'PATCH', `${MEMBERS}/olga`, { role: 'viewer' }),
      await send(owner, 'DELETE', `${MEMBERS}/olga`),
      await send(all, 'DELETE', `${MEMBERS}/olga`),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(409);
      expect(errorOf(answer)).toEqual({ code: 'last-owner', message: expect.stringContaining('only owner') });
    }
    expect(everything()).toBe(before);
    expect((await send(owner, 'PATCH', `${MEMBERS}/olga`, { role: 'owner' })).status).toBe(200);
    await person('bob', { sites: { garden: 'owner' } });
    expect((await send(owner, 'DELETE', `${MEMBERS}/olga`)).status).toBe(204);
    expect(await roles()).toEqual({ bob: 'owner' });
  });

  it('keep an owner although two owners remove each other at the same time', async () => {
    const owner = await olga();
    const bob = await person('bob', { sites: { garden: 'owner' } });
    const answers = await Promise.all([
      send(owner, 'DELETE', `${MEMBERS}/bob`),
      send(bob, 'PATCH', `${MEMBERS}/olga`, { role: 'viewer' }),
    ]);
    expect(answers.filter(({ status }) => status < 300).length).toBeLessThan(2);
    expect(Object.values(await roles())).toContain('owner');
  });

  it.each(['nobody', 'bob', '__proto__', 'constructor', 'a'.repeat(4000), '%00', '%F0%9F%98%80'])(
    'do not include %.20s',
    async (id) => {
      await olga();
      await person('bob', { sites: { moon: 'owner' } });
      const before = everything();
      const answers = [
        await send(all, 'PATCH', `${MEMBERS}/${id}`, { role: 'owner' }),
        await send(all, 'DELETE', `${MEMBERS}/${id}`),
      ];
      for (const answer of answers) expect([answer.status, errorOf(answer).code]).toEqual([404, 'unknown-member']);
      expect(everything()).toBe(before);
    },
  );

  it.each<[object, string]>([
    [{ email: 'not an address', role: 'viewer' }, 'email'],
    [{ email: ['a@example.com'], role: 'viewer' }, 'email'],
    [{ role: 'viewer' }, 'email'],
    [{ email: 'a@example.com' }, 'role'],
    [{ email: 'a@example.com', role: 'operator' }, 'role'],
    [{ email: 'a@example.com', role: 'viewer', isOperator: true }, 'isOperator'],
  ])('are not invited by %j', async (body, field) => {
    const before = everything();
    const answer = await send(all, 'POST', MEMBERS, body);
    expect([answer.status, errorOf(answer).field]).toEqual([400, field]);
    expect(everything()).toBe(before);
  });
});

const WRITES = (Object.keys(CALLS) as Array<keyof typeof CALLS>).filter((route) => !route.startsWith('GET '));
/** Calls that a token can make; that about an account is in account.test.ts. */
const WITH_BODY = WRITES.filter((route) => !route.startsWith('DELETE ') && !route.endsWith('/account'));
const pathOf = (route: string, ids: { prefix?: string; person?: string } = {}) => {
  const [method, pattern] = route.split(' ') as [string, string];
  const path = pattern
    .replace(':site', 'garden')
    .replace(':prefix', ids.prefix ?? 'none')
    .replace(':person', ids.person ?? 'olga');
  return { method, path };
};

describe.each(WITH_BODY)('the body of %s', (route) => {
  const { method, path } = pathOf(route);
  const json = (): Record<string, string> => ({ ...(bearer(all).headers as object), 'Content-Type': 'application/json' });

  it.each<[string, (headers: Record<string, string>) => RequestInit, RegExp]>([
    ['that is no JSON', (headers) => ({ headers, body: '{"title":' }), /not valid JSON/],
    ['that is a list', (headers) => ({ headers, body: '[]' }), /must be a JSON object/],
    ['that is null', (headers) => ({ headers, body: 'null' }), /must be a JSON object/],
    ['that is text', (headers) => ({ headers, body: '"title"' }), /must be a JSON object/],
    ['that is missing', ({ Authorization = '' }) => ({ headers: { Authorization } }), /must be a JSON object/],
    ['of a form', (headers) => ({ headers: { ...headers, 'Content-Type': 'text/plain' }, body: '{}' }), /must be a JSON object/],
    ['in another encoding', (headers) => ({ headers: { ...headers, 'Content-Encoding': 'gzip' }, body: '{}' }), /compressed/],
    [
      'in another character set',
      (headers) => ({ headers: { ...headers, 'Content-Type': 'application/json; charset=latin1' }, body: '{}' }),
      /UTF-8/,
    ],
    ['over 32 KB', (headers) => ({ headers, body: `{"title":"${'x'.repeat(33_000)}"}` }), /at most 32 KB/],
    ['that is deep', (headers) => ({ headers, body: `{"title":${'['.repeat(15_000)}${']'.repeat(15_000)}}` }), /^"(title|id)"/],
  ])('%s is refused', async (_what, init, message) => {
    const before = everything();
    const answer = await sendRaw(method, path, init(json()));
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'bad-request', message: expect.stringMatching(message) });
    expect(everything()).toBe(before);
    expect(web.logged).toEqual([]);
  });

  it('over 32 KB is refused although its length is not announced', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${web.base}${path}`, { method, headers: json() }, (res) => {
        resolve(res.statusCode);
        res.resume();
      });
      sent.on('error', reject);
      sent.write('{"title":"');
      sent.write('x'.repeat(40_000));
      sent.end('"}');
    });
    expect(status).toBe(400);
  });
});

describe.each(WRITES)('%s', (route) => {
  it("from another web site is refused, even with the owner's cookie", async () => {
    const owner = await person('olga', { sites: { garden: 'owner' }, sitesMax: 9 });
    const { method, path } = pathOf(route);
    const before = everything();
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'null' }]) {
      const answer = await sendRaw(method, path, {
        headers: { ...(cookie(owner).headers as object), ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ ...MOON, scope: 'read', role: 'viewer' }),
      });
      expect([answer.status, errorOf(answer).code]).toEqual([403, 'other-origin']);
    }
    expect(everything()).toBe(before);
  });

  it('answers hostile input without failing, and changes nothing unless it succeeds', async () => {
    const owner = await person('olga', { sites: { garden: 'owner' }, sitesMax: 1000 });
    const names = [
      'id',
      'title',
      'timezone',
      'hosts',
      'excludedAddresses',
      'excludedPaths',
      'excludedReferrers',
      'queryParameters',
      'storage',
      'signals',
      'keep',
    ];
    const name = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...names, 'email', 'role', 'scope') },
      fc.constantFrom('__proto__', 'constructor', 'toString', 'createdAtMs', '$set', 'a.b', ''),
      fc.string({ unit: 'binary' }),
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom<unknown>('UTC', 'garden', 'moon', 'read', 'owner', 'viewer', 'none', 'ignored', 'a@example.com', []),
      fc.constantFrom<unknown>(NaN, -1, 1e308, '\ud800', '\0', 'a'.repeat(5000), { day: 3 }, { $gt: '' }, ['*'], ['::/0']),
    );
    const body = fc.oneof(
      { weight: 5, arbitrary: fc.array(fc.tuple(name, value), { maxLength: 6 }).map(jsonOf) },
      fc.array(fc.tuple(name, value), { maxLength: 3 }).map((entries) => jsonOf([...Object.entries(MOON), ...entries])),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    const segment = fc.oneof(fc.constantFrom('olga', 'none', '__proto__', '%00', '%2F', '..', '%'), fc.webSegment());
    await fc.assert(
      fc.asyncProperty(body, segment, fc.constantFrom(all, owner), async (text, id, secret) => {
        const { method, path } = pathOf(route, { prefix: id || 'x', person: id || 'x' });
        const before = everything();
        const headers = { ...(secret === all ? bearer(all) : cookie(owner)).headers, 'Content-Type': 'application/json' };
        const answer = await sendRaw(method, path, { headers, body: text });
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) {
          expect(errorOf(answer)).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/\.$|\?$/) });
          expect(everything()).toBe(before);
        }
        for (const site of web.accounts.sites()) expect(checkSite({ ...site })).toHaveProperty('settings');
        expect(web.people.directory.person('olga')?.sites.garden).toBe('owner');
        expect(web.accounts.token(all)).toBeDefined();
      }),
      { numRuns: 60 },
    );
    expect(web.logged).toEqual([]);
  });
});

/** Unlike an object, it may have a name twice, or `__proto__`. */
function jsonOf(entries: ReadonlyArray<readonly [string, unknown]>): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`;
}

it('the OpenAPI document shows the limits that are enforced', async () => {
  const { components } = (await send(all, 'GET', '/api/v1/openapi.json')).body as {
    components: {
      schemas: Record<string, { required: string[]; additionalProperties: boolean; properties: Record<string, object> }>;
    };
  };
  const { NewSite, NewToken, SiteChanges } = components.schemas;
  expect(NewSite).toMatchObject({ required: ['id', 'title', 'timezone'], additionalProperties: false });
  expect(NewSite?.properties).toMatchObject({
    id: { type: 'string', pattern: expect.any(String) },
    title: { type: 'string', maxLength: 100 },
    hosts: { type: 'array', maxItems: 100, items: { type: 'string' } },
    keep: {
      properties: { day: { anyOf: [{ type: 'integer', minimum: 2, maximum: 1200 }, { const: 'always' }, { type: 'null' }] } },
    },
  });
  expect(SiteChanges).not.toHaveProperty('required');
  expect(SiteChanges?.properties).not.toHaveProperty('id');
  expect(NewToken?.properties).toMatchObject({ title: { maxLength: 100 }, scope: { enum: ['read', 'write'] } });
});

it('every call of the table has a route', () => {
  const isOther = (route: string) => /:report|\/(reports|live)$/.test(route);
  const calls = Object.keys(ROUTES).filter((route) => / \/api\/v1\/(account|sites|overview)/.test(route) && !isOther(route));
  expect(Object.keys(CALLS).sort()).toEqual(calls.sort());
});
