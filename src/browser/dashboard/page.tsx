// The script of a site's page.
import { effect, untracked } from '@preact/signals';
import { hydrate, render, type VNode } from 'preact';
import { addressOf, readAddress } from './address.js';
import { CARDS } from './cards.js';
import { startCopying } from './copying.js';
import { forgetGiven, hasAskedServer, readGiven } from './first-view/server.js';
import { startFoot } from './foot.js';
import { SitePage } from './site-page.js';
import { SiteContext, type SiteState, startSiteState } from './state.js';

startCopying();
startFoot();
startSite();

function startSite(): void {
  const root = document.getElementById('page');
  if (root === null) throw new Error('the page has no place for its contents');
  const { site = '', title = '', timezone = 'UTC', host = '', since = '' } = root.dataset;
  const { firstDay, waiting, reports, edits } = root.dataset;
  const shared = reports?.split(' ');
  const shows = (name: string): boolean => shared === undefined || shared.includes(name);
  const isWaiting = waiting === undefined ? {} : { isWaiting: waiting === 'true' };
  const settings = {
    site,
    title,
    timezone,
    host,
    since,
    ...(firstDay !== undefined && { firstDay }),
    shows,
    mayEdit: edits !== undefined,
    ...isWaiting,
  };
  const cards = CARDS.filter(({ report }) => shows(report));
  const isRendered = readGiven() && addressOf(readAddress(location.hash)) === '';
  if (!isRendered) forgetGiven();
  const state = startSiteState(settings, cards);
  const page = (
    <SiteContext.Provider value={state}>
      <SitePage cards={cards} />
    </SiteContext.Provider>
  );
  if (isRendered) whenLoaded(state, () => takeOver(state, page, root));
  else replaceWith(page, root);
}

/** Calls at once when the first answers are there, before anything else can change the state. */
function whenLoaded({ loaded }: SiteState, call: () => void): void {
  const stop = effect(() => {
    if (loaded.value === undefined) return;
    queueMicrotask(() => stop());
    untracked(call);
  });
}

/** The elements that the server has rendered stay, if they show the same as the page would. One in the background may be live. */
function takeOver({ connection }: SiteState, page: VNode, root: HTMLElement): void {
  forgetGiven();
  if (hasAskedServer() || connection.peek().isLive) {
    replaceWith(page, root);
    return;
  }
  hydrate(page, root);
  showAgain();
}

function replaceWith(page: VNode, root: HTMLElement): void {
  root.replaceChildren();
  render(page, root);
  showAgain();
}

/** See first-view/start.ts. */
function showAgain(): void {
  document.documentElement.classList.remove('other-view');
}
