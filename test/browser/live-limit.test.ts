// The owner's page when the live stream is refused: it works without it, and gets it again once there is room.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { LIVE_OF_CALLER_MAX } from '../../src/web/api/live.js';
import { PERSON, prepare, type Running, start, temporaryFolder } from '../end-to-end/running.js';
import { AGENT, launchChromium, whyNoChromium } from './chromium.js';

const browser = await launchChromium([`--user-agent=${AGENT}`]);
if (browser === undefined) console.warn(whyNoChromium());

(browser === undefined ? describe.skip : describe)('the page of a site', () => {
  const folder = temporaryFolder();
  let service: Running;
  let token = '';

  beforeAll(async () => {
    token = await prepare(folder.path, [{ id: 'garden' }]);
    service = await start(folder.path);
  });
  afterAll(async () => {
    await (browser as Browser).close();
    expect(await service.stop()).toBe(0);
    folder.remove();
  });

  it('shows its numbers when no more live streams can be had, and is live once there is room again', async () => {
    const held = Array.from({ length: LIVE_OF_CALLER_MAX }, () => new AbortController());
    const headers = { Authorization: `Bearer ${token}` };
    const open = held.map(({ signal }) => fetch(`${service.url}/api/v1/sites/garden/live`, { headers, signal }));
    expect((await Promise.all(open)).filter(({ status }) => status !== 200)).toEqual([]);
    const hit = `${service.url}/a.gif?s=garden&u=https%3A%2F%2Fgarden.example%2F`;
    expect((await fetch(hit, { headers: { 'User-Agent': PERSON } })).status).toBe(200);
    await service.counted();

    const context = await (browser as Browser).newContext();
    await context.addCookies([{ name: 'hitherto', value: token, url: service.url }]);
    const page = await context.newPage();
    await page.clock.install();
    const refused = page.waitForResponse((response) => response.url().includes('/live'));
    await page.goto(`${service.url}/sites/garden`);
    expect((await refused).status()).toBe(429);
    await page.getByText('Updated every 15 seconds').waitFor();
    await page.locator('#views').getByText('1', { exact: true }).waitFor();

    for (const abort of held) abort.abort();
    const streams = async () =>
      (await fetch(`${service.url}/api/v1/sites/garden/live`, { method: 'HEAD', headers: { Authorization: `Bearer ${token}` } }))
        .status;
    while ((await streams()) !== 200) await new Promise(setImmediate);
    await page.clock.fastForward(60_000);
    await page.locator('#state').getByText('Live', { exact: true }).waitFor();
    await context.close();
  });
});
