// The owner's page of one site: when it is asked for, and where the answers go.
import { type Address, addressOf, type Shown } from './address.js';
import { fetchSite, type LiveHit, SignedOut, siteAddress, type Traffic } from './answers.js';
import { type Answers, askForAll, askForPage, createAskForBefore, isNew, type ListsBefore, type PageAnswers } from './ask.js';
import { createCards } from './cards.js';
import { comparedName, isCovered, partOver } from './change.js';
import { createControls } from './controls.js';
import { element, setText } from './dom.js';
import { createClock } from './format.js';
import { createJustNow } from './just-now.js';
import { createPageLabels } from './labels.js';
import { createMainChart } from './main-chart.js';
import { showNumbers, showViews } from './numbers.js';
import { createPanel } from './panel.js';
import { released, watchPointer } from './pressed.js';
import { createRetentionCard } from './retention-card.js';
import { createWaiting } from './waiting.js';

/**
 * Ten reports: not more often than this, however fast the total changes. A year is 365 days of 24 hours, twice where
 * it is compared.
 */
const REFRESH_EVERY_MS: Readonly<Record<Shown, number>> = { today: 2_000, month: 2_000, year: 30_000 };
/** How often to ask when the live feed cannot be had; and at least so often, since who is here now changes by time alone. */
const POLL_EVERY_MS = 15_000;
/** When to ask for the live feed again that was refused, such as when too many are open. */
const LISTEN_AGAIN_MS = 60_000;

export function startSite(): void {
  const { site = '', timezone = 'UTC', host = '', hosts = '', since = '' } = element('site', HTMLElement).dataset;
  const clock = createClock(timezone);
  const controls = createControls(() => follow());
  const chart = createMainChart();
  const labels = createPageLabels(host, (page) => addressOf({ ...controls.now(), page }));
  const panel = createPanel(
    host,
    labels,
    (shown) => controls.choose({ shown }),
    () => controls.choose({ page: undefined }),
  );
  const retention = createRetentionCard(site, () => void showRetention());
  const cards = createCards(labels, retention.root);
  const justNow = createJustNow(clock);
  const state = element('state', HTMLElement);
  const empty = element('chart-empty', HTMLElement);
  const waiting = createWaiting(site, hosts);
  const askForBefore = createAskForBefore(site);
  /** Answers to an earlier question are thrown away. */
  let question = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBusy = false;
  let isDue = false;
  let answers: Answers | undefined;
  let isFeedOpen = false;
  let isTold = false;
  let isSignedOut = false;

  const siteSince = clock.day(new Date(since));
  /** The moment up to which is counted. Right after midnight that may be in the day before: then nothing of this one is over. */
  const nowOf = ({ asOf, from }: Traffic) => {
    const at = new Date(asOf);
    const day = clock.day(at);
    if (day < from) return { day: from, hour: '00', time: '00:00', siteSince };
    return { day, hour: clock.hour(at), time: clock.time(at), siteSince };
  };

  const showTraffic = (traffic: Traffic): void => {
    const { shown } = controls.now();
    showViews(traffic);
    chart.show(traffic, answers?.minutes, shown, nowOf(traffic));
    empty.hidden = traffic.total.views > 0;
    setText(empty, nothing(shown));
    if (traffic.total.views > 0) waiting.end();
  };

  const show = ({ shown, comparison }: Address, all: Answers, before: ListsBefore | undefined, ofPage?: PageAnswers): void => {
    answers = all;
    const now = nowOf(all.traffic);
    const { compared } = all.traffic;
    showTraffic(all.traffic);
    showNumbers(all, shown, comparison, now);
    cards.show(all, nothing(shown), before);
    if (ofPage === undefined) return;
    const otherName = compared && isCovered(all.traffic, now) ? comparedName(shown, comparison, compared) : undefined;
    panel.show({ ...ofPage, ...all }, shown, otherName, now, nothing(shown));
  };

  /** What lists are compared with; they are shown without it where it cannot be read. */
  const beforeOf = async ({ shown }: Address, { traffic }: Answers): Promise<ListsBefore | undefined> => {
    const now = nowOf(traffic);
    const part = traffic.compared && isCovered(traffic, now) ? partOver(shown, traffic.compared, now) : undefined;
    return part && askForBefore(part).catch(unlessSignedOut);
  };

  const showRetention = async (): Promise<void> => {
    if (answers === undefined || isSignedOut) return;
    const { traffic, visitors } = answers;
    await retention.refresh(nowOf(traffic).day, traffic.asOf.slice(0, 10), visitors.total.new).catch(failed);
  };

  const failed = (error: unknown): void => {
    isDue = true;
    if (error instanceof SignedOut) signOut(error);
    else say('Cannot reach the server; trying again …', false);
  };

  const refresh = async (): Promise<void> => {
    if (isSignedOut) return;
    if (isBusy || document.hidden) {
      isDue = true;
      return;
    }
    isBusy = true;
    isDue = false;
    const address = controls.now();
    const asked = ++question;
    try {
      const all = await askForAll(site, address);
      const [before, ofPage] = await Promise.all([
        beforeOf(address, all),
        address.page === undefined ? undefined : askForPage(site, address.page, address, all),
      ]);
      await released();
      if (asked !== question) return; // the timer is the other one's
      show(address, all, before, ofPage);
      if (isFeedOpen) say('Live', true);
      void showRetention();
      void waiting.refresh().catch(failed);
    } catch (error) {
      if (asked !== question) return;
      failed(error);
    }
    timer = setTimeout(() => {
      isBusy = false;
      if (isDue) void refresh();
    }, REFRESH_EVERY_MS[address.shown]);
  };

  /** Something else is looked at: at once. */
  const follow = (): void => {
    panel.follow(controls.now());
    clearTimeout(timer);
    isBusy = false;
    void refresh();
  };

  const say = (text: string, isLive: boolean): void => {
    setText(state, text);
    state.classList.toggle('is-live', isLive);
  };

  let feed: EventSource | undefined;
  const listen = (): void => {
    feed = new EventSource(`${siteAddress(site)}/live`);
    feed.addEventListener('open', () => {
      isFeedOpen = true;
      say('Live', true);
    });
    feed.addEventListener('traffic', (event) => {
      const traffic = JSON.parse((event as MessageEvent<string>).data) as Traffic;
      if (controls.now().shown === 'today') showTraffic(traffic);
      // the first one tells what is being asked for anyway
      if (isTold) void refresh();
      isTold = true;
    });
    feed.addEventListener('hits', (event) => justNow.add(JSON.parse((event as MessageEvent<string>).data) as LiveHit[]));
    feed.addEventListener('error', () => {
      isFeedOpen = false;
      if (feed?.readyState !== EventSource.CLOSED) return say('Connecting again …', false);
      // a browser does not say why
      void fetchSite(site).then(() => {
        say(`Updated every ${POLL_EVERY_MS / 1000} seconds`, false);
        setTimeout(() => {
          if (!isSignedOut) listen();
        }, LISTEN_AGAIN_MS);
      }, failed);
    });
  };

  /** What is shown stays, and grows no more. */
  const signOut = ({ isOfSite }: SignedOut): void => {
    if (isSignedOut) return;
    isSignedOut = true;
    clearTimeout(timer);
    feed?.close();
    say('Signed out', false);
    setText(element('signed-out-why', HTMLElement), isOfSite ? NOT_READ : NOT_SIGNED_IN);
    controls.choose({ page: undefined });
    const notice = element('signed-out', HTMLElement);
    notice.hidden = false;
    notice.scrollIntoView({ block: 'nearest' });
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && isDue) void refresh();
  });
  const tick = (): void => setText(element('clock', HTMLElement), ` (now ${clock.time(new Date())})`);
  tick();
  setInterval(tick, 5_000);
  setInterval(() => void refresh(), POLL_EVERY_MS);

  watchPointer();
  follow();
  listen();
  void isNew(site).then((fresh) => (fresh ? waiting.begin().catch(failed) : undefined), failed);
}

const NOT_SIGNED_IN = 'The token was revoked, or this sign-in has ended. The numbers below are from before that.';
const NOT_READ = 'This site is not there any more, or your token no longer reads it. The numbers below are from before that.';

function unlessSignedOut(error: unknown): undefined {
  if (error instanceof SignedOut) throw error;
}

function nothing(shown: Shown): string {
  return { today: 'Nothing yet today.', month: 'Nothing yet this month.', year: 'Nothing yet this year.' }[shown];
}
