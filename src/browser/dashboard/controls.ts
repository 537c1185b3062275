// What the owner chooses: the period, what it is compared with, the page and the site, by click, by key or by the address.
import { type Address, addressOf, COMPARISONS, PERIODS, readAddress } from './address.js';
import { basePath, element } from './dom.js';

const KEYS: Readonly<Record<string, Address['shown']>> = { d: 'today', m: 'month', y: 'year' };

export interface Controls {
  now(): Address;
  choose(change: Partial<Address>): void;
}

/** `changed` is called after each choice that is another one. */
export function createControls(changed: (address: Address) => void): Controls {
  let address = readAddress(location.hash);
  const compare = element('compare', HTMLSelectElement);

  const show = (): void => {
    for (const name of PERIODS) {
      element(`show-${name}`, HTMLButtonElement).setAttribute('aria-pressed', String(name === address.shown));
    }
    compare.value = address.comparison;
  };

  const go = (next: Address): void => {
    const isOther = addressOf(next) !== addressOf(address);
    address = next;
    show();
    if (isOther) changed(next);
  };

  const choose = (change: Partial<Address>): void => {
    const next = { ...address, ...change };
    history.replaceState(null, '', addressOf(next) || location.pathname);
    go(next);
  };

  addEventListener('hashchange', () => go(readAddress(location.hash)));
  for (const name of PERIODS) element(`show-${name}`, HTMLButtonElement).addEventListener('click', () => choose({ shown: name }));
  compare.addEventListener('change', () => {
    choose({ comparison: COMPARISONS.find((name) => name === compare.value) ?? 'previous' });
  });
  document.addEventListener('keydown', ({ key, target, ctrlKey, metaKey, altKey }) => {
    const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
    const shown = KEYS[key];
    if (shown !== undefined && !isTyping && !ctrlKey && !metaKey && !altKey) choose({ shown });
  });
  const switcher = document.getElementById('switcher');
  if (switcher instanceof HTMLSelectElement) {
    switcher.addEventListener('change', () => location.assign(`${basePath()}/sites/${encodeURIComponent(switcher.value)}`));
  }
  show();
  return { now: () => address, choose };
}
