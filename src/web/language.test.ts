import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { cookie, form, startWeb, stopWebs, type Web } from '../../test/fixtures/web.js';
import { LIMITS } from '../sharing/limits.js';
import { exampleSite } from '../store/contracts/accounts.js';

let web: Web;
let owner: Record<string, string>;
beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' });
  await web.people.directory.add(personOf('olga', { sites: { garden: 'owner' } }));
  owner = cookie(await web.people.sessions.begin('olga', 'Firefox')).headers as Record<string, string>;
});
afterAll(stopWebs);

const langOf = (page: string): string | undefined => /<html lang="([^"]*)">/.exec(page)?.[1];
const pageIn = async (path: string, headers: Record<string, string> = {}) => (await web.call(path, { headers })).text();

describe('the language of a page', () => {
  it.each([
    ['de', 'de'],
    ['fr-CA, de;q=0.5', 'de'],
    ['en;q=0.3, de-CH;q=0.8', 'de'],
    ['de;q=0, *', 'en'],
    ['*', 'en'],
    ['', 'en'],
    [`${'x-'.repeat(4000)}, de`, 'en'],
    [',;=q;;,, de;q=nonsense', 'en'],
    ['de-DE-u-nu-arab"><script>', 'de'],
  ])('to strangers, for Accept-Language %j, is %s', async (accepted, language) => {
    const page = await pageIn('/', { 'Accept-Language': accepted });
    expect([langOf(page), page.includes(language === 'de' ? 'Passwort vergessen?' : 'Forgot your password?')]).toEqual([
      language,
      true,
    ]);
  });

  it('is also that of errors, while the API answers in English', async () => {
    const german = { 'Accept-Language': 'de' };
    expect(await pageIn('/nothing', german)).toContain('Hier gibt es nichts.');
    expect(await pageIn('/api/v1/nothing', german)).toContain('There is nothing here.');
    expect(await pageIn('/sites/moon', { ...owner, ...german })).toContain(
      'Diese Website gibt es nicht, oder Sie haben keinen Zugang.',
    );
  });

  it('decides which script a page loads, and has the region of the browser', async () => {
    const page = await pageIn('/sites/garden', { ...owner, 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.8' });
    expect([langOf(page), page.includes('/page.de.js?v='), page.includes('/page.en.js')]).toEqual(['de-AT', true, false]);
  });

  it('can be asked for in an address, which counts most', async () => {
    expect(langOf(await pageIn('/?lang=de'))).toBe('de');
    expect(langOf(await pageIn('/?lang=xx'))).toBe('en');
    expect(langOf(await pageIn('/sites/garden?lang=en', { ...owner, 'Accept-Language': 'de' }))).toBe('en');
  });

  it('tells caches that it depends on the browser', async () => {
    const { headers } = await web.call('/');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('vary')).toContain('Accept-Language');
  });
});

describe('the switch at the end of a page', () => {
  const choose = (language: string, headers: Record<string, string> = {}) => web.call('/language', form({ language }, headers));

  it('stores the choice in the browser, and leads back to the page', async () => {
    const answer = await choose('de', { Referer: 'http://127.0.0.1/passwords?x=1' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/passwords?x=1']);
    const stored = answer.headers.getSetCookie()[0] as string;
    expect(stored).toMatch(/^hitherto-language=de; Max-Age=31536000; Path=\/; .*HttpOnly; SameSite=Lax$/);
    expect(langOf(await pageIn('/', { Cookie: stored.split(';')[0] as string, 'Accept-Language': 'en' }))).toBe('de');
  });

  it.each([
    'https://evil.example//evil.example/',
    'https://evil.example/',
    'javascript:alert(1)',
    'http://127.0.0.1/sign-in',
    'http://127.0.0.1/api/v1/sites',
    'http://127.0.0.1/\\evil.example',
    '',
  ])('leads to the start page from %j', async (referer) => {
    expect((await choose('de', { Referer: referer })).headers.get('location')).toBe('/');
  });

  it('accepts only languages that there are, and only forms of the service itself', async () => {
    expect((await choose('constructor')).status).toBe(400);
    expect((await choose('de', { Origin: 'https://evil.example' })).status).toBe(403);
  });

  it('changes what a person has chosen, and leaves alone people who have chosen nothing', async () => {
    await choose('de', owner);
    expect(web.people.directory.person('olga')?.language).toBeUndefined();
    await web.call('/account/language', form({ language: 'de' }, owner));
    expect(langOf(await pageIn('/account', owner))).toBe('de');
    await choose('en', owner);
    expect(web.people.directory.person('olga')?.language).toBe('en');
    expect(langOf(await pageIn('/account', { ...owner, 'Accept-Language': 'de' }))).toBe('en');
    await web.call('/account/language', form({ language: '' }, owner));
    expect(langOf(await pageIn('/account', { ...owner, 'Accept-Language': 'de' }))).toBe('de');
  });

  it('stores nothing when a person chooses the same language again, and refuses many changes of it', async () => {
    const other = await startWeb();
    await other.people.directory.add(personOf('olga', { language: 'de' }));
    const headers = cookie(await other.people.sessions.begin('olga', 'Firefox')).headers as Record<string, string>;
    const before = other.accounts.version();
    const choices: Array<[path: string, language: string]> = [
      ['/language', 'de'],
      ['/account/language', 'de'],
    ];
    for (const [path, language] of choices) {
      expect((await other.call(path, form({ language }, headers))).status).toBe(303);
    }
    expect(other.accounts.version()).toBe(before);
    const change = (i: number) => other.call('/language', form({ language: i % 2 === 0 ? 'en' : 'de' }, headers));
    for (let i = 0; i < LIMITS.language.calls; i++) expect((await change(i)).status).toBe(303);
    const refused = await change(LIMITS.language.calls);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await other.call('/account/language', form({ language: '' }, headers))).status).toBe(429);
    expect(other.people.directory.person('olga')?.language).toBe('de');
  });

  it('is a link behind a share link, where there is no cookie', async () => {
    const link = /\/share\/[\w-]{43}/.exec(
      await (await web.call('/sites/garden/shares', form({ shareTitle: 'For the club' }, owner))).text(),
    )?.[0];
    const page = await pageIn(`${link}/`, { 'Accept-Language': 'de' });
    expect(page).toContain('<a href="?lang=en" lang="en" hreflang="en">English</a>');
    expect(page).not.toContain('/language"');
    expect(langOf(await pageIn(`${link}/?lang=en`, { 'Accept-Language': 'de' }))).toBe('en');
  });
});
