import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { bearer, cookie, newToken, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { exampleSite } from '../../store/contracts/accounts.js';

const ADDRESS = '/api/v1/sites/garden/annotations';
const DEPLOYED = { day: '2026-11-20', time: '14:05', text: 'Deployed <b>2.1</b>' };

let web: Web;
let editor: string;

beforeEach(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.people.directory.add(personOf('editor', { sites: { garden: 'editor' } }));
  editor = await web.people.sessions.begin('editor', 'Firefox');
});
afterAll(stopWebs);

async function send(method: string, path = ADDRESS, body?: unknown) {
  const { headers } = cookie(editor);
  const response = await web.call(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('the annotations of a site', () => {
  it('are added, changed and removed by editors, and read by all who may view the site', async () => {
    const added = await send('POST', ADDRESS, DEPLOYED);
    expect(added).toEqual({ status: 201, body: { id: expect.any(String), ...DEPLOYED, createdAt: expect.any(String) } });
    const one = `${ADDRESS}/${added.body.id}`;
    expect(await send('PATCH', one, { time: null })).toEqual({ status: 200, body: { ...added.body, time: null } });
    expect((await send('PATCH', one, { text: 'Deployed' })).body).toEqual({ ...added.body, time: null, text: 'Deployed' });
    const reader = await newToken(web.accounts, ['garden']);
    const read = await web.call(ADDRESS, bearer(reader));
    expect(await read.json()).toEqual({ annotations: [{ ...added.body, time: null, text: 'Deployed' }] });
    expect((await web.call(ADDRESS, { ...bearer(reader), method: 'POST' })).status).toBe(403);
    expect((await send('DELETE', one)).status).toBe(204);
    expect((await send('DELETE', one)).body.error.code).toBe('unknown-annotation');
    expect((await send('PATCH', one, DEPLOYED)).status).toBe(404);
  });

  it('are in the changes of the site, with what was changed', async () => {
    const { id } = (await send('POST', ADDRESS, DEPLOYED)).body;
    await send('PATCH', `${ADDRESS}/${id}`, { day: '2026-11-21', time: null });
    await send('PATCH', `${ADDRESS}/${id}`, { day: '2026-11-21' }); // changes nothing
    await send('DELETE', `${ADDRESS}/${id}`);
    const owner = (await web.accounts.addToken({ title: '', sites: ['garden'], scope: 'write', nowMs: 1 })).secret;
    const { changes } = (await (await web.call('/api/v1/sites/garden/changes', bearer(owner))).json()) as {
      changes: Array<{ text: string }>;
    };
    expect(changes.map(({ text }) => text)).toEqual([
      'Person editor removed the annotation “Deployed <b>2.1</b>”.',
      'Person editor changed an annotation: its day from 2026-11-20 to 2026-11-21 and its time from 14:05 to nothing.',
      'Person editor added the annotation “Deployed <b>2.1</b>”.',
    ]);
  });

  it('are shown by a share link, even if it is limited to the traffic, and cannot be changed by it', async () => {
    await send('POST', ADDRESS, DEPLOYED);
    const share = { title: 'a', site: 'garden', password: '', untilMs: undefined, mayBeEmbedded: false, reports: ['traffic'] };
    const { secret } = await web.people.shares.create(share);
    const shared = await web.call(`/share/${secret}${ADDRESS}`);
    expect(await shared.json()).toEqual({ annotations: [expect.objectContaining(DEPLOYED)] });
    expect((await web.call(`/share/${secret}${ADDRESS}`, { method: 'POST' })).status).toBeGreaterThanOrEqual(400);
  });

  it.each<[unknown, string | undefined]>([
    [{ ...DEPLOYED, day: '2026-02-30' }, 'day'],
    [{ ...DEPLOYED, time: '25:00' }, 'time'],
    [{ ...DEPLOYED, time: 5 }, 'time'],
    [{ ...DEPLOYED, text: '' }, 'text'],
    [{ ...DEPLOYED, text: 'a\u0000b' }, 'text'],
    [{ day: '2026-11-20' }, 'text'],
    [{ ...DEPLOYED, colour: 'red' }, 'colour'],
    [[], undefined],
  ])('are refused with the wrong field: %j', async (body, field) => {
    const { status, body: answer } = await send('POST', ADDRESS, body);
    expect([status, answer.error.field]).toEqual([400, field]);
    expect((await send('GET')).body).toEqual({ annotations: [] });
  });
});
