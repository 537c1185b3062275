// What the owner has chosen: the range, what it is compared with, the page and the tabs. Chosen by click, by key or by the
// address.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Address, addressOf, OVERLAYS, readAddress } from './address.js';
import { enterFullScreen } from './live/full-screen.js';
import { moved, type Named, PERIODS } from './ranges.js';
import { startSwitcher } from './sites/switcher.js';
import { keepOpened, leaveOpened, OPENED_HERE } from './steps.js';

/** The keys that choose a period. */
export const KEYS: Readonly<Partial<Record<Named, string>>> = {
  today: 'd',
  yesterday: 'e',
  '7d': 'w',
  '28d': 'f',
  '30d': 't',
  '90d': 'n',
  month: 'm',
  'last-month': 'p',
  year: 'y',
  'last-year': 'l',
  all: 'a',
};
/** The keys that move by the length of the range. */
export const STEPS = { ArrowLeft: -1, ArrowRight: 1 } as const;
/** The keys that focus a field, by its id. */
export const FIELD_KEYS = { period: 'r', compare: 'c', switcher: 's' } as const;
export const HELP_KEY = '?';
export const WALL_KEY = 'v';

export interface Choices {
  readonly address: Signal<Address>;
  /** Whether the list of the keys is shown. */
  readonly isHelpOpen: Signal<boolean>;
  /** A step in the browser's history: Back returns to what was shown before. */
  choose(change: Partial<Omit<Address, 'tabs'>>): void;
  /** As `choose`; Escape returns as well. */
  zoom(change: Pick<Address, 'shown' | 'hours'>): void;
  /** No step in the history. */
  replace(change: Partial<Address>): void;
  /** No step in the history. */
  setTab(card: string, tab: string | undefined): void;
}

/** `today`: the site's day. */
export function createChoices(today: ReadonlySignal<string>): Choices {
  const address = signal(readAddress(location.hash));
  const isHelpOpen = signal(false);

  const go = (next: Address): void => {
    if (addressOf(next) !== addressOf(address.peek()) || next.isWrong !== address.peek().isWrong) address.value = next;
  };
  const hashOf = (next: Address): string => addressOf(next) || location.pathname + location.search;
  const step = (change: Partial<Address>, state: string | null): void => {
    const { isWrong: _, ...now } = address.peek();
    const next = { ...now, ...(change.shown !== undefined && { hours: undefined }), ...change };
    if (addressOf(next) === addressOf(address.peek())) return;
    const isClosing = change.wall === false || OVERLAYS.some((name) => name in change && change[name] === undefined);
    if (isClosing) leaveOpened(hashOf(next));
    else history.pushState(state, '', hashOf(next));
    go(next);
  };
  const choose: Choices['choose'] = (change) => step(change, change.wall ? OPENED_HERE : null);
  const zoom: Choices['zoom'] = (change) => step(change, ZOOMED);
  const replace: Choices['replace'] = (change) => {
    const next = { ...address.peek(), ...change };
    history.replaceState(history.state, '', hashOf(next));
    go(next);
  };
  const setTab: Choices['setTab'] = (card, tab) => {
    const { [card]: _, ...others } = address.peek().tabs;
    replace({ tabs: tab === undefined ? others : { ...others, [card]: tab } });
  };

  addEventListener('hashchange', () => {
    const next = readAddress(location.hash);
    const isOpened = OVERLAYS.some((name) => address.peek()[name] === undefined && next[name] !== undefined);
    if (isOpened) keepOpened();
    go(next);
  });
  document.addEventListener('keydown', (event) => {
    if (isForOthers(event)) return;
    const { key, repeat, shiftKey } = event;
    const { shown } = address.peek();
    const named = PERIODS.find((name) => KEYS[name] === key);
    const direction = shiftKey || repeat ? undefined : STEPS[key as keyof typeof STEPS];
    const next = direction === undefined ? named : moved(shown, direction, today.peek());
    const field = (Object.keys(FIELD_KEYS) as Array<keyof typeof FIELD_KEYS>).find((id) => FIELD_KEYS[id] === key);
    if (field !== undefined) {
      event.preventDefault(); // it would be typed into the field
      document.getElementById(field)?.focus();
    } else if (key === HELP_KEY) isHelpOpen.value = true;
    else if (key === 'Escape' && history.state === ZOOMED && document.querySelector('dialog[open]') === null) history.back();
    else if (key === WALL_KEY) {
      choose({ wall: true });
      enterFullScreen();
    } else if (next !== undefined) choose({ shown: next });
  });
  startSwitcher();
  return { address, isHelpOpen, choose, zoom, replace, setTab };
}

/** In the browser's history: the chart was zoomed from the entry before. */
const ZOOMED = 'zoomed';

/** Whether a key is typed, belongs to the browser, or moves within what has the focus, such as a table that scrolls. */
function isForOthers({ target, ctrlKey, metaKey, altKey, defaultPrevented }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || defaultPrevented) return true;
  return target instanceof HTMLElement && target.closest('input, textarea, select, #keys, #wall, .grid') !== null;
}
