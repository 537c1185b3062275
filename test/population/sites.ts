// The sites that the population visits: each in a zone of its own for sixty days that hold something rare, and each
// set in another way.
import type { Site } from '../../src/hit/site.js';

export interface Town {
  readonly site: Site;
  readonly hosts: readonly string[];
  /** The first of its days, local. */
  readonly firstDay: string;
  readonly days: number;
  /** At scale 1. */
  readonly people: number;
  /** As people read them. The first ones are viewed most. */
  readonly paths: readonly string[];
  /** Pages from here on are one document with a router of its own, in the path or in the fragment. */
  readonly routed: string | undefined;
  /** What its snippet says beside the site. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether all browsers here keep a record, so that every number of visitors is exact. */
  readonly allRecorded: boolean;
  /** Divides the rows that its capped lists may have: what is dropped from them is to be seen. */
  readonly capsDividedBy: number;
  /** Requests take their time from here, and some browsers' clocks are wrong. */
  readonly isFarAway: boolean;
}

const PLAIN = ['/', '/news', '/about', '/contact', '/news/first', '/news/second', '/a b', '/käse', '/日本', '/x/', '/x'];
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
/** Fewer than a browser remembers on one host. */
const SMALL = [...PLAIN, ...numbered('/app/', 15), ...numbered('/docs/', 14)];

interface Special extends Partial<Omit<Town, 'site'>> {
  readonly id: string;
  readonly timezone: string;
  readonly hosts: readonly string[];
  readonly firstDay: string;
  readonly people: number;
  readonly settings?: Partial<Site>;
}

function town({ id, timezone, settings = {}, ...special }: Special): Town {
  return {
    site: {
      id,
      title: id,
      timezone,
      hosts: [...new Set(special.hosts.map((host) => host.replace('www.', '')))],
      excludedAddresses: [],
      queryParameters: [],
      storage: 'record',
      signals: 'without-record',
      createdAtMs: 0,
      ...settings,
    },
    days: 60,
    paths: SMALL,
    routed: '/app/',
    attributes: {},
    allRecorded: false,
    capsDividedBy: 1,
    isFarAway: false,
    ...special,
  };
}

export const TOWNS: readonly Town[] = [
  town({
    // an hour twice on 25 October
    id: 'berlin',
    timezone: 'Europe/Berlin',
    hosts: ['www.berlin.test', 'berlin.test'],
    firstDay: '2026-10-10',
    people: 500,
  }),
  town({
    // an hour twice on 1 November, the first of a month's first day; some pages are told apart by a parameter
    id: 'new-york',
    timezone: 'America/New_York',
    hosts: ['newyork.co.uk'],
    firstDay: '2026-10-10',
    people: 450,
    allRecorded: true,
    paths: [...SMALL, ...numbered('/list?page=', 4)],
    settings: { signals: 'ignored', queryParameters: ['page'] },
    attributes: { signals: 'ignored' },
  }),
  town({
    // a New Year, at half past six in the evening of UTC
    id: 'kolkata',
    timezone: 'Asia/Kolkata',
    hosts: ['kolkata.test'],
    firstDay: '2026-11-15',
    people: 400,
    routed: '/app#/',
    paths: [...PLAIN, '/app', ...numbered('/app#/', 12), '/app#/ü', ...numbered('/docs/', 10)],
    attributes: { hash: '', signals: 'views-only' },
    settings: { signals: 'views-only' },
  }),
  town({
    // three quarters of an hour from everybody else, and an hour twice from a quarter to three on 4 April
    id: 'chatham',
    timezone: 'Pacific/Chatham',
    hosts: ['www.chatham.test', 'chatham.test', 'blog.chatham.test'],
    firstDay: '2027-02-20',
    people: 350,
    allRecorded: true,
    settings: { signals: 'ignored' },
    attributes: { signals: 'ignored' },
  }),
  town({
    // keeps nothing in browsers; an hour less on 28 March
    id: 'london',
    timezone: 'Europe/London',
    hosts: ['www.london.co.uk'],
    firstDay: '2027-02-01',
    people: 250,
    settings: { storage: 'none' },
  }),
  town({
    // half an hour twice on 4 April; more pages than its lists hold, and than a browser remembers
    id: 'lord-howe',
    timezone: 'Australia/Lord_Howe',
    hosts: ['lordhowe.test'],
    firstDay: '2027-02-20',
    people: 150,
    paths: [...PLAIN, ...numbered('/item/', 600)],
    routed: undefined,
    allRecorded: true,
    settings: { signals: 'ignored' },
    attributes: { signals: 'ignored' },
    capsDividedBy: 20,
  }),
];

export const FAR_AWAY = town({
  id: 'far-away',
  timezone: 'Europe/Berlin',
  hosts: ['faraway.test'],
  firstDay: '2027-02-01',
  people: 300,
  allRecorded: true,
  settings: { signals: 'ignored' },
  attributes: { signals: 'ignored' },
  isFarAway: true,
});
