import { afterAll, describe, expect, it } from '@jest/globals';
import { recordingLimits } from '../../../test/fixtures/limits.js';
import { bearer, newToken, startWeb, stopWebs } from '../../../test/fixtures/web.js';
import { exampleSite } from '../../store/contracts/accounts.js';
import { createFirstViewCache } from '../first-view.js';

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
