import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deletionOf } from '../../../test/fixtures/deletion.js';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, form, NOW_MS, SETTINGS_FORM, signedInAs, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import type { Person } from '../../people/person.js';
import type { Limits } from '../../sharing/limits.js';
import { exampleSite } from '../../store/contracts/accounts.js';

const EVIL = `"><img src=x onerror=alert('x')>`;

let web: Web;
let rezoned: unknown[];
beforeEach(async () => {
  rezoned = [];
  web = await startWeb({ ledger: { add: async (...entry) => void rezoned.push(entry) } });
  await web.accounts.addSite(exampleSite);
});
afterAll(stopWebs);

/** Signs a new person in, and returns calls by that person. */
const as = (id: string, rights: Partial<Person>) => signedInAs(web, id, rights);

const SETTINGS = '/sites/garden/settings';

/** The fields of the settings form as a browser would send them. */
async function formOf(answer: Response): Promise<Record<string, string>> {
  const text = /<form[^>]*\/settings">.*?<\/form>/s.exec(await answer.text())?.[0] ?? '';
  const plain = (value = '') =>
    value.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const fields: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/<input[^>]*? name="(\w+)"[^>]*?value="([^"]*)"/gs))
    fields[name as string] = plain(value);
  for (const [, name, value] of text.matchAll(/<textarea[^>]*? name="(\w+)"[^>]*>([^<]*)</gs))
    fields[name as string] = plain(value).replaceAll('\n', '\r\n');
  for (const [, name, options] of text.matchAll(/<select[^>]*? name="(\w+)"[^>]*>(.*?)<\/select>/gs))
    fields[name as string] = plain(/value="([^"]*)" selected/.exec(options as string)?.[1]);
  return fields;
}

describe('the settings of a site', () => {
  it('stay as they are when the form is sent as it was shown', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    const page = await (await editor.get(SETTINGS)).text();
    for (const value of ['garden.example\n*.garden.example', '10.0.0.0/8']) expect(page).toContain(`>${value}</textarea>`);
    const response = await editor.post(SETTINGS, SETTINGS_FORM);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sites/garden/settings?done=settings']);
    expect(web.accounts.site('garden')).toEqual(exampleSite);
    expect(await (await editor.get('/sites/garden/settings?done=settings')).text()).toContain('The settings were saved.');
  });

  it('are changed as typed', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    await editor.post(SETTINGS, {
      ...SETTINGS_FORM,
      title: EVIL,
      hosts: ' Käse.example, HTTPS://www.two.example:8443/shop?a=1 ',
      excludedAddresses: '',
      excludedPaths: '/a, b/*\r\n /caf%C3%A9 \n/a, b/**',
      excludedReferrers: 'Käse.example *.pay.example',
      queryParameters: 'id lang',
      storage: 'none',
      signals: 'ignored',
      keepDays: '',
      keepMonths: '24',
      keepYears: 'always',
    });
    expect(web.accounts.site('garden')).toEqual({
      ...exampleSite,
      title: EVIL,
      hosts: ['xn--kse-qla.example', 'www.two.example'],
      excludedAddresses: [],
      excludedPaths: ['/a, b/*', '/café'],
      excludedReferrers: ['xn--kse-qla.example', '*.pay.example'],
      queryParameters: ['id', 'lang'],
      storage: 'none',
      signals: 'ignored',
      keep: { month: 24, year: 'always' },
    });
    for (const path of [SETTINGS, '/sites/garden', '/?all']) expect(await (await editor.get(path)).text()).not.toContain(EVIL);
  });

  it('change only where the form was changed, although somebody else has changed other fields meanwhile', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    const shown = await formOf(await editor.get(SETTINGS));
    await web.accounts.updateSite({ ...exampleSite, hosts: ['new.example'], keep: { day: 24 } });
    await editor.post(SETTINGS, { ...shown, title: 'Park', excludedPaths: '/admin/*\r\n/x', keepYears: 'always' });
    expect(web.accounts.site('garden')).toEqual({
      ...exampleSite,
      title: 'Park',
      hosts: ['new.example'],
      excludedPaths: ['/admin/*', '/x'],
      keep: { day: 24, year: 'always' },
    });
  });

  it('are not changed where somebody else has changed the same field, until the person has seen it', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    const shown = await formOf(await editor.get(SETTINGS));
    const meanwhile = { ...exampleSite, title: EVIL, hosts: ['new.example'], signals: 'ignored' } as const;
    await web.accounts.updateSite(meanwhile);
    const typed = { ...shown, title: 'Park', queryParameters: 'id', signals: 'ignored' };
    const answer = await editor.post(SETTINGS, typed);
    expect(answer.status).toBe(409);
    expect(web.accounts.site('garden')).toEqual(meanwhile);
    const page = await answer.clone().text();
    expect(page).toContain('Somebody else has changed this meanwhile, to: &quot;&gt;&lt;img');
    expect(page).not.toContain('id="signals-problem"');
    const again = await formOf(answer);
    expect(again).toMatchObject({ title: 'Park', hosts: 'new.example', queryParameters: 'id' });
    expect((await editor.post(SETTINGS, again)).status).toBe(303);
    expect(web.accounts.site('garden')).toEqual({ ...meanwhile, title: 'Park', queryParameters: ['id'] });
  });

  it('stay as they are where a field is not sent', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    await editor.post(SETTINGS, { title: 'Park' });
    expect(web.accounts.site('garden')).toEqual({ ...exampleSite, title: 'Park' });
  });

  it('show mistakes beside their fields, keep what was typed, and change nothing', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    const wrong = {
      ...SETTINGS_FORM,
      title: ' ',
      hosts: 'a b/c',
      excludedAddresses: EVIL,
      excludedPaths: EVIL,
      excludedReferrers: EVIL,
    };
    const response = await editor.post(SETTINGS, { ...wrong, storage: 'everything', keepDays: '1' });
    const page = await response.text();
    expect(response.status).toBe(400);
    for (const field of ['title', 'hosts', 'excludedAddresses', 'excludedPaths', 'excludedReferrers', 'storage', 'keepDays'])
      expect(page).toContain(`id="${field}-problem"`);
    expect(page).toContain('>a b/c</textarea>');
    expect(page).not.toContain(EVIL);
    expect(web.accounts.site('garden')).toEqual(exampleSite);
  });

  it('of the time zone are changed after a page has said what happens', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    const path = '/sites/garden/timezone';
    const asked = await editor.post(path, { timezone: 'america/new_york' });
    expect(asked.status).toBe(200);
    const page = await asked.text();
    expect(page).toContain('Its time goes back by 6 hours');
    expect(page).toContain('value="America/New_York"');
    expect([web.accounts.site('garden')?.timezone, rezoned]).toEqual(['Europe/Berlin', []]);
    const done = await editor.post(path, { timezone: 'America/New_York', confirmed: '1' });
    expect(done.headers.get('location')).toBe('/sites/garden/settings?done=timezone');
    expect(web.accounts.site('garden')).toEqual({ ...exampleSite, timezone: 'America/New_York' });
    expect(rezoned).toEqual([[expect.any(String), 'garden', { from: '2026-11-18', to: '2026-11-21' }]]);
    expect(await (await editor.post(path, { timezone: 'Nowhere' })).text()).toContain('id="timezone-problem"');
  });
});

describe('the answer to "Is it installed?"', () => {
  const INSTALLATION = '/sites/garden/installation';
  const ask = async (counted: number, refused: Record<string, number>, path = INSTALLATION, publicUrl?: string) => {
    web = await startWeb({ ...(publicUrl !== undefined && { publicUrl }), ledger: { add: async () => {} } });
    await web.accounts.addSite({ ...exampleSite, hosts: ['garden.example', 'xn--kse-qla.example'] });
    const rows = Object.entries(refused).map(([key, hits]) => ({ key, hits }));
    web.state.refusals = { counted, refused: rows.reduce((sum, { hits }) => sum + hits, 0), rows };
    web.foreignHosts.refused('garden', 'xn--mller-kva.example');
    const editor = await as('eve', { sites: { garden: 'editor' } });
    return (await (await editor.get(path)).text()).replaceAll(/\s+/g, ' ');
  };

  it('is no while nothing arrives, with what to check and the exact sources for a Content Security Policy', async () => {
    const page = await ask(0, {}, INSTALLATION, 'https://stats.example:8443/hitherto');
    expect(page).toContain('Nothing has arrived yet');
    const origin = 'https://stats.example:8443';
    for (const code of [`script-src ${origin}`, `connect-src ${origin}`, `img-src ${origin}`, 'data-site="garden"'])
      expect(page.replaceAll('&quot;', '"')).toContain(`<code>${code}</code>`);
    expect(page).toContain('data-address="/hitherto/sites/garden/installation"');
    expect(page).not.toContain('which browsers block');
    expect(web.asked.at(-1)).toMatchObject({ report: 'refusals', site: 'garden', from: '2026-11-19', to: '2026-11-20' });
  });

  it('warns of an address that browsers or visitors cannot reach', async () => {
    expect(await ask(0, {}, INSTALLATION, 'http://stats.example')).toContain('which browsers block on pages with <code>https:');
    expect(await ask(0, {}, INSTALLATION, 'http://127.0.0.1:8000')).toContain('which only this computer');
  });

  it('names why hits are not counted, and what to do', async () => {
    const page = await ask(0, { 'foreign-host': 2, bot: 1200, 'excluded-path': 1, invented: 3 });
    expect(page).toContain('Hits arrive, but none was counted');
    expect(page).toContain('2 × From another host</strong>: this site counts only pages on garden.example, käse.example.');
    expect(page).toContain('The last one came from <code>müller.example</code>.');
    expect(page).toContain('1,200 × Bots</strong>: programs');
    expect(page).toContain('the settings exclude the path');
    expect(page).toContain('3 × invented</strong>');
  });

  it('is yes once a hit was counted, on the settings page too', async () => {
    for (const path of [INSTALLATION, SETTINGS]) {
      const page = await ask(1, { bot: 1 }, path);
      expect(page).toContain('<strong>Yes.</strong> 1 hit was counted.');
      expect(page).toContain('1 × Bots');
      expect(page).not.toContain('Content Security Policy');
    }
  });

  it('is not known while the store does not answer', async () => {
    web.state.away = true;
    const editor = await as('eve', { sites: { garden: 'editor' } });
    for (const path of [INSTALLATION, SETTINGS])
      expect(await (await editor.get(path)).text()).toContain('The numbers cannot be read at the moment.');
    expect(web.logged).toEqual([]);
  });
});

describe('the page before a change of the time zone', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ key: String(hour).padStart(2, '0'), views: hour < 4 ? 1 : 50 }));
  const ask = async (timezone: string) => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    return (await editor.post('/sites/garden/timezone', { timezone })).text();
  };

  it('names the quietest time, by the hours of the last four weeks', async () => {
    web.state.rows = [{ key: '2026-11-19', views: 1004, hours }];
    const page = await ask('Europe/London'); // it is noon in Berlin
    expect(page).toContain('usually have about 50 views (by the last four weeks)');
    expect(page).toContain('The quietest time for this change is 00:00 in Europe/Berlin: about 1 view.');
    expect(web.asked.at(-1)).toMatchObject({ report: 'traffic', site: 'garden', from: '2026-10-23', to: '2026-11-19' });
  });

  it('names days on which the zones have the same time', async () => {
    expect(await ask('Africa/Johannesburg')).toContain('From 29 Mar 2027 to 29 Oct 2027, both zones have the same time');
  });

  it.each(['away', 'failing'] as const)('works without reports: %s', async (how) => {
    web.state[how] = true;
    expect(await ask('Asia/Tokyo')).toContain('Change it now');
  });

  it('gives no advice if the zones have the same time now', async () => {
    web.state.rows = [{ key: '2026-11-19', views: 1004, hours }];
    const page = await ask('Europe/Paris');
    expect(page).not.toContain('quietest');
    expect(web.asked).toEqual([]);
  });
});

describe('tokens', () => {
  it('are created with a scope, shown once, and revoked', async () => {
    const owner = await as('olga', { sites: { garden: 'owner' } });
    const created = await (await owner.post('/sites/garden/tokens', { tokenTitle: EVIL, scope: 'write' })).text();
    const secret = /hit_[\w-]{43}/.exec(created)?.[0] as string;
    expect(web.accounts.token(secret)).toEqual({
      prefix: secret.slice(4, 12),
      title: EVIL,
      sites: ['garden'],
      scope: 'write',
      createdAtMs: NOW_MS,
    });
    const page = await (await owner.get(SETTINGS)).text();
    expect(page).toContain(secret.slice(0, 12));
    expect(page).not.toContain(secret);
    expect(page).not.toContain(EVIL);
    expect(page).toContain('<td>–</td>');
    await web.accounts.recordTokenUse(secret, '2026-11-19');
    expect(await (await owner.get(SETTINGS)).text()).toContain('<td>19 Nov 2026</td>');
    await owner.post('/sites/garden/tokens', { act: 'revoke', prefix: secret.slice(4, 12) });
    expect(web.accounts.token(secret)).toBeUndefined();
  });

  it('of other sites, or of several, cannot be revoked by the owner of one', async () => {
    const owner = await as('olga', { sites: { garden: 'owner' } });
    for (const sites of [['moon'], ['garden', 'moon'], 'all'] as const) {
      const { secret, token } = await web.accounts.addToken({ title: '', sites, nowMs: 1 });
      expect((await owner.post('/sites/garden/tokens', { act: 'revoke', prefix: token.prefix })).status).toBe(404);
      expect(web.accounts.token(secret)).toBeDefined();
    }
  });
});

describe('members', () => {
  const roleOf = (id: string) => web.people.directory.person(id)?.sites.garden;

  it('are invited by a link that is shown once, and get their role when they accept', async () => {
    const owner = await as('olga', { sites: { garden: 'owner' } });
    const shown = await (
      await owner.post('/sites/garden/members', { act: 'invite', email: 'Bob@Example.com', role: 'editor' })
    ).text();
    const path = /\/invitations\/[\w-]{43}/.exec(shown)?.[0] as string;
    expect(await (await owner.get(SETTINGS)).text()).not.toContain(path);
    expect(JSON.stringify(web.accounts.records('invitation'))).not.toContain(path.split('/')[2]);

    const page = await (await web.call(path)).text();
    expect(page).toContain('Person olga');
    expect(page).toContain('bob@example.com');
    expect(page).toContain('The garden');
    expect(await (await web.call(path, form({ name: 'Bob', password: 'short' }))).text()).toContain('id="password-problem"');
    const accepted = await web.call(path, form({ name: EVIL, password: 'long enough for Bob' }));
    expect([accepted.status, accepted.headers.get('location')]).toEqual([303, '/']);
    expect(web.people.directory.byEmail('bob@example.com')).toMatchObject({
      sites: { garden: 'editor' },
      isOperator: false,
      sitesMax: 0,
    });
    expect((await web.call(path)).status).toBe(404);
    expect((await web.call(path, form({ name: 'Bob', password: 'long enough for Bob' }))).status).toBe(404);
    expect(await (await owner.get(SETTINGS)).text()).not.toContain(EVIL);
  });

  it('who have an account sign in before they accept', async () => {
    const owner = await as('olga', { sites: { garden: 'owner' } });
    const bob = await as('bob', {});
    const shown = await (
      await owner.post('/sites/garden/members', { act: 'invite', email: 'bob@example.com', role: 'viewer' })
    ).text();
    const path = /\/invitations\/[\w-]{43}/.exec(shown)?.[0] as string;
    expect(await (await web.call(path)).text()).toContain('There is an account');
    await web.call(path, form({ name: 'Not Bob', password: 'long enough for Bob' }));
    expect([roleOf('bob'), web.people.directory.person('bob')?.name]).toEqual([undefined, 'Person bob']);
    expect(await (await bob.get(path)).text()).toContain('Accept');
    await bob.post(path, {});
    expect(roleOf('bob')).toBe('viewer');
  });

  it('change their role and are removed, but the last owner remains', async () => {
    const owner = await as('olga', { sites: { garden: 'owner' } });
    await as('bob', { sites: { garden: 'viewer', moon: 'owner' } });
    const change = (person: string, fields: Record<string, string>) => owner.post('/sites/garden/members', { person, ...fields });
    expect((await change('olga', { act: 'role', role: 'viewer' })).status).toBe(409);
    expect((await change('olga', { act: 'remove' })).status).toBe(409);
    expect((await change('bob', { act: 'role', role: 'king' })).status).toBe(400);
    expect([roleOf('olga'), roleOf('bob')]).toEqual(['owner', 'viewer']);
    await change('bob', { act: 'role', role: 'owner' });
    await change('bob', { act: 'remove' });
    expect(web.people.directory.person('bob')?.sites).toEqual({ moon: 'owner' });
  });

  it('of another site get no role on this one', async () => {
    const owner = await as('olga', { sites: { garden: 'owner' } });
    await as('bob', { sites: { moon: 'owner' } });
    await owner.post('/sites/garden/members', { person: 'bob', act: 'role', role: 'owner' });
    expect(web.people.directory.person('bob')?.sites).toEqual({ moon: 'owner' });
  });

  it('see neither members nor tokens as editors, and no settings as viewers', async () => {
    const editor = await as('eve', { sites: { garden: 'editor' } });
    const page = await (await editor.get(SETTINGS)).text();
    expect(page).not.toContain('Members');
    expect(page).not.toContain('Tokens');
    const viewer = await as('vic', { sites: { garden: 'viewer' } });
    expect(await (await viewer.get('/sites/garden')).text()).not.toContain('/settings"');
    expect((await viewer.get(SETTINGS)).status).toBe(403);
  });
});

describe('a new site', () => {
  const NEW = { title: 'Moon', id: 'moon', timezone: 'UTC', hosts: '' };

  it('belongs to the person who created it, up to the number that the person may own', async () => {
    const carl = await as('carl', { sitesMax: 1 });
    const page = await (await carl.post('/new-site', NEW)).text();
    expect(page).toContain('data-site=&quot;moon&quot;');
    expect(web.people.directory.person('carl')?.sites).toEqual({ moon: 'owner' });
    expect((await carl.get('/sites/moon/settings')).status).toBe(200);
    expect((await carl.post('/new-site', { ...NEW, id: 'mars' })).status).toBe(403);
    expect((await carl.get('/sites/garden')).status).toBe(404);
  });

  it('cannot have the id of another site, to which its creator gets no right', async () => {
    const carl = await as('carl', { sitesMax: 3 });
    const response = await carl.post('/new-site', { ...NEW, id: 'garden' });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain('id="id-problem"');
    expect(web.people.directory.person('carl')?.sites).toEqual({});
    expect(web.accounts.site('garden')).toEqual(exampleSite);
  });
});

it('a message that the address asks for is one of the known ones', async () => {
  const owner = await as('oda', { sites: { garden: 'owner' } });
  for (const path of ['/sites/garden/settings', '/account']) {
    const page = await (await owner.get(`${path}?done=constructor`)).text();
    expect(page).not.toContain('native code');
  }
});

it('a caller who changes too much in a short time waits, as in the API', async () => {
  const limited = await startWeb({
    limits: {
      take: async (name) => (name === 'api' ? { allowed: false, retryAfterSeconds: 7 } : { allowed: true }),
    } as Partial<Limits> as Limits,
  });
  await limited.accounts.addSite(exampleSite);
  await limited.people.directory.add(personOf('olga', { sites: { garden: 'owner' } }));
  const headers = cookie(await limited.people.sessions.begin('olga', 'Firefox')).headers as Record<string, string>;
  const response = await limited.call('/sites/garden/shares', form({ shareTitle: 'All', password: 'open sesame' }, headers));
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await limited.call('/sites/garden/settings', { headers })).status).toBe(200);
});

describe('deleting a site', () => {
  it('is started after the id was typed on a page that says what goes with it', async () => {
    const started: string[] = [];
    web = await startWeb({
      siteDeletion: {
        preview: async () => deletionOf({ views: 12_345, archives: ['<b>'] }),
        start: (site) => started.push(site),
      },
    });
    await web.accounts.addSite(exampleSite);
    const owner = await as('olga', { sites: { garden: 'owner' } });
    const page = await (await owner.get('/sites/garden/delete')).text();
    for (const text of ['12,345', '&lt;b&gt;']) expect(page).toContain(text);
    const wrong = await owner.post('/sites/garden/delete', { id: 'gardem' });
    expect([wrong.status, (await wrong.text()).includes('id="id-problem"'), started]).toEqual([400, true, []]);
    const done = await owner.post('/sites/garden/delete', { id: ' garden ' });
    expect([done.status, done.headers.get('location'), started]).toEqual([303, '/?all&deleted', ['garden']]);
    expect(await (await owner.get('/?all&deleted')).text()).toContain('The site is being deleted');
  });
});
