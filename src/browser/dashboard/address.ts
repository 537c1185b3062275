// What the page shows, as the part of its address after the #: `#7d&compare=year-before&page=/about`, or
// `#from=2026-11-01&to=2026-11-20`, or `#7d&wall`.
import type { DayRange } from '../../time/day-range.js';
import { PERIODS, rangeFrom, type Shown } from './ranges.js';

export const COMPARISONS = ['previous', 'year-before', 'nothing'] as const;
/** By name, or with the days of another range. */
export type Comparison = (typeof COMPARISONS)[number] | DayRange;

/** The first and the last of some hours, both inclusive: `09`, `14`. */
export type Hours = readonly [first: string, last: string];

export interface Address {
  readonly shown: Shown;
  /** The hours of the shown day to which the chart is zoomed. */
  readonly hours?: Hours | undefined;
  readonly comparison: Comparison;
  /** The other range begins on the same day of the week. */
  readonly isByWeekday?: boolean | undefined;
  /** The path of the page whose panel is open; empty: the unknown page. */
  readonly page: string | undefined;
  /** The chosen tabs of cards, by the cards' names; where a card is missing, its first tab is shown. */
  readonly tabs: Readonly<Record<string, string>>;
  /** A few large numbers are shown in place of the page. */
  readonly wall?: boolean;
}

/** Parts that cannot be read are ignored. */
export function readAddress(hash: string): Address {
  const parts = hash.replace(/^#/, '').split('&');
  const value = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    shown: PERIODS.find((name) => parts.includes(name)) ?? rangeFrom(value('from') ?? '', value('to') ?? '') ?? 'today',
    hours: hoursFrom(value('hours') ?? ''),
    comparison: comparisonFrom(value('compare')) ?? 'previous',
    ...(value('match') === 'weekdays' && { isByWeekday: true }),
    page: decoded(value('page')),
    tabs: Object.fromEntries(parts.flatMap((part) => [...part.matchAll(TAB)].map(([, card, tab]) => [card, tab]))),
    ...(parts.includes('wall') && { wall: true }),
  };
}

/** `09-14` */
function hoursFrom(text: string): Hours | undefined {
  const [, first = '', last = ''] = /^([01]\d|2[0-3])-([01]\d|2[0-3])$/.exec(text) ?? [];
  return first !== '' && first <= last ? [first, last] : undefined;
}

/** As the API takes it: a name, or `2026-01-01..2026-01-31`. */
function comparisonFrom(text = ''): Comparison | undefined {
  const [from = '', to = ''] = text.split('..');
  return COMPARISONS.find((name) => name === text) ?? rangeFrom(from, to);
}

/** The parameter of the API. */
export function comparisonText(comparison: Comparison): string {
  return typeof comparison === 'object' ? `${comparison.from}..${comparison.to}` : comparison;
}

/** `tab-technology=platforms` */
const TAB = /^tab-([\w-]+)=([\w.-]+)$/g;

/** Empty for the defaults. */
export function addressOf({ shown, hours, comparison, isByWeekday, page, tabs, wall }: Address): string {
  const parts = [
    ...(typeof shown === 'object' ? [`from=${shown.from}`, `to=${shown.to}`] : shown === 'today' ? [] : [shown]),
    ...(hours === undefined ? [] : [`hours=${hours.join('-')}`]),
    ...(comparison === 'previous' ? [] : [`compare=${comparisonText(comparison)}`]),
    ...(isByWeekday === true ? ['match=weekdays'] : []),
    ...Object.entries(tabs).map(([card, tab]) => `tab-${card}=${tab}`),
    ...(page === undefined ? [] : [`page=${encodeURIComponent(page).replaceAll('%2F', '/')}`]),
    ...(wall ? ['wall'] : []),
  ];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** Whether two addresses ask for the same numbers. */
export function asksForTheSame(one: Address, other: Address): boolean {
  const [asked, alsoAsked] = [one, other].map((address) => addressOf({ ...address, hours: undefined, tabs: {}, wall: false }));
  return asked === alsoAsked;
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
