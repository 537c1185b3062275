// What the page of all sites knows, as signals.
import { type ReadonlySignal, signal } from '@preact/signals';
import { basePath, fetchJson, SignedOut } from '../fetch.js';
import { problemOf } from '../problem.js';
import { createRefresher } from '../refresher.js';
import { keepOpened, leaveOpened } from '../steps.js';
import { readSitesAddress, type SitesAddress, sitesAddressOf } from './address.js';
import type { Overview } from './rows.js';
import { SITES } from './texts.js';

/** The pause after each answer, and for each site in it: thousands of sites cost the server more. */
const PAUSE_MS = 15_000;
const PAUSE_OF_SITE_MS = 12;
const TICK_MS = 5_000;

export interface SitesState {
  readonly overview: ReadonlySignal<Overview | undefined>;
  readonly address: ReadonlySignal<SitesAddress>;
  /** How old the numbers are, or why they are not updated. */
  readonly status: ReadonlySignal<string>;
  readonly isSignedOut: ReadonlySignal<boolean>;
  /** `isStep`: Back returns to what was shown before. A change of anything but the page shows the first page. */
  choose(next: Partial<Omit<SitesAddress, 'rollup'>>, isStep?: boolean): void;
  /** No step in the history. `isClosing`: the roll-up, or what is above it, is closed. */
  setRollup(rollup: SitesAddress['rollup'], isClosing?: boolean): void;
  /** Shows that something could not be loaded. */
  failed(error: unknown): void;
}

/** How old the numbers are, in steps of five seconds. */
export function ageText(ageMs: number): string {
  const ago = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });
  const seconds = Math.round(ageMs / 1000 / 5) * 5;
  return SITES.updated(seconds < 60 ? ago.format(-seconds, 'second') : ago.format(-Math.round(seconds / 60), 'minute'));
}

export function startSitesState(): SitesState {
  const overview = signal<Overview | undefined>(undefined);
  const address = signal(readSitesAddress(location.hash));
  const status = signal<string>(SITES.loading);
  const isSignedOut = signal(false);
  let shownAtMs = 0;
  let problem: string | undefined;
  const tick = (): void => {
    status.value = [problem, shownAtMs > 0 && ageText(Date.now() - shownAtMs)].filter(Boolean).join(' ') || SITES.loading;
  };
  const refresher = createRefresher<Overview>({
    ask: () => fetchJson<Overview>(`${basePath()}/api/v1/overview`),
    show(answer) {
      problem = undefined;
      shownAtMs = Date.now();
      overview.value = answer;
      tick();
    },
    failed(error) {
      isSignedOut.value = error instanceof SignedOut;
      problem = problemOf(error);
      if (isSignedOut.value) refresher.stop();
      tick();
    },
    pauseMs: () => Math.max(PAUSE_MS, (overview.peek()?.sites.length ?? 0) * PAUSE_OF_SITE_MS),
    isHidden: () => document.hidden,
  });
  refresher.refresh();
  setInterval(() => {
    tick();
    refresher.refresh();
  }, TICK_MS);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) refresher.refresh();
  });
  addEventListener('hashchange', () => {
    const before = address.peek();
    const next = readSitesAddress(location.hash);
    const isOpened = (next.rollup && !before.rollup) || (next.rollup?.list && !before.rollup?.list);
    if (isOpened) keepOpened();
    address.value = next;
  });
  const hashOf = (next: SitesAddress): string => sitesAddressOf(next) || location.pathname + location.search;
  return {
    overview,
    address,
    status,
    isSignedOut,
    failed(error) {
      problem = problemOf(error);
      tick();
    },
    choose(next, isStep = true) {
      address.value = { ...address.peek(), page: 1, ...next };
      if (isStep) history.pushState(null, '', hashOf(address.peek()));
      else history.replaceState(history.state, '', hashOf(address.peek()));
    },
    setRollup(rollup, isClosing = false) {
      const next = { ...address.peek(), rollup };
      if (isClosing) leaveOpened(hashOf(next));
      else history.replaceState(history.state, '', hashOf(next));
      address.value = next;
    },
  };
}
