// Who may call which route: every route in the table, as every kind of caller.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { bearer, cookie, startWeb, stopWebs, type Web } from '../../test/fixtures/web.js';
import { exampleSite } from '../store/contracts/accounts.js';
import { type GuardedRoute, ROUTES, type Role } from './routes.js';

const TEAMS = ['team-owner', 'team-editor', 'team-viewer', 'other-team-owner'] as const;
const PEOPLE = ['operator', 'owner', 'editor', 'viewer', 'creator', 'other-owner', 'signed-out', ...TEAMS] as const;
const TOKENS = ['read-token', 'write-token', 'read-all-token', 'write-all-token', 'other-token', 'revoked-token'] as const;
const CALLERS = ['nobody', ...PEOPLE, ...TOKENS] as const;
type Name = (typeof CALLERS)[number];

const KNOWN: readonly Name[] = CALLERS.filter((name) => !['nobody', 'signed-out', 'revoked-token'].includes(name));

/** Who is let through, by the role that a route needs. Everybody else is refused. */
const ALLOWED: Readonly<Record<Exclude<Role, 'open'>, readonly Name[]>> = {
  anyone: CALLERS,
  'first-run': [], // there are people already
  reader: KNOWN,
  person: ['operator', 'owner', 'editor', 'viewer', 'creator', 'other-owner', ...TEAMS],
  'site-creator': ['operator', 'creator', 'write-all-token'],
  operator: ['operator'],
  'site-viewer': [
    ...(['operator', 'owner', 'editor', 'viewer', 'team-owner', 'team-editor', 'team-viewer'] as const),
    ...(['read-token', 'write-token', 'read-all-token', 'write-all-token'] as const),
  ],
  'site-editor': ['operator', 'owner', 'editor', 'team-owner', 'team-editor', 'write-token', 'write-all-token'],
  'site-owner': ['operator', 'owner', 'team-owner', 'write-token', 'write-all-token'],
  'site-direct-owner': ['operator', 'owner', 'write-token', 'write-all-token'],
  'team-creator': ['operator', 'owner', 'editor', 'viewer', 'creator', 'other-owner'], // editor and viewer own another site
  'team-member': ['operator', 'team-owner', 'team-editor', 'team-viewer'],
  'team-owner': ['operator', 'team-owner'],
};

/** These may view the site or the team, so they are told that they may not do more. For the others it does not exist. */
const VIEWERS = ALLOWED['site-viewer'];
const MEMBERS = ALLOWED['team-member'];

let web: Web;
const secrets = new Map<Name, string>();

beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.accounts.addSite({ ...exampleSite, id: 'moon' });
  const { directory, sessions } = web.people;
  const person = async (name: Name, rights: Parameters<typeof personOf>[1]) => {
    await directory.add(personOf(name, rights));
    secrets.set(name, await sessions.begin(name, 'Firefox'));
  };
  await person('operator', { isOperator: true });
  await person('owner', { sites: { garden: 'owner' } });
  await person('editor', { sites: { garden: 'editor', moon: 'owner' } });
  await person('viewer', { sites: { garden: 'viewer', moon: 'owner' } });
  await person('creator', { sitesMax: 1 });
  await person('other-owner', { sites: { moon: 'owner' }, sitesMax: 1 });
  await person('signed-out', { isOperator: true });
  await sessions.end('signed-out', () => true);
  for (const name of TEAMS) await person(name, {});
  const team = async (owner: Name, site: string) => {
    const { teamChanges, teams } = web.people;
    await teamChanges.create(owner, owner);
    const id = teams.ofPerson(owner)[0]?.id as string;
    await teamChanges.addSite(id, site);
    return id;
  };
  await team('other-team-owner', 'moon');
  PARAMETERS.team = await team('team-owner', 'garden');
  await web.people.teamMembers.join(PARAMETERS.team, 'team-editor', 'editor');
  await web.people.teamMembers.join(PARAMETERS.team, 'team-viewer', 'viewer');

  const token = async (name: Name, sites: readonly string[] | 'all', scope: 'read' | 'write' = 'read') => {
    const { secret, token } = await web.accounts.addToken({ title: name, sites, scope, nowMs: 1 });
    secrets.set(name, secret);
    return token.prefix;
  };
  await token('read-token', ['garden']);
  await token('write-token', ['garden'], 'write');
  await token('read-all-token', 'all');
  await token('write-all-token', 'all', 'write');
  await token('other-token', ['moon'], 'write');
  await web.accounts.revokeToken(await token('revoked-token', 'all', 'write'));
});
afterAll(stopWebs);

const PARAMETERS: Record<string, string> = {
  site: 'garden',
  report: 'traffic',
  secret: 'wrong',
  prefix: 'none',
  person: 'none',
  share: 'none',
  annotation: 'none',
};

/** What the service answers to a call without fields or parameters: the status, and the code of its error. */
async function call(route: string, name: Name): Promise<{ status: number; code: string }> {
  const [method, pattern] = route.split(' ') as [string, string];
  const path = pattern.replaceAll(/:(\w+)/g, (_, parameter: string) => PARAMETERS[parameter] ?? '');
  const secret = secrets.get(name);
  const init = secret === undefined ? {} : secret.startsWith('hit_') ? bearer(secret) : cookie(secret);
  const abort = new AbortController();
  const response = await web.call(path, { ...init, method, signal: abort.signal });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = isStream ? '' : await response.text();
  abort.abort();
  return { status: response.status, code: /"code":"([a-z-]+)"/.exec(text)?.[1] ?? text };
}

const guarded = (Object.keys(ROUTES) as GuardedRoute[]).filter((route) => (ROUTES[route] as Role) !== 'open');
// it ends the session of its caller
const routes = guarded.filter((route) => route !== 'POST /sign-out');

describe.each(routes)('%s', (route) => {
  const role = ROUTES[route];

  it.each(CALLERS)('%s', async (name) => {
    const { status, code } = await call(route, name);
    const isAllowed = ALLOWED[role].includes(name);
    if (isAllowed) {
      expect(status).not.toBe(401);
      expect(status).not.toBe(403);
      expect(code).not.toMatch(/unknown-site|no such site/);
      expect(status).toBeLessThan(500);
    } else if (role === 'first-run') expect(status).toBe(404);
    else if (!KNOWN.includes(name)) expect([401, route === 'GET /' ? 200 : 401]).toContain(status);
    else if (role.startsWith('site-') && role !== 'site-creator' && !VIEWERS.includes(name)) {
      expect(status).toBe(404);
      expect(code).toMatch(/unknown-site|no such site/);
    } else if (
      role.startsWith('team-') &&
      role !== 'team-creator' &&
      (PEOPLE as readonly Name[]).includes(name) &&
      !MEMBERS.includes(name)
    ) {
      expect(status).toBe(404);
      expect(code).toMatch(/in no such team/);
    } else expect(status).toBe(403);
  });
});

it('no route is left out, and each needs one of the roles', () => {
  expect(guarded.every((route) => Object.hasOwn(ALLOWED, ROUTES[route]))).toBe(true);
  expect(routes.length).toBeGreaterThan(30);
});

/** With a target that `fetch` would rewrite. */
function statusOf(target: string, name: Name): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(web.base);
    const headers = { Authorization: `Bearer ${secrets.get(name)}`, 'Content-Type': 'application/x-www-form-urlencoded' };
    const request = httpRequest({ hostname, port, method: 'POST', path: target, headers }, (response) => {
      resolve(response.resume().statusCode);
    });
    request.on('error', reject).end('email=a%40example.com&password=a+guess');
  });
}

it('a target that Express would understand otherwise than the table is refused, so that no limit is avoided', async () => {
  for (const target of [`${web.base}/sign-in`, '/sign-in#x']) expect(await statusOf(target, 'viewer')).toBe(404);
});

it('a method or path that is not in the table is refused for everybody', async () => {
  for (const name of CALLERS) {
    for (const route of ['DELETE /sites/garden', 'PUT /api/v1/sites/garden', 'GET /sites/garden/tokens', 'POST /people']) {
      expect((await call(route, name)).status).toBe(404);
    }
  }
});
