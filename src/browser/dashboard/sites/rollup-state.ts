// What the roll-up knows of the sites that are added up. It asks when it is opened or something else is chosen; not again and
// again, since its reports take the server long.
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { type Address, addressOf, readAddress } from '../address.js';
import { NotAnswered } from '../fetch.js';
import { createClock } from '../format.js';
import type { ListPage } from '../list-page.js';
import type { Loaded } from '../loaded.js';
import { problemOf } from '../problem.js';
import { sitesAddressOf } from './address.js';
import { askForRollup, createdAt, rollupAddress, todayOf } from './rollup-ask.js';
import { type Site, summedSites } from './rows.js';
import type { SitesState } from './state.js';
import { ROLLUP } from './texts.js';

/** The server adds up at most 4,000 documents: those of more sites only where it can read whole months. */
const SITES_BY_DAYS_MAX = 130;

export interface RollupState extends ListPage {
  readonly sites: ReadonlySignal<readonly Site[]>;
  readonly isOpen: ReadonlySignal<boolean>;
  /** What was chosen has not been answered yet. */
  readonly isBusy: ReadonlySignal<boolean>;
  /** Why there are no numbers. Empty while there are, or may be soon. */
  readonly problem: ReadonlySignal<string>;
  /** The address that opens it. */
  readonly openHref: ReadonlySignal<string>;
  retry(): void;
  close(): void;
}

export function createRollupState(state: SitesState): RollupState {
  const sites = computed(() => (state.overview.value ? summedSites(state.overview.value, state.address.value) : []));
  const ids = computed(() => (sites.value.length === state.overview.value?.sites.length ? '' : idsOf(sites.value)));
  const isOpen = computed(() => state.address.value.rollup !== undefined && sites.value.length > 0);
  const address = computed(() => state.address.value.rollup ?? readAddress(''));
  const clock = computed(() => createClock(sites.value[0]?.timezone ?? 'UTC'));
  const [loaded, problem, isBusy] = [signal<Loaded | undefined>(undefined), signal(''), signal(false)];
  const tries = signal(0);

  const ask = (left: AbortSignal): void => {
    const unlessLeft = (call: () => void): void => {
      if (!left.aborted) batch(call);
    };
    const show = (newest: Loaded): void =>
      unlessLeft(() => {
        loaded.value = newest;
        isBusy.value = false;
      });
    askForRollup({ ids: ids.peek(), sites: sites.peek(), address: address.peek() }, left, show).catch((error) =>
      unlessLeft(() => {
        loaded.value = undefined;
        isBusy.value = false;
        problem.value = error instanceof NotAnswered && error.status === 400 ? ROLLUP.tooMany : problemOf(error);
      }),
    );
  };
  const question = computed(() => {
    const { list: _, ...shown } = address.value;
    return isOpen.value ? `${ids.value} ${addressOf({ ...shown, tabs: {} })} ${tries.value}` : '';
  });
  effect(() => {
    const isAsked = question.value !== '';
    batch(() => {
      problem.value = '';
      isBusy.value = isAsked;
      if (!isAsked) loaded.value = undefined; // next time, it may be of other sites
    });
    const leaving = new AbortController();
    if (isAsked) ask(leaving.signal);
    return () => leaving.abort();
  });

  const set = (change: Partial<Address>, isClosing = false): void => state.setRollup({ ...address.peek(), ...change }, isClosing);
  const hrefOf = (rollup: Address): string => sitesAddressOf({ ...state.address.value, rollup });
  return {
    ...{ sites, isOpen, address, loaded, problem, isBusy, failed: state.failed },
    get settings() {
      // the details of a page are those of one site
      return { host: '', since: createdAt(sites.value), shows: (name: string) => name !== 'pages' };
    },
    get clock() {
      return clock.value;
    },
    today: computed(() => todayOf(sites.value)),
    traffic: computed(() => loaded.value?.answers.traffic),
    reportAddress: (report, query) => rollupAddress(ids.peek(), report, query),
    openHref: computed(() => hrefOf(readAddress(sites.value.length > SITES_BY_DAYS_MAX ? 'month' : '30d'))),
    hrefOf: (change) => hrefOf({ ...address.value, ...change }),
    choose: (change) => set(change, 'list' in change && change.list === undefined),
    replace: (change) => set(change),
    setTab(card, tab) {
      const { [card]: _, ...others } = address.peek().tabs;
      set({ tabs: tab === undefined ? others : { ...others, [card]: tab } });
    },
    retry() {
      tries.value++;
    },
    close: () => state.setRollup(undefined, true),
  };
}

function idsOf(sites: readonly Site[]): string {
  return sites.map(({ site }) => site).join();
}
