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
  /** It asks for a range that is none, so today is shown. */
  readonly isWrong?: boolean;
  /** The hours of the shown day to which the chart is zoomed. */
  readonly hours?: Hours | undefined;
  readonly comparison: Comparison;
  /** The other range begins on the same day of the week. */
  readonly isByWeekday?: boolean | undefined;
  /** The path of the page whose panel is open; empty: the unknown page. */
  readonly page: string | undefined;
  /** The list that is shown with all its rows; undefined where none is. */
  readonly list?: ListAddress | undefined;
  /** The same of a list of the page whose panel is open. */
  readonly pageList?: ListAddress | undefined;
  /** The chosen tabs of cards, by the cards' names; where a card is missing, its first tab is shown. */
  readonly tabs: Readonly<Record<string, string>>;
  /** A few large numbers are shown in place of the page. */
  readonly wall?: boolean;
}

/** A part of a list of a report. */
export interface ListAddress {
  readonly report: string;
  /** Its field in the report. */
  readonly list: string;
  /** Only rows with this text. Empty: all of them. */
  readonly search: string;
  /** How many rows are before the first one that is shown. */
  readonly offset: number;
}

/** What is shown above the rest of the page, from bottom to top. */
export const OVERLAYS = ['list', 'page', 'pageList'] as const satisfies ReadonlyArray<keyof Address>;
export type Overlay = (typeof OVERLAYS)[number];

/** The longest text that the API searches for, in characters. */
export const SEARCH_MAX = 200;

/** The beginning of a text, by which the API can search for it. */
export function searchable(text: string): string {
  return [...text].slice(0, SEARCH_MAX).join('');
}

/** Parts that cannot be read are ignored. */
export function readAddress(hash: string): Address {
  const parts = hash.replace(/^#/, '').split('&');
  const value = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const shown = PERIODS.find((name) => parts.includes(name)) ?? rangeFrom(value('from') ?? '', value('to') ?? '');
  return {
    shown: shown ?? 'today',
    ...(shown === undefined && value('from') !== undefined && { isWrong: true }),
    hours: hoursFrom(value('hours') ?? ''),
    comparison: comparisonFrom(value('compare')) ?? 'previous',
    ...(value('match') === 'weekdays' && { isByWeekday: true }),
    page: decoded(value('page')),
    ...(value('list') !== undefined && { list: listIn(value, '') }),
    ...(value('page-list') !== undefined && { pageList: listIn(value, 'page-') }),
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

/** `list=content.rows&search=garden&offset=50` */
function listIn(value: (name: string) => string | undefined, prefix: string): ListAddress | undefined {
  const [, report = '', list = ''] = /^([\w-]+)\.([\w.-]+)$/.exec(value(`${prefix}list`) ?? '') ?? [];
  if (report === '') return undefined;
  const offset = /^\d{1,5}$/.exec(value(`${prefix}offset`) ?? '')?.[0] ?? '0';
  return { report, list, search: searchable(decoded(value(`${prefix}search`)) ?? ''), offset: Number(offset) };
}

function listParts(address: ListAddress | undefined, prefix: string): string[] {
  if (address === undefined) return [];
  const { report, list, search, offset } = address;
  return [
    `${prefix}list=${report}.${list}`,
    ...(search === '' ? [] : [`${prefix}search=${encoded(search)}`]),
    ...(offset === 0 ? [] : [`${prefix}offset=${offset}`]),
  ];
}

/** `tab-technology=platforms` */
const TAB = /^tab-([\w-]+)=([\w.-]+)$/g;

/** Empty for the defaults. */
export function addressOf({ shown, hours, comparison, isByWeekday, page, list, pageList, tabs, wall }: Address): string {
  const parts = [
    ...(typeof shown === 'object' ? [`from=${shown.from}`, `to=${shown.to}`] : shown === 'today' ? [] : [shown]),
    ...(hours === undefined ? [] : [`hours=${hours.join('-')}`]),
    ...(comparison === 'previous' ? [] : [`compare=${comparisonText(comparison)}`]),
    ...(isByWeekday === true ? ['match=weekdays'] : []),
    ...Object.entries(tabs).map(([card, tab]) => `tab-${card}=${tab}`),
    ...listParts(list, ''),
    ...(page === undefined ? [] : [`page=${encoded(page)}`, ...listParts(pageList, 'page-')]),
    ...(wall ? ['wall'] : []),
  ];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** Whether two addresses ask for the same numbers. */
export function asksForTheSame(one: Address, other: Address): boolean {
  const others = { hours: undefined, tabs: {}, list: undefined, pageList: undefined, wall: false };
  const [asked, alsoAsked] = [one, other].map((address) => addressOf({ ...address, ...others }));
  return asked === alsoAsked;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
