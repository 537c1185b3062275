// What the owner has chosen: the period, what it is compared with, and the page. Chosen by click, by key or by the address.
import { type Signal, signal } from '@preact/signals';
import { type Address, addressOf, PERIODS, readAddress, type Shown } from './address.js';
import { basePath } from './fetch.js';

/** The key that chooses a period. */
export const KEYS: Readonly<Record<Shown, string>> = { today: 'd', month: 'm', year: 'y' };

export interface Choices {
  readonly address: Signal<Address>;
  choose(change: Partial<Address>): void;
}

export function createChoices(): Choices {
  const address = signal(readAddress(location.hash));

  const go = (next: Address): void => {
    if (addressOf(next) !== addressOf(address.peek())) address.value = next;
  };
  const choose = (change: Partial<Address>): void => {
    const next = { ...address.peek(), ...change };
    history.replaceState(null, '', addressOf(next) || location.pathname);
    go(next);
  };

  addEventListener('hashchange', () => go(readAddress(location.hash)));
  document.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
    const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
    const shown = PERIODS.find((name) => KEYS[name] === key);
    if (shown !== undefined && !isTyping && !ctrlKey && !metaKey && !altKey) choose({ shown });
  });
  const switcher = document.getElementById('switcher');
  if (switcher instanceof HTMLSelectElement) {
    switcher.addEventListener('change', () => location.assign(`${basePath()}/sites/${encodeURIComponent(switcher.value)}`));
  }
  return { address, choose };
}
