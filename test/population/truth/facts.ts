// The histories of a setup combined: how each view relates to its record, as docs/metrics.md defines it and in the
// simplest code.
import type { View } from '../history.js';
import { clockOf, type Local } from '../local-time.js';
import type { Origin } from '../origins.js';
import { arrivalMs, type Person } from '../person.js';
import type { Reading } from '../reading.js';
import type { SiteSetup } from '../sites.js';

/** A view that must be counted. */
export interface Fact {
  readonly person: Person;
  /** When it reached the server. */
  readonly ms: number;
  /** By the browser's own clock, in whole seconds: ages are whole seconds too. */
  readonly second: number;
  readonly local: Local;
  readonly host: string;
  readonly path: string;
  readonly title: string;
  readonly origin: Origin;
  readonly cameFrom: string | undefined;
  readonly record: number | undefined;
  /** Without a record: identifies all that look the same on its day; `undefined` if even that must not be counted. */
  readonly lookalike: string | undefined;
  /** The previous view of the same record. */
  before: Fact | undefined;
  visitNumber: number;
  pageNumber: number;
  /** The next one in the same visit. */
  next: Fact | undefined;
  /** The page before this one in the visit, as far as the browser knows it. */
  knownBefore: string | undefined;
  /**
   * The page without its query, as this browser remembers it: the same number for all views that it knows to be of
   * one page.
   */
  remembered: number;
  /** The browser has forgotten it, although the same record viewed it before: too many other pages were viewed since. */
  forgot: boolean;
  readonly memory: string | undefined;
}

/** What was sent about the reading of a view, whether the view itself had arrived or not. */
export interface Read {
  readonly local: Local;
  readonly path: string;
  readonly reading: Reading;
}

const VISIT_SECONDS = 1800;
const REMEMBERED_MAX = 50;

export function factsOf(setup: SiteSetup, views: readonly View[]): Fact[] {
  const clock = clockOf(setup.site.timezone);
  const facts = views
    .filter(({ isLost, refused }) => !isLost && refused === undefined)
    .map((view): Fact => {
      const { person, record, memory, host, path, title, origin, cameFrom } = view;
      const ms = arrivalMs(person, view.ms + view.waitsMs);
      return {
        person,
        ms,
        second: Math.floor((view.ms + person.aheadMs) / 1000),
        local: clock.at(ms),
        host,
        path,
        title,
        origin,
        cameFrom,
        record,
        lookalike: record === undefined && !person.viewsOnly ? `${person.household} ${person.kind.userAgent}` : undefined,
        before: undefined,
        visitNumber: 0,
        pageNumber: 0,
        next: undefined,
        knownBefore: undefined,
        remembered: 0,
        forgot: false,
        memory,
      };
    });

  const last = new Map<number, (typeof facts)[number]>();
  for (const fact of facts) {
    if (fact.record === undefined) continue;
    const before = last.get(fact.record);
    last.set(fact.record, fact);
    fact.before = before;
    const goesOn = before !== undefined && fact.second - before.second < VISIT_SECONDS;
    fact.visitNumber = (before?.visitNumber ?? 0) + (goesOn ? 0 : 1);
    fact.pageNumber = goesOn ? before.pageNumber + 1 : 1;
    if (!goesOn) continue;
    before.next = fact;
    if (fact.memory === undefined || fact.memory !== before.memory) continue;
    // By its path alone; with its parameters if it is the referrer that the browser states.
    const isNamed = fact.cameFrom !== undefined && bare(fact.cameFrom) === bare(before.path);
    fact.knownBefore = isNamed ? fact.cameFrom : bare(before.path);
  }

  let numbers = 0;
  const memories = new Map<string, Array<Pick<Fact, 'path' | 'ms' | 'remembered'>>>();
  const viewed = new Set<string>();
  const began = new Map<number | undefined, number>();
  for (const fact of facts) {
    const { record, before, memory, ms } = fact;
    const path = bare(fact.path);
    if (before === undefined) began.set(record, ms);
    // A new record knows no pages; and no record knows a page viewed before the UTC day of its own first view.
    const sinceMs = before === undefined ? ms : utcDayMs(began.get(record) as number);
    const pages = memory === undefined ? [] : (memories.get(memory) ?? []).filter((page) => page.ms >= sinceMs);
    const known = pages.find((page) => page.path === path);
    fact.remembered = known?.remembered ?? ++numbers;
    fact.forgot = known === undefined && viewed.has(`${record} ${memory} ${path}`);
    viewed.add(`${record} ${memory} ${path}`);
    if (memory === undefined) continue;
    const page = { path, ms, remembered: fact.remembered };
    memories.set(memory, [page, ...pages.filter((other) => other.path !== path)].slice(0, REMEMBERED_MAX));
  }
  return facts;
}

/** A browser knows pages by their path only. */
function bare(path: string): string {
  return path.replace(/\?.*/, '');
}

function utcDayMs(ms: number): number {
  return ms - (ms % 86_400_000);
}

export function readsOf(setup: SiteSetup, views: readonly View[]): Read[] {
  const clock = clockOf(setup.site.timezone);
  return views.flatMap(({ reading, refused, person, ms, waitsMs, path }) =>
    reading?.known && refused === undefined && !person.viewsOnly
      ? [{ local: clock.at(arrivalMs(person, ms + waitsMs)), path, reading }]
      : [],
  );
}
