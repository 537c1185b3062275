import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordingLimits } from '../../../test/fixtures/limits.js';
import { personOf } from '../../../test/fixtures/people.js';
import { bearer, cookie, NOW_MS, newToken, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { exampleSite } from '../../store/contracts/accounts.js';

let web: Web;
let olga: RequestInit;
let token: RequestInit;
let team = '';
beforeAll(async () => {
  web = await startWeb();
  for (const [id, timezone] of Object.entries({ garden: 'Europe/Berlin', moon: 'Asia/Tokyo', secret: 'UTC', huge: 'UTC' }))
    await web.accounts.addSite({ ...exampleSite, id, title: `The ${id}`, timezone });
  const { directory, sessions, teamChanges, teams } = web.people;
  await directory.add(personOf('olga', { sites: { garden: 'viewer' } }));
  await directory.add(personOf('stranger', {}));
  await teamChanges.create('Shop', 'olga');
  team = teams.ofPerson('olga')[0]?.id as string;
  for (const site of ['moon', 'deleted']) await teamChanges.addSite(team, site);
  await teamChanges.create('Others', 'stranger');
  await teamChanges.addSite(teams.ofPerson('stranger')[0]?.id as string, 'garden');
  olga = cookie(await sessions.begin('olga', 'Firefox'));
  token = bearer(await newToken(web.accounts, ['garden', 'moon', 'huge']));
});
afterAll(stopWebs);

async function answer(path: string, init: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await web.call(path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const error = (code: string, message: RegExp, field = 'sites') => ({
  error: { code, field, message: expect.stringMatching(message) },
});

async function shareLink(reports?: readonly string[]): Promise<string> {
  const { secret } = await web.people.shares.create({
    ...{ site: 'garden', title: 'x', password: '', untilMs: undefined, mayBeEmbedded: false, reports },
  });
  return `/share/${secret}`;
}

describe('the overview', () => {
  it('has the sites that the caller may view, and the teams of the caller', async () => {
    expect(await answer('/api/v1/overview', olga)).toEqual({
      status: 200,
      body: { sites: ['garden', 'moon'], withOnline: true, teams: [{ id: team, name: 'Shop', sites: ['moon'] }] },
    });
    expect((await answer('/api/v1/overview', token)).body).toMatchObject({ sites: ['garden', 'huge', 'moon'], teams: [] });
  });

  it('has only the sites that are named, each once, in their order', async () => {
    expect((await answer('/api/v1/overview?sites=moon,garden,moon', token)).body).toMatchObject({ sites: ['moon', 'garden'] });
  });

  it('refuses a site that the caller may not view exactly as one that does not exist', async () => {
    for (const site of ['secret', 'nowhere'])
      expect(await answer(`/api/v1/overview?sites=garden,${site}`, token)).toEqual({
        status: 404,
        body: error('unknown-site', new RegExp(`no site "${site}"`)),
      });
    for (const text of ['', 'garden,', '<b>'])
      expect(await answer(`/api/v1/overview?sites=${encodeURIComponent(text)}`, token)).toEqual({
        status: 404,
        body: error('unknown-site', /no such site/),
      });
    const many = Array.from({ length: 501 }, (_, i) => `s${i}`).join();
    expect(await answer(`/api/v1/overview?sites=${many}`, token)).toEqual({
      status: 400,
      body: error('bad-request', /at most 500 sites/),
    });
  });

  it('is asked for as a file with format=csv, and refuses other formats', async () => {
    const file = await web.call('/api/v1/overview?format=csv&sites=garden', token);
    expect([file.headers.get('Content-Type'), file.headers.get('Content-Disposition')]).toEqual([
      'text/csv; charset=utf-8',
      'attachment; filename=sites.csv',
    ]);
    expect(await file.text()).toBe(JSON.stringify({ sites: ['garden'], withOnline: true, isCsv: true }));
    expect(await answer('/api/v1/overview?format=pdf', token)).toEqual({
      status: 400,
      body: error('bad-request', /must be one of json, csv/, 'format'),
    });
  });

  it('of a share link has its site, and who is online only if the link shows that', async () => {
    const [all, some] = [await shareLink(), await shareLink(['traffic', 'content'])];
    expect((await answer(`${all}/api/v1/overview`, {})).body).toEqual({ sites: ['garden'], withOnline: true, teams: [] });
    expect((await answer(`${some}/api/v1/overview`, {})).body).toMatchObject({ sites: ['garden'], withOnline: false });
    expect((await answer(`${all}/api/v1/overview?sites=moon`, {})).status).toBe(404);
  });
});

describe('a call about several sites', () => {
  it('counts as one call for every ten sites, and by the names in it even if it is refused', async () => {
    const { limits, callsOf } = recordingLimits();
    const other = await startWeb({ limits });
    const ids = Array.from({ length: 11 }, (_, i) => `site-${i}`);
    for (const id of ids) await other.accounts.addSite({ ...exampleSite, id });
    const init = bearer(await newToken(other.accounts, 'all'));
    for (const path of ['overview', 'overview?sites=site-1', 'rollup/traffic', 'rollup/traffic?compare=previous'])
      expect((await other.call(`/api/v1/${path}`, init)).status).toBe(200);
    expect(callsOf('api')).toEqual([2, 1, 2, 4]);
    expect((await other.call(`/api/v1/rollup/traffic?sites=${ids},nowhere`, init)).status).toBe(404);
    expect(callsOf('answers')).toEqual([1, 1, 1, 1, 12]);
    expect(callsOf('api')).toHaveLength(4);
  });

  it('is refused to a caller who has reached the limit', async () => {
    const other = await startWeb({ limits: recordingLimits(['api']).limits });
    await other.accounts.addSite(exampleSite);
    const init = bearer(await newToken(other.accounts, 'all'));
    for (const path of ['overview', 'rollup/traffic']) {
      const refused = await other.call(`/api/v1/${path}`, init);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    }
  });
});

describe('the roll-up', () => {
  it('asks for the range of each site in its own time zone, with the parameters of the report', async () => {
    // at noon in UTC, it is the same day in both zones; at 16:00 it is not
    const later = await startWeb({ nowMs: () => NOW_MS + 4 * 3_600_000 });
    for (const [id, timezone] of [
      ['garden', 'Europe/Berlin'],
      ['moon', 'Asia/Tokyo'],
    ] as const)
      await later.accounts.addSite({ ...exampleSite, id, timezone });
    const init = bearer(await newToken(later.accounts, 'all'));
    const response = await later.call('/api/v1/rollup/content?period=today&limit=5&search=x&compare=previous', init);
    expect(await response.json()).toMatchObject({
      ...{ report: 'content', limit: 5, search: 'x', compare: 'previous' },
      sites: [
        { site: 'garden', timezone: 'Europe/Berlin', from: '2026-11-20', to: '2026-11-20' },
        { site: 'moon', timezone: 'Asia/Tokyo', from: '2026-11-21', to: '2026-11-21' },
      ],
    });
  });

  it('is a file as CSV', async () => {
    const response = await web.call('/api/v1/rollup/content?period=today&format=csv&sites=garden', token);
    expect([response.headers.get('content-disposition'), await response.text()]).toEqual([
      'attachment; filename=rollup-content-2026-11-20-2026-11-20.csv',
      'key,views',
    ]);
  });

  it('refuses what a report refuses, sites that the caller may not view, and too many documents', async () => {
    const refused = async (path: string, init = token) => {
      const { status, body } = await answer(`/api/v1/rollup/${path}`, init);
      return [status, (body.error as { field?: string } | undefined)?.field];
    };
    expect(await refused('content?limit=0')).toEqual([400, 'limit']);
    expect(await refused('content?site=garden')).toEqual([400, 'site']);
    expect(await refused('minutes?period=year&sites=garden')).toEqual([400, 'period']);
    expect(await refused('pages?sites=garden')).toEqual([400, 'page']);
    expect(await refused('nothing')).toEqual([404, undefined]);
    expect(await refused('content?sites=secret')).toEqual([404, 'sites']);
    expect(await answer('/api/v1/rollup/content?sites=huge', token)).toEqual({
      status: 400,
      body: error('bad-request', /^This would read too much/),
    });
  });

  it('is refused for a few seconds while too many wait', async () => {
    await web.accounts.addSite({ ...exampleSite, id: 'busy' });
    const response = await web.call('/api/v1/rollup/traffic?sites=busy', bearer(await newToken(web.accounts, ['busy'])));
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      503,
      '5',
      {
        error: { code: 'too-many-reports', message: expect.stringMatching(/^Too many reports .* Try again in a few seconds\.$/) },
      },
    ]);
  });

  it('is not made for a client that has left', async () => {
    await web.accounts.addSite({ ...exampleSite, id: 'slow' });
    const leaving = new AbortController();
    const init = { ...bearer(await newToken(web.accounts, ['slow'])), signal: leaving.signal };
    const left = expect(web.call('/api/v1/rollup/traffic?sites=slow', init)).rejects.toThrow('aborted');
    while (web.waiting.size === 0) await delay(1);
    leaving.abort();
    await left;
    while (web.waiting.size > 0) await delay(1);
    expect(web.logged).toEqual([]);
  });

  it('is refused to a caller who waits for ten already', async () => {
    const leaving = new AbortController();
    const init = { ...bearer(await newToken(web.accounts, ['slow', 'garden'])), signal: leaving.signal };
    const left = Array.from({ length: 10 }, () => web.call('/api/v1/rollup/traffic?sites=slow', init).catch(() => 'left'));
    while (web.waiting.size < 10) await delay(1);
    const refused = await web.call('/api/v1/rollup/traffic?sites=garden', init);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await web.call('/api/v1/rollup/traffic?sites=garden', token)).status).toBe(200);
    leaving.abort();
    expect(await Promise.all(left)).toEqual(Array(10).fill('left'));
  });

  it('of a share link is only of its site, and only of the reports that it shows', async () => {
    const link = await shareLink(['traffic', 'content']);
    expect((await answer(`${link}/api/v1/rollup/content`, {})).body).toMatchObject({ sites: [{ site: 'garden' }] });
    expect((await answer(`${link}/api/v1/rollup/minutes`, {})).status).toBe(403);
    expect((await answer(`${link}/api/v1/rollup/content?sites=garden,moon`, {})).status).toBe(404);
  });

  it('says that there is no site yet', async () => {
    const init = cookie(await web.people.sessions.begin('stranger', 'Firefox'));
    await web.people.teamChanges.removeSite(web.people.teams.ofPerson('stranger')[0]?.id as string, 'garden');
    expect((await answer('/api/v1/rollup/traffic', init)).status).toBe(400);
    expect(await answer('/api/v1/overview', init)).toMatchObject({ status: 200, body: { sites: [] } });
  });
});
