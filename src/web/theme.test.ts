import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { form, startWeb, stopWebs, type Web } from '../../test/fixtures/web.js';
import { exampleSite } from '../store/contracts/accounts.js';

let web: Web;
let link: string;
beforeAll(async () => {
  web = await startWeb();
  await web.accounts.addSite(exampleSite);
  await web.people.setUp({ name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' });
  const share = { site: exampleSite.id, title: 'Club', password: '', untilMs: undefined, mayBeEmbedded: true };
  link = `/share/${(await web.people.shares.create(share)).secret}/`;
});
afterAll(stopWebs);

const pageAt = async (path: string, headers: Record<string, string> = {}) => (await web.call(path, { headers })).text();

/** The colours that a page has from the start, and those that are chosen at its end. */
function themeOf(page: string): string {
  const theme = /<html lang="[^"]*" data-theme="([^"]*)">/.exec(page)?.[1] ?? 'system';
  expect(/<meta name="color-scheme" content="([^"]*)">/.exec(page)?.[1]).toBe(theme === 'system' ? 'light dark' : theme);
  expect([...page.matchAll(/ value="(\w+)" aria-pressed="true"/g)].map(([, chosen]) => chosen)).toEqual([theme]);
  return theme;
}

describe('the colours of a page', () => {
  it.each(['/', '/passwords', '/nothing', `/invitations/${'a'.repeat(43)}`])('are those of the cookie at %s', async (path) => {
    expect(themeOf(await pageAt(path))).toBe('system');
    for (const theme of ['light', 'dark']) expect(themeOf(await pageAt(path, { Cookie: `hitherto-theme=${theme}` }))).toBe(theme);
    expect(themeOf(await pageAt(path, { Cookie: 'hitherto-theme=pink' }))).toBe('system');
  });

  it('are those of the system behind a share link, unless its address asks for others', async () => {
    expect(themeOf(await pageAt(link, { Cookie: 'hitherto-theme=dark' }))).toBe('system');
    const page = await pageAt(`${link}?lang=de&theme=dark`);
    expect(themeOf(page)).toBe('dark');
    expect(page).toContain('<form><input type="hidden" name="lang" value="de">');
    expect(page).toContain('href="?lang=en&amp;theme=dark"');
  });
});

describe('the choice at the end of a page', () => {
  const choose = (theme: string, headers: Record<string, string> = {}) => web.call('/theme', form({ theme }, headers));

  it('is stored in the browser, and leads back to the page', async () => {
    const answer = await choose('dark', { Referer: 'http://127.0.0.1/passwords?x=1' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/passwords?x=1']);
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^hitherto-theme=dark; Max-Age=31536000; Path=\/; .*HttpOnly; SameSite=Lax$/,
    );
  });

  it('stores nothing when it is the system', async () => {
    expect((await choose('system')).headers.getSetCookie()[0]).toMatch(/^hitherto-theme=; .*Expires=Thu, 01 Jan 1970/);
  });

  it('accepts only what there is, and only forms of the service itself', async () => {
    expect((await choose('pink')).status).toBe(400);
    expect((await choose('dark', { Origin: 'https://evil.example' })).status).toBe(403);
  });
});
