import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { cookie, form, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { LIMITS } from '../../sharing/limits.js';
import { exampleSite } from '../../store/contracts/accounts.js';

let web: Web;
let owner: Record<string, string>;
beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.accounts.addSite({ ...exampleSite, id: 'moon', title: 'Moon' });
  await web.people.directory.add(personOf('olga', { sites: { garden: 'owner' } }));
  owner = cookie(await web.people.sessions.begin('olga', 'Firefox')).headers as Record<string, string>;
});
afterAll(stopWebs);

/** The path of a new link, without a slash at the end. */
async function share(fields: Record<string, string> = {}): Promise<string> {
  const response = await web.call('/sites/garden/shares', form({ shareTitle: 'For the club', ...fields }, owner));
  expect(response.status).toBe(200);
  return /\/share\/[\w-]{43}/.exec(await response.text())?.[0] as string;
}
const status = async (path: string, init?: RequestInit) => (await web.call(path, init)).status;

describe('a share link', () => {
  it('shows the page of its site and all of its reports, without an account or a cookie', async () => {
    const link = await share();
    const response = await web.call(`${link}/`);
    const page = await response.text();
    expect([response.status, response.headers.get('set-cookie')]).toEqual([200, null]);
    expect(page).toContain(`data-base="${link}"`);
    expect(page).toContain(`href="${link}/page.en.js?v=`);
    expect(page).toContain('data-site="garden"');
    expect(page).not.toMatch(/Settings|Sign out|Account/);
    expect(await (await web.call(`${link}/api/v1/sites`)).json()).toMatchObject({ sites: [{ id: 'garden' }] });
    expect(await status(`${link}/api/v1/sites/garden/traffic?period=today`)).toBe(200);
    expect(await status(`${link}/page.css`)).toBe(200);
    expect(await status(link)).toBe(200);
    const abort = new AbortController();
    const live = await web.call(`${link}/api/v1/sites/garden/live`, { signal: abort.signal });
    expect(live.headers.get('content-type')).toContain('text/event-stream');
    abort.abort();
  });

  it('shows nothing else and changes nothing, even in the browser of an owner', async () => {
    const link = await share();
    for (const headers of [{}, owner]) {
      expect(await status(`${link}/api/v1/sites/moon/traffic`, { headers })).toBe(404);
      for (const path of ['/account', '/people', '/new-site', '/sites/garden/settings', '/api/v1/sites/garden/tokens'])
        expect([403, 404]).toContain(await status(link + path, { headers }));
      expect(await status(`${link}/sites/garden`, { headers })).toBe(404);
      expect(await status(`${link}/sites/garden/settings`, form({ title: 'x' }, headers as Record<string, string>))).toBe(404);
      expect(await status(`${link}/api/v1/sites/garden`, { method: 'PATCH', headers })).toBe(404);
    }
    expect(JSON.stringify(await (await web.call(`${link}/api/v1/sites/garden`, { headers: owner })).json())).not.toContain(
      '10.0.0.0',
    );
    expect(web.accounts.site('garden')).toEqual(exampleSite);
  });

  it('shows only the reports that were chosen, and the traffic', async () => {
    const link = await share({ hasChoice: '1', 'report.minutes': '1', shareTitle: 'few' });
    const page = await (await web.call(`${link}/`)).text();
    expect(page).toContain('data-reports="minutes traffic"');
    const API = `${link}/api/v1/sites/garden`;
    for (const report of ['traffic', 'minutes']) expect(await status(`${API}/${report}`)).toBe(200);
    for (const name of ['content', 'pages?page=/', 'live', 'content?limit=no']) {
      const refused = await web.call(`${API}/${name}`);
      expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'not-shared' } }]);
    }
    expect(await status(`${API}/nothing`)).toBe(404);
    const settings = await (await web.call('/sites/garden/settings', { headers: owner })).text();
    expect(settings).toContain('<td>traffic, minutes</td>');
  });

  it('that shows everything is not limited, and one for which nothing was chosen shows the traffic', async () => {
    const all = Object.fromEntries(['minutes', 'pages', 'content', 'live'].map((name) => [`report.${name}`, '1']));
    for (const fields of [{}, { hasChoice: '1', ...all }])
      expect(await (await web.call(`${await share(fields)}/`)).text()).not.toContain('data-reports');
    expect(await (await web.call(`${await share({ hasChoice: '1' })}/`)).text()).toContain('data-reports="traffic"');
  });

  it('ends the live views of a share that does not show them any more', async () => {
    const link = await share({ hasChoice: '1', 'report.live': '1', shareTitle: 'live' });
    const live = await web.call(`${link}/api/v1/sites/garden/live`);
    expect(live.status).toBe(200);
    const [id, value] = web.accounts.records('share').find(([, one]) => (one as { title: string }).title === 'live') as [
      string,
      object,
    ];
    await web.accounts.changeRecord('share', id, () => ({ ...value, reports: ['traffic'] }));
    await live.text(); // it ends
  });

  it('of an earlier version shows everything, and one whose list is damaged shows nothing', async () => {
    const link = await share({ shareTitle: 'older' });
    const [id, value] = web.accounts.records('share').find(([, one]) => (one as { title: string }).title === 'older') as [
      string,
      { reports?: unknown },
    ];
    expect(value.reports).toBeUndefined();
    expect(await status(`${link}/api/v1/sites/garden/content`)).toBe(200);
    await web.accounts.changeRecord('share', id, () => ({ ...value, reports: 'traffic' }));
    expect(await status(`${link}/api/v1/sites/garden/content`)).toBe(404);
  });

  it('is not stored, and not shown again', async () => {
    const link = await share();
    const secret = link.split('/')[2] as string;
    expect(JSON.stringify(web.accounts.records('share'))).not.toContain(secret);
    expect(await (await web.call('/sites/garden/settings', { headers: owner })).text()).not.toContain(secret);
  });

  it('shows nothing once it was revoked, and another one still does', async () => {
    const [one, other] = [await share({ shareTitle: 'one' }), await share({ shareTitle: 'other' })];
    const id = web.people.shares.ofSite('garden').find(({ title }) => title === 'one')?.id as string;
    await web.call('/sites/garden/shares', form({ act: 'revoke', share: id }, owner));
    const page = await web.call(`${one}/`);
    expect([page.status, (await page.text()).includes('This link shows nothing any more')]).toEqual([404, true]);
    expect(await status(`${one}/api/v1/sites/garden/traffic`)).toBe(404);
    expect(await status(`${other}/`)).toBe(200);
  });

  it('of another site cannot be revoked by the owner of one', async () => {
    const { secret } = await web.people.shares.create({
      site: 'moon',
      title: '',
      password: '',
      untilMs: undefined,
      mayBeEmbedded: false,
    });
    const [{ id } = { id: '' }] = web.people.shares.ofSite('moon');
    await web.call('/sites/garden/shares', form({ act: 'revoke', share: id }, owner));
    expect(await status(`/share/${secret}/`)).toBe(200);
  });

  it('ends after the days that were chosen', async () => {
    const link = await share({ days: '1', shareTitle: 'short' });
    expect(await status(`${link}/`)).toBe(200);
    const [id, value] = web.accounts.records('share').find(([, one]) => (one as { title: string }).title === 'short') as [
      string,
      object,
    ];
    await web.accounts.changeRecord('share', id, () => ({ ...value, untilMs: 1 }));
    expect(await status(`${link}/`)).toBe(404);
  });

  it('may be shown in frames of other sites only if it was created so', async () => {
    const frames = async (link: string) => {
      const { headers } = await web.call(`${link}/`);
      return [headers.get('x-frame-options'), /frame-ancestors [^;]+/.exec(headers.get('content-security-policy') ?? '')?.[0]];
    };
    expect(await frames(await share())).toEqual(['DENY', "frame-ancestors 'none'"]);
    expect(await frames(await share({ mayBeEmbedded: '1' }))).toEqual([null, 'frame-ancestors *']);
    expect((await web.call('/')).headers.get('x-frame-options')).toBe('DENY');
  });

  it.each<[string, Record<string, string>]>([
    ['no title', { shareTitle: ' ' }],
    ['a title that is too long', { shareTitle: 'x'.repeat(101) }],
    ['half a day', { days: '0.5' }],
    ['no days', { days: '0' }],
    ['a password that is too long', { password: 'x'.repeat(501) }],
  ])('is not created with %s', async (_, fields) => {
    const before = web.accounts.records('share').length;
    expect(await status('/sites/garden/shares', form({ shareTitle: 'x', ...fields }, owner))).toBe(400);
    expect(web.accounts.records('share')).toHaveLength(before);
  });
});

describe('a share link with a password', () => {
  it('shows a form until the password was entered, and then the page, in this browser', async () => {
    const link = await share({ password: 'open sesame' });
    const locked = await web.call(`${link}/`);
    expect([locked.status, (await locked.text()).includes('This page needs a password')]).toEqual([401, true]);
    expect(await status(`${link}/api/v1/sites/garden/traffic`)).toBe(401);

    const wrong = await web.call(`${link}/`, form({ password: 'open barley' }));
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
    const right = await web.call(`${link}/`, form({ password: 'open sesame' }));
    expect([right.status, right.headers.get('location')]).toEqual([303, `${link}/`]);
    expect(right.headers.get('set-cookie')).toMatch(
      new RegExp(`^hitherto-share=[\\w-]{43}; Max-Age=2592000; Path=${link}; .*HttpOnly`),
    );
    const proof = /^([^;]+);/.exec(right.headers.get('set-cookie') ?? '')?.[1] as string;
    const headers = { Cookie: `a=b; ${proof}` };
    expect(await status(`${link}/`, { headers })).toBe(200);
    expect(await status(`${link}/api/v1/sites/garden/traffic`, { headers })).toBe(200);
    const other = await share({ password: 'open sesame' });
    expect(await status(`${other}/`, { headers })).toBe(401);
  });

  it('limits guesses of its password from many addresses', async () => {
    const link = await share({ password: 'open sesame' });
    for (let guess = 0; guess < LIMITS.password.calls; guess++) {
      expect(await status(`${link}/`, form({ password: `guess ${guess}` }))).toBe(401);
    }
    expect(await status(`${link}/`, form({ password: 'open sesame' }))).toBe(429);
  });
});

it.each(['x', 'x'.repeat(43), 'a'.repeat(65), '__proto__'])('nothing is behind /share/%s', async (secret) => {
  for (const path of ['', '/', '/api/v1/sites', '//health']) {
    expect([401, 404]).toContain(await status(`/share/${secret}${path}`, { headers: owner }));
  }
});
