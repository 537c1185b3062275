// The owner's page of one site: which period is shown, when it is asked for, and where the answers go.
import { type LiveHit, type PeriodName, type Reports, SignedOut, type Traffic, fetchReport, siteAddress } from './answers.js';
import { createCards } from './cards.js';
import { createJustNow } from './just-now.js';
import { type ChartPoint, createChart } from './chart.js';
import { element, setText } from './dom.js';
import { createClock, dayName, hourName, number } from './format.js';

type Shown = 'today' | 'month';

/** The lists are six reports: not more often than this, however fast the total changes. */
const REFRESH_EVERY_MS = 2_000;
/** How often to ask when the live feed cannot be had. */
const POLL_EVERY_MS = 15_000;
const LISTS = ['content', 'referrers', 'technology', 'visitors', 'refusals'] as const;
const PRESSED = { d: 'today', m: 'month' } as const;

export function startSite(): void {
  const { site = '', timezone = 'UTC', host = '' } = element('site', HTMLElement).dataset;
  const clock = createClock(timezone);
  const chart = createChart();
  const cards = createCards(host);
  const justNow = createJustNow(clock);
  const state = element('state', HTMLElement);
  const empty = element('chart-empty', HTMLElement);
  const waiting = element('waiting', HTMLElement);
  let shown: Shown = location.hash === '#month' ? 'month' : 'today';
  /** Answers to an earlier question are thrown away. */
  let question = 0;
  let isBusy = false;
  let isDue = false;
  let today = '';
  let isFeedOpen = false;

  const showTraffic = (traffic: Traffic): void => {
    const { total, asOf } = traffic;
    const now = new Date(asOf);
    setText(element('views', HTMLElement), number(total.views));
    setText(element('visitors', HTMLElement), number(total.visitors));
    setText(element('visitors-error', HTMLElement), total.error ? `± ${number(total.error)}` : '');
    const points = shown === 'today' ? hourPoints(traffic, clock.hour(now)) : dayPoints(traffic, clock.day(now));
    chart.show(points, shown === 'today' ? 'Views and visitors by hour, today' : 'Views and visitors by day, this month');
    empty.hidden = total.views > 0;
    setText(empty, nothing(shown));
    if (total.views > 0) waiting.hidden = true;
  };

  const refresh = async (): Promise<void> => {
    if (isBusy) {
      isDue = true;
      return;
    }
    isBusy = true;
    isDue = false;
    const asked = ++question;
    const period = shown;
    try {
      const [traffic, ...lists] = await Promise.all([
        fetchReport(site, 'traffic', period),
        ...LISTS.map((name) => fetchReport(site, name, period)),
      ]);
      if (asked === question && period === shown) {
        showTraffic(traffic);
        const reports = Object.fromEntries(LISTS.map((name, index) => [name, lists[index]])) as unknown as Reports;
        cards.show(reports, nothing(shown));
        if (isFeedOpen) say('Live', true);
      }
    } catch (error) {
      if (error instanceof SignedOut) location.reload();
      else say('Cannot reach the server; trying again …', false);
      isDue = true;
    }
    setTimeout(() => {
      isBusy = false;
      if (isDue) void refresh();
    }, REFRESH_EVERY_MS);
  };

  const choose = (next: Shown): void => {
    if (next !== shown) {
      shown = next;
      history.replaceState(null, '', next === 'month' ? '#month' : location.pathname);
      isBusy = false;
      void refresh();
    }
    for (const name of ['today', 'month'] as const) {
      element(`show-${name}`, HTMLButtonElement).setAttribute('aria-pressed', String(name === shown));
    }
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
      const isFirst = today === '';
      today = traffic.from;
      if (shown === 'today') showTraffic(traffic);
      if (!isFirst) void refresh();
    });
    feed.addEventListener('hits', (event) => justNow.add(JSON.parse((event as MessageEvent<string>).data) as LiveHit[]));
    feed.addEventListener('error', () => {
      isFeedOpen = false;
      if (feed.readyState !== EventSource.CLOSED) return say('Connecting again …', false);
      say(`Updated every ${POLL_EVERY_MS / 1000} seconds`, false);
      setInterval(() => void refresh(), POLL_EVERY_MS);
    });
  };

  for (const name of ['today', 'month'] as const) {
    element(`show-${name}`, HTMLButtonElement).addEventListener('click', () => choose(name));
  }
  document.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
    const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
    if (isTyping || ctrlKey || metaKey || altKey) return;
    if (key === 'd' || key === 'm') choose(PRESSED[key]);
  });
  const switcher = document.getElementById('switcher');
  if (switcher instanceof HTMLSelectElement) {
    switcher.addEventListener('change', () => location.assign(`/sites/${encodeURIComponent(switcher.value)}`));
  }
  const tick = (): void => setText(element('clock', HTMLElement), ` · now ${clock.time(new Date())} there`);
  tick();
  setInterval(tick, 5_000);

  choose(shown);
  void refresh();
  listen();
  void isNew(site).then((fresh) => {
    if (fresh) waiting.hidden = false;
  });
}

/** No view this year or the last one. */
async function isNew(site: string): Promise<boolean> {
  for (const period of ['year', 'last-year'] as const satisfies readonly PeriodName[]) {
    const { total } = await fetchReport(site, 'traffic', period);
    if (total.views > 0) return false;
  }
  return true;
}

function hourPoints(traffic: Traffic, hourNow: string): ChartPoint[] {
  return (traffic.rows[0]?.hours ?? []).map(({ key, views, visitors }) => ({
    label: key,
    name: hourName(key),
    views,
    visitors,
    isToCome: views === 0 && key.slice(0, 2) > hourNow,
  }));
}

/** Days to come are left off: they are not zero, they have not been. */
function dayPoints(traffic: Traffic, today: string): ChartPoint[] {
  return traffic.rows
    .filter(({ key }) => key <= today)
    .map(({ key, views, visitors }) => ({ label: String(Number(key.slice(8))), name: dayName(key), views, visitors }));
}

function nothing(shown: Shown): string {
  return shown === 'today' ? 'Nothing yet today.' : 'Nothing yet this month.';
}
