// Teams, as their members and the owners of their sites see and change them, and what nobody can do through a team.
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signedInAs, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { TEAMS_MAX } from '../../store/too-many.js';

type Browser = Awaited<ReturnType<typeof signedInAs>>;

const EVIL = '"><script>alert(1)</script>';

let web: Web;
/** Owns the site garden. */
let olga: Browser;
let bob: Browser;
beforeEach(async () => {
  web = await startWeb();
  for (const id of ['garden', 'moon']) await web.accounts.addSite({ ...exampleSite, id });
  olga = await signedInAs(web, 'olga', { sites: { garden: 'owner' } });
  bob = await signedInAs(web, 'bob');
});
afterAll(stopWebs);

const textOf = async (response: Promise<Response>): Promise<string> => (await (await response).text()).replaceAll(/\s+/g, ' ');
const codeOf = async (response: Promise<Response>): Promise<string> => (await (await response).json()).error.code;
const linkIn = (page: string): string => /\/invitations\/[\w-]{43}/.exec(page)?.[0] as string;
const statusOf = async (response: Promise<Response>): Promise<number> => (await response).status;

/** Creates a team of the person, and returns its path. */
async function create(browser: Browser, name = 'Gardeners'): Promise<string> {
  const created = await browser.post('/teams', { name });
  return new URL(created.headers.get('location') ?? '', web.base).pathname;
}

async function invite(browser: Browser, path: string, guest: Browser, role: string): Promise<void> {
  const page = await textOf(browser.post(path, { act: 'invite', email: 'guest@example.com', role }));
  expect(await statusOf(guest.post(linkIn(page), {}))).toBe(303);
}

/** A team of Olga with the site garden, in which Bob has the role. */
async function sharedTeam(role: string): Promise<string> {
  const path = await create(olga);
  expect(await statusOf(olga.post(path, { act: 'add-site', site: 'garden' }))).toBe(303);
  await invite(olga, path, bob, role);
  return path;
}

describe('a team', () => {
  it('gives everybody in it the role on its sites, until they leave or the site does', async () => {
    const path = await sharedTeam('viewer');
    const access = async () => [
      await statusOf(bob.get('/api/v1/sites/garden')),
      await statusOf(bob.get('/sites/garden/settings')),
      (await (await bob.get('/api/v1/sites')).json()).sites.map(({ id }: { id: string }) => id),
    ];
    expect(await access()).toEqual([200, 403, ['garden']]);
    await olga.post(path, { act: 'role', person: 'bob', role: 'editor' });
    expect(await access()).toEqual([200, 200, ['garden']]);
    await olga.post(path, { act: 'remove-site', site: 'garden' });
    expect(await access()).toEqual([404, 404, []]);
    await olga.post(path, { act: 'add-site', site: 'garden' });
    await bob.post(`${path}/leave`, { act: 'leave' });
    expect(await access()).toEqual([404, 404, []]);
    expect(await statusOf(bob.get(path))).toBe(404);
  });

  it('ends the live views of its members when they lose the site', async () => {
    const path = await sharedTeam('viewer');
    const live = await bob.get('/api/v1/sites/garden/live');
    expect(live.status).toBe(200);
    await olga.post(path, { act: 'remove', person: 'bob' });
    expect(await live.text()).toContain('retry:'); // it ends
  });

  it('shows its members to its owners only, and all names as text', async () => {
    const path = await create(olga, EVIL);
    await olga.post(path, { act: 'add-site', site: 'garden' });
    await invite(olga, path, bob, 'viewer');
    for (const page of [await textOf(olga.get(path)), await textOf(bob.get(path)), await textOf(bob.get('/teams'))]) {
      expect(page).toContain('&lt;script&gt;');
      expect(page).not.toContain('<script>alert');
    }
    expect(await textOf(olga.get(path))).toContain('bob@example.com');
    expect(await textOf(bob.get(path))).not.toContain('olga@example.com');
    expect(await textOf(olga.get('/sites/garden/settings'))).toMatch(/Teams<\/h2>.*bob@example\.com<\/bdi>: viewer/);
  });

  it('is renamed, and deleted with its invitations; the sites remain', async () => {
    const path = await sharedTeam('viewer');
    for (const name of ['', ' ', 'x'.repeat(101), 'two\nlines', '\u202e'])
      expect(await statusOf(olga.post(path, { act: 'rename', name }))).toBe(400);
    await olga.post(path, { act: 'rename', name: 'Friends' });
    const page = await textOf(olga.post(path, { act: 'invite', email: 'carl@example.com', role: 'owner' }));
    expect([page.includes('<bdi>Friends</bdi>'), page.includes('1 open invitation ends')]).toEqual([true, true]);
    expect((await olga.post(path, { act: 'delete' })).headers.get('location')).toBe('/teams?done=deleted');
    expect([await statusOf(olga.get(path)), await statusOf(bob.get('/sites/garden'))]).toEqual([404, 404]);
    expect(await statusOf(web.call(linkIn(page)))).toBe(404);
    expect(await statusOf(olga.get('/sites/garden'))).toBe(200);
  });

  it('keeps an owner', async () => {
    const path = await sharedTeam('viewer');
    for (const act of [
      { act: 'remove', person: 'olga' },
      { act: 'role', person: 'olga', role: 'viewer' },
    ]) {
      const refused = await olga.post(path, act);
      expect([refused.status, (await refused.text()).includes('the only owner of the team')]).toEqual([409, true]);
    }
    expect(await statusOf(olga.post(`${path}/leave`, { act: 'leave' }))).toBe(409);
    expect(await textOf(olga.get('/account'))).toContain('You are the only owner of these teams.');
  });

  it('is managed by operators too, although it is not listed as theirs', async () => {
    const path = await sharedTeam('viewer');
    const anna = await signedInAs(web, 'anna', { isOperator: true });
    expect(await textOf(anna.get('/teams'))).toContain('You are in no team yet.');
    expect(await statusOf(anna.post(path, { act: 'add-site', site: 'moon' }))).toBe(303);
    expect(await statusOf(bob.get('/sites/moon'))).toBe(200);
  });

  it.each(['act=', 'act=fly', 'act=invite&email=no&role=viewer', 'act=role&person=bob&role=emperor', 'act=role&act=remove'])(
    'answers the wrong form %s with 400 and changes nothing',
    async (text) => {
      const path = await sharedTeam('viewer');
      const before = web.people.teams.all();
      const { headers } = { headers: { Cookie: `hitherto=${await web.people.sessions.begin('olga', 'x')}` } };
      const sent = { method: 'POST', headers, body: new URLSearchParams(text) };
      expect(await statusOf(web.call(path, sent))).toBe(400);
      expect(web.people.teams.all()).toEqual(before);
    },
  );
});

describe('through a team, nobody', () => {
  it('adds a site that is not their own', async () => {
    await web.people.directory.change('bob', (person) => ({ ...person, sitesMax: 1 }));
    const path = await create(bob);
    for (const site of ['moon', 'garden', 'nowhere', '', '__proto__'])
      expect(await statusOf(bob.post(path, { act: 'add-site', site }))).toBe(404);
    await sharedTeam('owner');
    // Bob owns it now, but only through the team of Olga
    expect(await statusOf(bob.get('/sites/garden/settings'))).toBe(200);
    expect(await statusOf(bob.post(path, { act: 'add-site', site: 'garden' }))).toBe(403);
  });

  it('takes a site away from its owners', async () => {
    await sharedTeam('owner');
    await web.people.directory.change('olga', (person) => ({ ...person, sites: { ...person.sites, moon: 'viewer' } }));
    const headers = { Cookie: `hitherto=${await web.people.sessions.begin('bob', 'x')}`, 'Content-Type': 'application/json' };
    const api = (method: string, path: string, body?: object) =>
      web.call(`/api/v1/sites/garden${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const members = '/sites/garden/members';
    const refused = [
      await statusOf(bob.get('/sites/garden/delete')),
      await statusOf(bob.post('/sites/garden/delete', { id: 'garden' })),
      await statusOf(bob.post(members, { act: 'remove', person: 'olga' })),
      await statusOf(bob.post(members, { act: 'role', person: 'olga', role: 'viewer' })),
      await statusOf(bob.post(members, { act: 'invite', email: 'bob@example.com', role: 'owner' })),
      await statusOf(bob.post('/sites/garden/tokens', { act: 'create', tokenTitle: 'x', scope: 'write' })),
    ];
    expect(refused).toEqual(refused.map(() => 403));
    for (const call of [
      api('DELETE', ''),
      api('DELETE', '/members/olga'),
      api('PATCH', '/members/olga', { role: 'viewer' }),
      api('POST', '/members', { email: 'bob@example.com', role: 'owner' }),
      api('POST', '/tokens', { title: 'x', scope: 'write' }),
    ])
      expect(await codeOf(call)).toBe('direct-owner-needed');
    expect(web.people.directory.person('olga')?.sites.garden).toBe('owner');
    expect(web.accounts.tokens()).toEqual([]);
    expect(web.people.invitations.pending()).toEqual([]);
    expect(await textOf(bob.get('/sites/garden/settings'))).not.toContain('/sites/garden/delete');
    // everything else that an owner does is possible
    expect(await statusOf(bob.post(members, { act: 'invite', email: 'c@example.com', role: 'editor' }))).toBe(200);
    expect(await statusOf(bob.post('/sites/garden/tokens', { act: 'create', tokenTitle: 'x', scope: 'read' }))).toBe(200);
  });

  it('keeps a site that its owner removes from the team', async () => {
    const path = await sharedTeam('owner');
    await web.people.teamMembers.change(path.split('/')[2] as string, 'olga', undefined);
    expect(await statusOf(olga.get(path))).toBe(404); // Bob has removed her from the team
    const team = path.split('/')[2] as string;
    expect((await bob.post('/sites/garden/teams', { act: 'remove', team })).status).toBe(403);
    const removed = await olga.post('/sites/garden/teams', { act: 'remove', team });
    expect(removed.headers.get('location')).toBe('/sites/garden/settings?done=teams');
    expect(await statusOf(bob.get('/sites/garden'))).toBe(404);
  });

  it('sees or changes a team of others, and its invitations', async () => {
    const path = await create(olga);
    const pages = await Promise.all([bob.get(path), bob.get('/teams/AAAAAAAAAAAAAAAA'), bob.get('/teams/__proto__')].map(textOf));
    expect(new Set(pages).size).toBe(1);
    await olga.post(path, { act: 'invite', email: 'carl@example.com', role: 'viewer' });
    const invitation = web.people.invitations.pending()[0]?.id as string;
    await web.people.directory.change('bob', (person) => ({ ...person, sitesMax: 1 }));
    const own = await create(bob);
    await bob.post(own, { act: 'withdraw', invitation });
    expect(web.people.invitations.pending().length).toBe(1);
    await olga.post(path, { act: 'withdraw', invitation });
    expect(web.people.invitations.pending()).toEqual([]);
  });

  it('gives others an account who only views a site', async () => {
    await web.people.directory.change('bob', (person) => ({ ...person, sites: { garden: 'viewer' } }));
    expect(await textOf(bob.get('/teams'))).not.toContain('Create team');
    expect(await statusOf(bob.post('/teams', { name: 'Strangers' }))).toBe(403);
    expect(web.people.teams.all()).toEqual([]);
  });

  it('fills the memory: the number of teams is limited, except for operators', async () => {
    const fields = { name: 'T', members: { olga: 'viewer' }, sites: [], createdAtMs: 1 };
    const teams = Array.from({ length: TEAMS_MAX }, (_, i) => [i.toString(16).padStart(16, '0'), fields] as const);
    const full = await startWeb({
      seen: (accounts) => ({
        ...accounts,
        records: (kind) => [...(kind === 'team' ? teams : []), ...accounts.records(kind)],
      }),
    });
    const owner = await signedInAs(full, 'owner', { sitesMax: 1 });
    expect(await statusOf(owner.post('/teams', { name: 'One more' }))).toBe(409);
    const operator = await signedInAs(full, 'operator', { isOperator: true });
    expect(await statusOf(operator.post('/teams', { name: 'One more' }))).toBe(303);
  });

  it('creates sites beyond the own limit, or uses up the limit of others', async () => {
    await sharedTeam('owner');
    expect(await statusOf(bob.get('/new-site'))).toBe(403);
    await web.people.directory.change('bob', (person) => ({ ...person, sitesMax: 1 }));
    expect(await statusOf(bob.get('/new-site'))).toBe(200);
  });
});

it('the API lists the teams that contain a site among its members', async () => {
  const path = await sharedTeam('editor');
  const { members, teams } = await (await olga.get('/api/v1/sites/garden/members')).json();
  const member = (id: string, role: string) => ({ id, name: `Person ${id}`, email: `${id}@example.com`, role });
  expect(members).toEqual([member('olga', 'owner')]);
  expect(teams).toEqual([
    { id: path.split('/')[2], name: 'Gardeners', members: [member('bob', 'editor'), member('olga', 'owner')] },
  ]);
});
