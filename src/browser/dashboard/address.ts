// What the page shows, as the part of its address after the #: `#7d&compare=year-before&page=/about`, or
// `#from=2026-11-01&to=2026-11-20`.
import { PERIODS, rangeFrom, type Shown } from './ranges.js';

export const COMPARISONS = ['previous', 'year-before', 'nothing'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Address {
  readonly shown: Shown;
  readonly comparison: Comparison;
  /** The path of the page whose panel is open; empty: the unknown page. */
  readonly page: string | undefined;
  /** The chosen tabs of cards, by the cards' names; where a card is missing, its first tab is shown. */
  readonly tabs: Readonly<Record<string, string>>;
}

/** Parts that cannot be read are ignored. */
export function readAddress(hash: string): Address {
  const parts = hash.replace(/^#/, '').split('&');
  const value = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    shown: PERIODS.find((name) => parts.includes(name)) ?? rangeFrom(value('from') ?? '', value('to') ?? '') ?? 'today',
    comparison: COMPARISONS.find((name) => name === value('compare')) ?? 'previous',
    page: decoded(value('page')),
    tabs: Object.fromEntries(parts.flatMap((part) => [...part.matchAll(TAB)].map(([, card, tab]) => [card, tab]))),
  };
}

/** `tab-technology=platforms` */
const TAB = /^tab-([\w-]+)=([\w.-]+)$/g;

/** Empty for the defaults. */
export function addressOf({ shown, comparison, page, tabs }: Address): string {
  const parts = [
    ...(typeof shown === 'object' ? [`from=${shown.from}`, `to=${shown.to}`] : shown === 'today' ? [] : [shown]),
    ...(comparison === 'previous' ? [] : [`compare=${comparison}`]),
    ...Object.entries(tabs).map(([card, tab]) => `tab-${card}=${tab}`),
    ...(page === undefined ? [] : [`page=${encodeURIComponent(page).replaceAll('%2F', '/')}`]),
  ];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** Whether two addresses ask for the same numbers. */
export function asksForTheSame(one: Address, other: Address): boolean {
  return addressOf({ ...one, tabs: {} }) === addressOf({ ...other, tabs: {} });
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
