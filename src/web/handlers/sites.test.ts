import { afterAll, describe, expect, it } from '@jest/globals';
import { recordingLimits } from '../../../test/fixtures/limits.js';
import { bearer, newToken, startWeb, stopWebs } from '../../../test/fixtures/web.js';
import type { SitesViewQuery } from '../../reporting/first-view.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { createFirstViewCache, createSitesViewCache } from '../view-cache.js';

afterAll(stopWebs);

const VIEW = { html: '<p id="first">', answers: '{}', isWaiting: false };

describe("a site's page with its first view", () => {
  const start = async (refused: Parameters<typeof recordingLimits>[0] = []) => {
    const { limits, callsOf } = recordingLimits(refused);
    const web = await startWeb({ limits, firstView: createFirstViewCache(async () => VIEW) });
    await web.accounts.addSite(exampleSite);
    const init = bearer(await newToken(web.accounts, ['garden']));
    const share = { title: '', site: 'garden', password: '', untilMs: undefined, mayBeEmbedded: false, reports: ['traffic'] };
    const { secret } = await web.people.shares.create(share);
    const pages = { own: () => web.call('/sites/garden', init), shared: () => web.call(`/share/${secret}/`) };
    return { ...pages, callsOf };
  };

  it('counts as the reports in it, once for all who open the page at the same time', async () => {
    const { own, shared, callsOf } = await start();
    for (const page of [own, own, shared, shared]) expect(await (await page()).text()).toContain(VIEW.html);
    expect(callsOf('api')).toEqual([13, 2]);
  });

  it('comes without the first view to callers who have reached the limit', async () => {
    const { own, shared } = await start(['api']);
    for (const page of [own, shared]) {
      const answer = await page();
      expect([answer.status, (await answer.text()).includes(VIEW.html)]).toEqual([200, false]);
    }
  });

  it('begins at once, so that browsers load its style and script while its first view is made', async () => {
    let make = (): void => {};
    const made = new Promise<typeof VIEW>((resolve) => {
      make = () => resolve(VIEW);
    });
    const web = await startWeb({ firstView: () => made });
    await web.accounts.addSite(exampleSite);
    const { body } = await web.call('/sites/garden', bearer(await newToken(web.accounts, ['garden'])));
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const read = async () => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await read()).toMatch(/page\.css\?v=.*page\.en\.js\?v=.*<\/header>\s*$/s);
    make();
    expect(await read()).toContain(VIEW.html);
  });
});

describe('the page of all sites with its first view', () => {
  const NUMBERS = { html: '<p id="numbers">', answers: '{"a":"</script>"}' };

  it('is made of the sites that the caller may view, and is left out for callers who have reached the limit', async () => {
    const asked: SitesViewQuery[] = [];
    for (const refused of [[], ['api']] as const) {
      const sitesView = createSitesViewCache(async (query) => {
        asked.push(query);
        return NUMBERS;
      });
      const web = await startWeb({ limits: recordingLimits([...refused]).limits, sitesView });
      for (const id of ['garden', 'field', 'forest']) await web.accounts.addSite({ ...exampleSite, id });
      const token = await newToken(web.accounts, ['garden', 'forest']);
      const text = await (await web.call('/?page=2', bearer(token))).text();
      expect(text.includes(NUMBERS.html)).toBe(refused.length === 0);
      expect(text).not.toContain('"</script>"'); // an answer cannot end the element that contains it
    }
    const [query] = asked;
    expect(asked.length).toBe(1);
    expect(query?.overview.sites.map(({ site }) => site).sort()).toEqual(['forest', 'garden']);
    expect(query).toMatchObject({ teams: '[]', page: 2, locale: 'en' });
  });

  it('is left out where there are very many sites, since the script asks for them anyway', async () => {
    const web = await startWeb({ sitesView: async () => NUMBERS });
    for (let i = 0; i <= 500; i++) await web.accounts.addSite({ ...exampleSite, id: `site-${i}` });
    const few = Array.from({ length: 500 }, (_, i) => `site-${i}`);
    const textFor = async (token: string) => (await web.call('/', bearer(token))).text();
    expect(await textFor(await newToken(web.accounts, few))).toContain(NUMBERS.html);
    const all = await textFor(await newToken(web.accounts, 'all'));
    expect(all).not.toContain(NUMBERS.html);
    expect(all).toContain('The numbers need a script from this server.');
  });
});
