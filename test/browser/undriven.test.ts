// What a browser does only while nothing drives it: prerendered pages, and tabs hidden behind others. The pages act
// on instructions from the test.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../fixtures/until.js';
import { AGENT, isWhole, launchChromium, openAlone, whyNoChromium } from './chromium.js';
import { type Counting, FOLLOW_INSTRUCTIONS, startCounting } from './counting.js';
import { expectedNumbersOf, type Visited } from './visited.js';

const browser = await launchChromium();
const whole = await isWhole(browser);
if (!whole) console.warn(whyNoChromium('whole Chromium'));
await browser?.close();

(whole ? describe : describe.skip)('a browser that nobody drives', () => {
  let counting: Counting;
  let endBrowser: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    counting = await startCounting(['prerendered', 'hidden']);
  });
  afterEach(async () => {
    await endBrowser?.();
    endBrowser = undefined;
  });
  afterAll(() => counting?.close());

  const nowMs = Date.now();
  /** The head of a page that follows instructions and whose clock is stopped. */
  const headAt = (seconds: number) => `<script>Date.now = () => ${nowMs + seconds * 1000}</script>${FOLLOW_INSTRUCTIONS}`;

  async function open(site: string, path: string): Promise<(path: string, code: string) => Promise<unknown>> {
    endBrowser = await openAlone(counting.address(site, path), [`--user-agent=${AGENT}`]);
    return (path, code) => counting.run(site, path, code);
  }

  async function expectNumbers(site: string, visited: Visited): Promise<void> {
    const expected = expectedNumbersOf(visited);
    await counting.received(site, expected.received);
    const { readSeconds, ...numbers } = await counting.numbers(site);
    expect(numbers).toEqual(expected);
  }

  it('counts a prerendered page once, and only when it is shown', async () => {
    const prerender = (path: string) =>
      `<script type="speculationrules">{ "prerender": [{ "urls": ["/prerendered${path}"], "eagerness": "immediate" }] }</script>`;
    counting.head('prerendered', '/from', headAt(0) + prerender('/shown') + prerender('/never-shown'));
    for (const path of ['/shown', '/never-shown']) counting.head('prerendered', path, headAt(10));
    counting.head('prerendered', '/end', headAt(30));
    const run = await open('prerendered', '/from');
    const activated = 'performance.getEntriesByType("navigation")[0].activationStart > 0';
    for (const path of ['/shown', '/never-shown'])
      expect(await run(path, `[document.readyState, document.prerendering, ${activated}]`)).toEqual(['complete', true, false]);
    await expectNumbers('prerendered', { visits: [['/from']], seconds: 0, read: {} });

    await run('/from', 'setTimeout(() => { location.href = "shown" })');
    await until(
      async () => (await run('/shown', activated)) === true,
      () => 'the prerendered page to be shown',
    );
    await expectNumbers('prerendered', { visits: [['/from', '/shown']], seconds: 10, read: { '/from': 1 } });
    await run('/shown', 'setTimeout(() => { location.href = "end" })');
    await expectNumbers('prerendered', {
      visits: [['/from', '/shown', '/end']],
      seconds: 30,
      read: { '/from': 1, '/shown': 1 },
    });
  });

  it('reports a view when its tab is hidden, and counts it once no matter how often that happens', async () => {
    for (const path of ['/a', '/b']) counting.head('hidden', path, `${headAt(0)}<style>p { height: 9000px }</style>`);
    const run = await open('hidden', '/a');
    await expectNumbers('hidden', { visits: [['/a']], seconds: 0, read: {} });
    const visibility = (wanted: string) =>
      until(
        async () => (await run('/a', 'document.visibilityState')) === wanted,
        () => `the tab to be ${wanted}`,
      );
    await run('/a', 'void (other = open("b"))');
    await visibility('hidden');
    await expectNumbers('hidden', { visits: [['/a', '/b']], seconds: 0, read: { '/a': 1 } });
    await run('/a', 'other.close()');
    await visibility('visible');
    await expectNumbers('hidden', { visits: [['/a', '/b']], seconds: 0, read: { '/a': 1, '/b': 1 } });
    await run('/a', 'scrollTo(0, 5000)');
    await run('/a', 'void open("b")');
    await visibility('hidden');
    await expectNumbers('hidden', { visits: [['/a', '/b', '/b']], seconds: 0, read: { '/a': 1, '/b': 1 }, morePings: 1 });
    const { rows } = await counting.report('hidden', 'engagement');
    const [first] = rows.filter(({ key }: { key: string }) => key === '/hidden/a');
    expect(first.reached[0]).toEqual({ depth: 25, views: 1 });
  });
});
