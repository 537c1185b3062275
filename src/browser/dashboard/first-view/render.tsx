// Renders the first view of a site's page, today, as HTML. The server runs it in its report thread, so that the page shows its
// numbers before its script has been loaded. In the browser, the script then takes over the same elements: see page.tsx.
import { signal } from '@preact/signals';
import { renderToString } from 'preact-render-to-string';
import type { FirstView, FirstViewQuery } from '../../../web/first-view.js';
import { readAddress } from '../address.js';
import { isNew } from '../ask.js';
import { CARDS } from '../cards.js';
import { createClock } from '../format.js';
import { noLive } from '../live/live-state.js';
import type { Loaded } from '../loaded.js';
import { createNow } from '../now.js';
import { SitePage } from '../site-page.js';
import { addressesOf, createAsk, type Settings, SiteContext, type SiteState } from '../state.js';
import { CONNECTION } from '../texts.js';
import { rendering } from './on-server.js';

export { renderSites } from './render-sites.js';

/** `answer` gets an address of the API and gives what the API would answer. */
export async function renderFirstView(
  { base, site, reports }: FirstViewQuery,
  answer: (address: string) => Promise<string>,
): Promise<FirstView> {
  const given = new Map<string, string>();
  return rendering.run({ base, answer, given }, async () => {
    const shows = (name: string): boolean => reports === undefined || reports.includes(name);
    const settings: Settings = { ...site, shows };
    const cards = CARDS.filter(({ report }) => shows(report));
    const address = signal(readAddress(''));
    const nowOf = createNow(createClock(settings.timezone), settings.since);
    const loaded = await createAsk(settings, cards, address, nowOf).ask();
    const answers = [...given].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
    const isWaiting = loaded.answers.traffic.total.views === 0 && (await isNew(settings));
    const html = renderToString(
      <SiteContext.Provider value={fixedState({ ...settings, isWaiting }, loaded, nowOf)}>
        <SitePage cards={cards} />
      </SiteContext.Provider>,
    );
    return { html, answers: `{${answers.join(',')}}`, isWaiting };
  });
}

/** The state of a page that has just been opened and got its first answers. Nothing changes it. */
function fixedState(settings: Settings, loaded: Loaded, nowOf: SiteState['nowOf']): SiteState {
  const nothing = (): void => {};
  const address = signal(loaded.address);
  return {
    settings,
    clock: createClock(settings.timezone),
    address,
    ...addressesOf(settings.site, address),
    today: signal(loaded.now.day),
    loaded: signal(loaded),
    traffic: signal(loaded.answers.traffic),
    live: noLive(),
    connection: signal({
      text: settings.shows('live') ? CONNECTION.connecting : CONNECTION.polling(15),
      ...{ isLive: false, isStale: false },
    }),
    signedOut: signal(undefined),
    isWaiting: signal(settings.isWaiting ?? false),
    isHelpOpen: signal(false),
    choose: nothing,
    zoom: nothing,
    replace: nothing,
    setTab: nothing,
    failed: nothing,
    nowOf,
  };
}
