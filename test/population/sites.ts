// The sites that the population visits. Each has another time zone, with sixty days that contain something rare, and
// other settings.
import type { Site } from '../../src/hit/site.js';
import { exampleSite } from '../fixtures/site.js';

export interface SiteSetup {
  readonly site: Site;
  readonly hosts: readonly string[];
  /** The first of its days, local. */
  readonly firstDay: string;
  readonly days: number;
  /** At scale 1. */
  readonly people: number;
  /** Readable paths. The first ones are viewed most. */
  readonly paths: readonly string[];
  /** From this page on, pages are one document with a router, in the path or in the fragment. */
  readonly routed: string | undefined;
  /** The snippet's attributes beside the site. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether all browsers here keep a record, so that every number of visitors is exact. */
  readonly allRecorded: boolean;
  /** Divides the caps of its lists, so that rows are evicted. */
  readonly capsDividedBy: number;
  /** Requests are slow, and some browsers' clocks are wrong. */
  readonly isFarAway: boolean;
}

const PLAIN = ['/', '/news', '/about', '/contact', '/news/first', '/news/second', '/a b', '/käse', '/日本', '/x/', '/x'];
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
/** Fewer than a browser remembers for one host. */
const SMALL = [...PLAIN, ...numbered('/app/', 15), ...numbered('/docs/', 14)];

interface Special extends Partial<Omit<SiteSetup, 'site'>> {
  readonly id: string;
  readonly timezone: string;
  readonly hosts: readonly string[];
  readonly firstDay: string;
  readonly people: number;
  readonly settings?: Partial<Site>;
}

function setup({ id, timezone, settings = {}, ...special }: Special): SiteSetup {
  return {
    site: exampleSite({
      id,
      title: id,
      timezone,
      hosts: [...new Set(special.hosts.map((host) => host.replace('www.', '')))],
      ...settings,
    }),
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

export const SETUPS: readonly SiteSetup[] = [
  setup({
    // an hour repeats on 25 October
    id: 'berlin',
    timezone: 'Europe/Berlin',
    hosts: ['www.berlin.test', 'berlin.test'],
    firstDay: '2026-10-10',
    people: 500,
  }),
  setup({
    // an hour repeats on 1 November, the first day of a month; some pages differ only by a parameter
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
  setup({
    // a New Year at half past six in the evening, UTC
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
  setup({
    // an offset of three quarters of an hour; an hour repeats at a quarter to three on 4 April
    id: 'chatham',
    timezone: 'Pacific/Chatham',
    hosts: ['www.chatham.test', 'chatham.test', 'blog.chatham.test'],
    firstDay: '2027-02-20',
    people: 350,
    allRecorded: true,
    settings: { signals: 'ignored' },
    attributes: { signals: 'ignored' },
  }),
  setup({
    // stores nothing in browsers; an hour is missing on 28 March
    id: 'london',
    timezone: 'Europe/London',
    hosts: ['www.london.co.uk'],
    firstDay: '2027-02-01',
    people: 250,
    settings: { storage: 'none' },
  }),
  setup({
    // half an hour repeats on 4 April; more pages than its lists hold and a browser remembers
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

export const FAR_AWAY = setup({
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
