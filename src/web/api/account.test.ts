import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { personOf } from '../../../test/fixtures/people.js';
import { bearer, cookie, newToken, startWeb, stopWebs, type Web } from '../../../test/fixtures/web.js';
import { LIMITS } from '../../sharing/limits.js';
import { exampleSite } from '../../store/contracts/accounts.js';

let web: Web;
let session: string;
beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.people.directory.add(personOf('olga', {}));
  session = await web.people.sessions.begin('olga', 'Firefox');
});
afterAll(stopWebs);

const OLGA = { id: 'olga', name: 'Person olga', email: 'olga@example.com' };
const init = (more: Record<string, string> = {}) => ({
  headers: { ...(cookie(session).headers as Record<string, string>), 'Content-Type': 'application/json', ...more },
});
async function change(body: unknown, headers: Record<string, string> = {}) {
  const response = await web.call('/api/v1/account', { ...init(headers), method: 'PATCH', body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as object };
}

describe('the account in the API', () => {
  it('is that of the person who has signed in', async () => {
    const response = await web.call('/api/v1/account', init());
    expect([response.status, await response.json()]).toEqual([200, { ...OLGA, language: null }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('has a language that the person changes and removes, which pages then have', async () => {
    const german = async () => (await (await web.call('/account', init())).text()).includes('<html lang="de">');
    expect(await change({ language: 'de' })).toEqual({ status: 200, body: { ...OLGA, language: 'de' } });
    expect(await german()).toBe(true);
    expect(await change({})).toEqual({ status: 200, body: { ...OLGA, language: 'de' } });
    expect(await change({ language: null })).toEqual({ status: 200, body: { ...OLGA, language: null } });
    expect(await german()).toBe(false);
  });

  it.each([
    [{ language: 'fr' }, 'language', /^"language" must be one of en, de, or null/],
    [{ language: '' }, 'language', /must be one of/],
    [{ name: 'Eve' }, 'name', /not a field of an account/],
  ])('refuses %j', async (body, field, message) => {
    const error = { code: 'bad-request', field, message: expect.stringMatching(message) };
    expect(await change(body)).toEqual({ status: 400, body: { error } });
  });

  it('is not for tokens, and not changed by other web sites', async () => {
    const response = await web.call('/api/v1/account', bearer(await newToken(web.accounts, 'all')));
    expect([response.status, (await response.json()).error.code]).toEqual([403, 'person-needed']);
    expect(await change({ language: 'de' }, { Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
  });

  it('refuses many changes in a short time', async () => {
    const statuses: number[] = [];
    for (let i = 0; i <= LIMITS.language.calls; i++) statuses.push((await change({ language: i % 2 ? 'en' : 'de' })).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
