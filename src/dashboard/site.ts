// The owner's page of one site: when it is asked for, and where the answers go.
import { type Address, type Shown, addressOf } from './address.js';
import { type LiveHit, SignedOut, type Traffic, siteAddress } from './answers.js';
import { type Answers, type PageAnswers, askForAll, askForPage, isNew } from './ask.js';
import { createCards } from './cards.js';
import { createControls } from './controls.js';
import { element, setText } from './dom.js';
import { createClock } from './format.js';
import { createJustNow } from './just-now.js';
import { createPageLabels } from './labels.js';
import { createMainChart } from './main-chart.js';
import { showNumbers, showViews } from './numbers.js';
import { otherPeriod } from './other-period.js';
import { createPanel } from './panel.js';
import { released, watchPointer } from './pressed.js';
import { createRetentionCard } from './retention-card.js';

/** Ten reports: not more often than this, however fast the total changes. A year is 365 days of 24 hours, twice where it is compared. */
const REFRESH_EVERY_MS: Readonly<Record<Shown, number>> = { today: 2_000, month: 2_000, year: 30_000 };
/** How often to ask when the live feed cannot be had; and at least so often, since who is here now changes by time alone. */
const POLL_EVERY_MS = 15_000;

export function startSite(): void {
  const { site = '', timezone = 'UTC', host = '', since = '' } = element('site', HTMLElement).dataset;
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
  const waiting = element('waiting', HTMLElement);
  /** Answers to an earlier question are thrown away. */
  let question = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBusy = false;
  let isDue = false;
  let answers: Answers | undefined;
  let today = '';
  let isFeedOpen = false;
  let isTold = false;

  const nowOf = ({ asOf }: { asOf: string }) => {
    const at = new Date(asOf);
    return { day: clock.day(at), hour: clock.hour(at), time: clock.time(at), siteSince: clock.day(new Date(since)) };
  };

  const showTraffic = (traffic: Traffic): void => {
    const { shown } = controls.now();
    showViews(traffic);
    chart.show(traffic, answers?.minutes, shown, nowOf(traffic));
    empty.hidden = traffic.total.views > 0;
    setText(empty, nothing(shown));
    if (traffic.total.views > 0) waiting.hidden = true;
  };

  const show = ({ shown, comparison }: Address, all: Answers, ofPage: PageAnswers | undefined): void => {
    answers = all;
    const now = nowOf(all.traffic);
    today = now.day;
    showTraffic(all.traffic);
    showNumbers(all, shown, comparison, now);
    const other = otherPeriod(shown, comparison, all.traffic);
    cards.show(all, nothing(shown), other);
    if (ofPage !== undefined) panel.show({ ...ofPage, ...all }, shown, other, now, nothing(shown));
  };

  const showRetention = async (): Promise<void> => {
    if (today !== '') await retention.refresh(today).catch(failed);
  };

  const failed = (error: unknown): void => {
    if (error instanceof SignedOut) location.reload();
    else say('Cannot reach the server; trying again …', false);
    isDue = true;
  };

  const refresh = async (): Promise<void> => {
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
      const ofPage = address.page === undefined ? undefined : await askForPage(site, address.page, address, all);
      await released();
      if (asked !== question) return; // the timer is the other one's
      show(address, all, ofPage);
      if (isFeedOpen) say('Live', true);
      void showRetention();
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

  const listen = (): void => {
    const feed = new EventSource(`${siteAddress(site)}/live`);
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
      if (feed.readyState !== EventSource.CLOSED) return say('Connecting again …', false);
      say(`Updated every ${POLL_EVERY_MS / 1000} seconds`, false);
    });
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && isDue) void refresh();
  });
  const tick = (): void => setText(element('clock', HTMLElement), ` · now ${clock.time(new Date())} there`);
  tick();
  setInterval(tick, 5_000);
  setInterval(() => void refresh(), POLL_EVERY_MS);

  watchPointer();
  follow();
  listen();
  void isNew(site).then((fresh) => {
    if (fresh) waiting.hidden = false;
  });
}

function nothing(shown: Shown): string {
  return { today: 'Nothing yet today.', month: 'Nothing yet this month.', year: 'Nothing yet this year.' }[shown];
}
