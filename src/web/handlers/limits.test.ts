// Limits of sites and of hits a month, as their owners and the operators see and change them.
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { signedInAs, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { exampleSite } from '../../store/contracts/accounts.js';

let web: Web;
beforeEach(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.accounts.addSite({ ...exampleSite, id: 'moon' });
});
afterAll(stopWebs);

const NEW_SITE = { title: 'Shop', id: 'shop', timezone: 'UTC', hosts: '' };
const textOf = async (response: Promise<Response>): Promise<string> => (await (await response).text()).replaceAll(/\s+/g, ' ');
const owner = (hitsMax: number | undefined, sitesMax = 3) =>
  signedInAs(web, 'olga', { sites: { garden: 'owner', moon: 'editor' }, sitesMax, hitsMax });

describe('an owner', () => {
  it('sees how much of the limits is used on the page of the account', async () => {
    web.state.views = 1200;
    const olga = await owner(10_000);
    const page = await textOf(olga.get('/account'));
    expect(page).toContain('You own 1 of 3 sites.');
    expect(page).toContain('1,200 of 10,000 hits this month');
    expect(web.asked).toMatchObject([{ report: 'traffic', site: 'garden', from: '2026-11-01', to: '2026-11-30' }]);
  });

  it.each([
    [79, undefined],
    [80, 'Your sites have used 80 of 100 hits this month.'],
    [100, 'Your sites have reached the limit of this month: 100 of 100 hits.'],
  ])('with %p of 100 hits is told %p on the list of sites and in the settings of an own site', async (views, text) => {
    web.state.views = views;
    const olga = await owner(100);
    for (const path of ['/?all', '/sites/garden/settings']) {
      const page = await textOf(olga.get(path));
      if (text === undefined) expect(page).not.toContain('class="card notice"');
      else expect(page).toContain(text);
    }
    expect(await textOf(olga.get('/sites/moon/settings'))).not.toContain('hits this month');
  });

  it('cannot create a site while the limit of hits is reached, on the page and by the API, and is told why', async () => {
    web.state.views = 100;
    const olga = await owner(100);
    for (const refused of [await olga.get('/new-site'), await olga.post('/new-site', NEW_SITE)]) {
      expect(refused.status).toBe(403);
      expect(await refused.text()).toContain('have reached their limit of hits this month');
    }
    const headers = { Cookie: `hitherto=${await web.people.sessions.begin('olga', 'x')}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ id: 'shop', title: 'Shop', timezone: 'UTC' });
    const refused = await web.call('/api/v1/sites', { method: 'POST', headers, body });
    expect([refused.status, (await refused.json()).error.code]).toEqual([403, 'hits-limit']);
    expect(web.accounts.site('shop')).toBeUndefined();
  });

  it('sees all pages and can create a site while the store does not answer', async () => {
    web.state.away = true;
    const olga = await owner(100);
    for (const path of ['/?all', '/sites/garden/settings', '/new-site']) expect((await olga.get(path)).status).toBe(200);
    expect(await textOf(olga.get('/account'))).toContain('the hits of this month are not known at the moment (limit 100)');
    expect((await olga.post('/new-site', NEW_SITE)).status).toBe(200);
    expect(web.logged).toEqual([]);
  });

  it('is told on the list of sites how many sites are left, and whom to ask when there are none', async () => {
    const olga = await owner(undefined, 2);
    expect(await textOf(olga.get('/?all'))).toContain('You own 1 of 2 sites.');
    expect((await olga.post('/new-site', NEW_SITE)).status).toBe(200);
    expect(await textOf(olga.get('/?all'))).toContain('You own 2 of 2 sites. To create another one, ask an operator');
    expect(await textOf(olga.get('/new-site'))).toContain('You own as many sites as you may.');
  });
});

describe('an operator', () => {
  const limits = (person: string, sitesMax: string, hitsMax: string) => ({ act: 'limits', person, sitesMax, hitsMax });

  it('sees who has reached the limit, and changes it', async () => {
    web.state.views = 100;
    await owner(100);
    const anna = await signedInAs(web, 'anna', { isOperator: true });
    expect(await textOf(anna.get('/people'))).toMatch(/100 of 100 hits this month.*The limit of hits is reached\./);
    const changed = await textOf(anna.post('/people/change', limits('olga', '5', '1000')));
    expect(changed).toContain('The limits of Person olga were saved.');
    expect(changed).not.toContain('The limit of hits is reached.');
    expect(web.people.directory.person('olga')).toMatchObject({ sitesMax: 5, hitsMax: 1000 });
    await anna.post('/people/change', limits('olga', '5', ''));
    expect(web.people.directory.person('olga')?.hitsMax).toBeUndefined();
    const changes = await textOf(anna.get('/audit'));
    expect(changes).toContain(
      'changed the limit of hits a month of <bdi>Person olga</bdi> from <bdi>100</bdi> to <bdi>1000</bdi>.',
    );
    expect(changes).toContain('from <bdi>1000</bdi> to no limit.');
  });

  it.each([
    ['-1', ''],
    ['', ''],
    ['1', '0'],
    ['1', '1.5'],
    ['1', '1e3'],
    ['1', '99999999999999'],
  ])('cannot set the limits %p and %p', async (sitesMax, hitsMax) => {
    await owner(100);
    const anna = await signedInAs(web, 'anna', { isOperator: true });
    expect((await anna.post('/people/change', limits('olga', sitesMax, hitsMax))).status).toBe(400);
    expect((await anna.post('/people/invite', { email: 'a@example.com', sitesMax, hitsMax })).status).toBe(400);
    expect(web.people.directory.person('olga')).toMatchObject({ sitesMax: 3, hitsMax: 100 });
  });

  it('invites somebody with a limit of hits', async () => {
    const anna = await signedInAs(web, 'anna', { isOperator: true });
    await anna.post('/people/invite', { email: 'carl@example.com', sitesMax: '3', hitsMax: '5000' });
    expect(web.people.invitations.pending()).toMatchObject([{ email: 'carl@example.com', sitesMax: 3, hitsMax: 5000 }]);
  });

  it('sees many people on several pages, whose hits alone are read, and finds one of them', async () => {
    const { directory } = web.people;
    for (let i = 100; i < 160; i++) {
      await web.accounts.addSite({ ...exampleSite, id: `site-${i}` });
      await directory.add(personOf(`p${i}`, { sites: { [`site-${i}`]: 'owner' } }));
    }
    const anna = await signedInAs(web, 'anna', { isOperator: true, name: 'Anna' });
    const first = await textOf(anna.get('/people'));
    expect(first).toContain('Page 1 of 2');
    expect(web.asked.length).toBe(49); // Anna is the first on the page
    expect(await textOf(anna.get('/people?page=2'))).toContain('Person p159');
    const found = await textOf(anna.get('/people?search=P123%40'));
    expect([found.includes('Person p123'), found.includes('Person p124'), found.includes('1 account')]).toEqual([
      true,
      false,
      true,
    ]);
    const evil = '"><script>alert(1)</script>';
    expect(await textOf(anna.get(`/people?search=${encodeURIComponent(evil)}&page=x`))).not.toContain('<script>alert');
  });
});
