// What the page knows of its site, as signals: components that read them are drawn again when they change.
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Context } from 'preact';
import type { DayRange } from '../../time/day-range.js';
import type { PageSite } from '../../web/first-view.js';
import { type Address, addressOf, asksForTheSame } from './address.js';
import type { Traffic } from './answers.js';
import { type Answers, askForLists, askForPage, createAskForBefore, isNew, questionOf } from './ask.js';
import type { Card } from './card.js';
import { comparedParts, type Now } from './change.js';
import { type Choices, createChoices } from './choices.js';
import { createFetchAgain, fetchSite, SignedOut, siteAddress, unlessSignedOut } from './fetch.js';
import { createClock } from './format.js';
import { type ListPage, type ListSettings, PageContext, useListPage } from './list-page.js';
import { type Connection, type Shown, watchConnection } from './live/connection.js';
import { createLive, type Live, type LiveInputs } from './live/live-state.js';
import { listen } from './live.js';
import type { Loaded } from './loaded.js';
import { beginningOf, createNow } from './now.js';
import { createPushed, type Pushed } from './pushed.js';
import { daysIn, isSame, rangeOf } from './ranges.js';
import { createRefresher, type Refresher } from './refresher.js';
import { CONNECTION } from './texts.js';

/** The pause after each request for all reports. */
const PAUSE_MS = 2_000;
/** Of a range of more days than `DAYS_SHORT_MAX`: a year is 365 days of 24 hours, and twice that if it is compared. */
const PAUSE_OF_LONG_MS = 30_000;
const DAYS_SHORT_MAX = 100;
/** Of a range that is over, which changes only by late hits. */
const PAUSE_OF_OVER_MS = 60_000;
/** The least pause between two refreshes with what the server has pushed. */
const PAUSE_OF_PUSHED_MS = 250;
/**
 * If nothing changes, the server pushes something every fifteen seconds, or after the pause if that is longer. For reports that
 * take long to make, its pause is up to half a minute.
 */
const SIGN_OF_LIFE_MS_MAX = 35_000;
/** How often to refresh where the server pushes nothing. */
const POLL_EVERY_MS = 15_000;

export interface Settings extends PageSite, ListSettings {
  /** Nobody has viewed the site yet. Absent: the page asks. */
  readonly isWaiting?: boolean;
  /** Whether the person may change the site. Absent while the server renders the page. */
  readonly mayEdit?: boolean;
}

export interface SiteState extends ListPage, Pick<Choices, 'zoom' | 'isHelpOpen'> {
  readonly settings: Settings;
  /** Newer than `loaded` if the live feed has sent it, with the views that are not counted yet. */
  readonly traffic: ReadonlySignal<Traffic | undefined>;
  readonly live: Live;
  readonly connection: ReadonlySignal<Shown>;
  /** What the token can no longer be used for; undefined while it can be used. */
  readonly signedOut: ReadonlySignal<'site' | 'token' | undefined>;
  /** Nobody has viewed the site yet. */
  readonly isWaiting: ReadonlySignal<boolean>;
  nowOf(traffic: Traffic): Now;
}

/** Below it, a page is always that of a site. */
export const SiteContext = PageContext as Context<SiteState | undefined>;

export function useSite(): SiteState {
  return useListPage() as SiteState;
}

/** Where a site's page and its reports are found. */
export function addressesOf(site: string, address: ReadonlySignal<Address>): Pick<ListPage, 'reportAddress' | 'hrefOf'> {
  return {
    reportAddress: (report, query) => `${siteAddress(site)}/${report}?${new URLSearchParams(query)}`,
    hrefOf: (change) => addressOf({ ...address.value, ...change }) || '#',
  };
}

type Signals = {
  readonly [Name in 'loaded' | 'traffic' | 'signedOut' | 'isWaiting']: Signal<SiteState[Name]['value']>;
};

export function startSiteState(settings: Settings, cards: readonly Card[]): SiteState {
  const { timezone, since } = settings;
  const clock = createClock(timezone);
  const nowOf = createNow(clock, since);
  const signals: Signals = {
    loaded: signal(undefined),
    traffic: signal(undefined),
    signedOut: signal(undefined),
    isWaiting: signal(settings.isWaiting ?? false),
  };
  const live = createLive(clock);
  const today = computed(() => signals.loaded.value?.now.day ?? clock.day(new Date()));
  const { address, choose, ...choices } = createChoices(today);
  const failed = (error: unknown): void => {
    refresher.retry();
    connection.failed(error);
    if (!(error instanceof SignedOut) || signals.signedOut.peek() !== undefined) return;
    refresher.stop();
    feed.close();
    signals.signedOut.value = error.isOfSite ? 'site' : 'token';
    choose({ page: undefined }); // what else is shown stays
  };

  const whetherNew =
    settings.isWaiting ??
    isNew(settings).then((fresh) => {
      signals.isWaiting.value = fresh && (signals.traffic.peek()?.total.views ?? 0) === 0;
    }, failed);

  const pushed = createPushed();
  const { ask, question } = createAsk(settings, cards, address, nowOf);
  const refresher = createRefresher<Loaded>({
    async ask() {
      feed.follow(); // not earlier: somebody who steps through ranges would open a stream for each of them
      const loaded = await ask(pushed.take);
      if (loaded.answers.traffic.total.views === 0) await whetherNew; // a new site is shown in another way
      return loaded;
    },
    show: (loaded) =>
      batch(() => {
        signals.loaded.value = loaded;
        showTraffic(signals, loaded.answers.traffic, live);
        if (loaded.answers.minutes !== undefined) live.countedMinutes(loaded.answers.minutes);
        connection.answered();
        feed.tellState();
        feed.follow(); // the first month of all time is known only now
      }),
    failed,
    // the server has made a pause before it pushed
    pauseMs: () => (pushed.hasCome(pauseMs()) ? PAUSE_OF_PUSHED_MS : pauseMs()),
    isHidden: () => document.hidden,
  });
  const pauseMs = (): number => pauseOf(rangeOf(address.peek().shown, today.peek()), today.peek());
  const connection = watchConnection(clock, {
    pauseMs,
    tryAgain() {
      feed.reopen();
      refresher.refresh();
    },
  });
  connection.shown.subscribe(({ isStale }) => void document.documentElement.classList.toggle('is-stale', isStale));
  const feed = followFeed(signals, address, { settings, refresher, connection, failed, live, pushed, question });

  let asked: Address | undefined;
  // calls it at once, too
  address.subscribe((next) => {
    const isOther = asked === undefined || !asksForTheSame(asked, next);
    asked = next;
    if (isOther) refresher.restart();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    refresher.refresh();
    connection.check();
  });
  setInterval(() => {
    if (!pushed.hasCome(pauseMs() + SIGN_OF_LIFE_MS_MAX)) refresher.refresh();
  }, POLL_EVERY_MS);

  const traffic = computed(() => signals.traffic.value && live.traffic(signals.traffic.value));
  const fixed = { settings, clock, nowOf, ...addressesOf(settings.site, address) };
  const shown = { connection: connection.shown, traffic };
  return { ...fixed, address, today, choose, ...choices, ...signals, ...shown, live, failed };
}

function pauseOf(range: DayRange, today: string): number {
  if (range.to < today) return PAUSE_OF_OVER_MS;
  return daysIn(range) > DAYS_SHORT_MAX ? PAUSE_OF_LONG_MS : PAUSE_MS;
}

/** An answer may arrive after a later one. */
function showTraffic({ traffic, isWaiting }: Signals, newest: Traffic, live: LiveInputs): void {
  const before = traffic.peek();
  if (before !== undefined && isSame(before, newest) && newest.until < before.until) return;
  live.counted(newest);
  traffic.value = newest;
  if (newest.total.views > 0) isWaiting.value = false;
}

interface FollowFeed {
  readonly settings: Settings;
  readonly refresher: Refresher;
  readonly connection: Connection;
  readonly failed: (error: unknown) => void;
  readonly live: LiveInputs;
  readonly pushed: Pushed;
  /** What the page asks for. */
  readonly question: () => string;
}

function followFeed(signals: Signals, address: ReadonlySignal<Address>, parts: FollowFeed) {
  const { settings, refresher, connection, failed, live, pushed, question } = parts;
  const { say, heard } = connection;
  let state: 'open' | 'connecting' | 'refused' = 'connecting';
  if (!settings.shows('live')) {
    say(CONNECTION.polling(POLL_EVERY_MS / 1000));
    return { close() {}, reopen() {}, follow() {}, tellState: () => say(CONNECTION.polling(POLL_EVERY_MS / 1000)) };
  }
  /** Something has arrived, so the message about a problem is removed. */
  const tellState = (): void => {
    if (state === 'open') say(CONNECTION.live, true);
    if (state === 'refused') say(CONNECTION.polling(POLL_EVERY_MS / 1000));
  };
  let followed = '';
  const begin = (): string => {
    followed = question();
    pushed.begin(followed);
    return followed;
  };
  const feed = listen(settings.site, begin, {
    opened() {
      state = 'open';
      heard();
      tellState();
    },
    interrupted() {
      state = 'connecting';
      say(CONNECTION.reconnecting);
      void fetchSite(settings.site).then(heard, failed); // perhaps only streams do not get through
    },
    refused() {
      state = 'refused';
      tellState();
    },
    reports(newest) {
      heard();
      tellState();
      pushed.add(newest);
      const loaded = signals.loaded.peek();
      // of what is shown for another question, it is not known how new it is
      const shown = loaded && asksForTheSame(loaded.address, address.peek()) ? loaded.answers.traffic.asOf : undefined;
      if (pushed.isNews(question(), shown)) refresher.refresh();
    },
    hits(newest) {
      heard();
      batch(() => live.hits(newest));
      if (newest.some(({ kind }) => kind === 'view')) signals.isWaiting.value = false;
    },
    recent(recent) {
      heard();
      tellState();
      batch(() => live.recent(recent));
    },
    failed,
  });
  return {
    ...feed,
    tellState,
    /** The page asks for something else, unless only a panel was opened. */
    follow() {
      if (question() !== followed) feed.reopen();
    },
  };
}

interface Asking {
  /** What the page asks for. */
  readonly question: () => string;
  /** `pushed`: gives answers to the question for which the server need not be asked. */
  readonly ask: (pushed?: (question: string) => Answers | undefined) => Promise<Loaded>;
}

export function createAsk(
  settings: Settings,
  cards: readonly Card[],
  chosen: ReadonlySignal<Address>,
  nowOf: SiteState['nowOf'],
): Asking {
  const reports = cards.filter(({ asksItself }) => !asksItself).map(({ report }) => report);
  // visitors do not add up by days, so those of a part are asked for
  const compared = ['traffic', ...cards.filter(({ isCompared }) => isCompared).map(({ report }) => report)];
  const askForBefore = createAskForBefore(askForLists(settings.site), compared);
  const today = createClock(settings.timezone).day(new Date());
  let whole: DayRange = { from: beginningOf(settings, today), to: today };
  const fetchAgain = createFetchAgain(settings.site);
  const question = (): string => questionOf(settings, chosen.peek(), { ofCards: reports, whole });
  const ask: Asking['ask'] = async (pushed) => {
    const address = chosen.peek();
    const page = settings.shows('pages') ? address.page : undefined;
    const answers = pushed?.(question()) ?? ((await fetchAgain(question())) as Answers);
    const now = nowOf(answers.traffic);
    const { traffic } = answers;
    if (address.shown === 'all') whole = { from: traffic.from, to: traffic.to };
    const part = comparedParts(traffic, now);
    const [before, ofPage] = await Promise.all([
      // lists are shown without changes where this cannot be read
      part && askForBefore(part, now.day, answers).catch(unlessSignedOut),
      page === undefined ? undefined : askForPage(settings, page, address, { ...answers, today: now.day }),
    ]);
    return { address, answers, now, before, ofPage };
  };
  return { ask, question };
}
