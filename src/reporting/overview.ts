// The overview of many sites: the numbers of today and yesterday, the views of a month, and who is online. It reads parts of
// documents only, and remembers days that are over for a short time.
import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type DocumentKind, kindsByReport } from '../../collections/document-kind.js';
import { onlineAt, partOfOnline } from '../../collections/minutes/report.js';
import { type DayCounted, dayCounted, partOfTraffic, sameHours, viewsOfDay } from '../../collections/traffic/day.js';
import type { Counters } from '../counters/counters.js';
import { DamagedData } from '../store/damaged.js';
import type { DocumentParts } from '../store/documents.js';
import { type Calendar, createCalendar, daysBetween, type LocalTime } from '../time/calendar.js';
import { addDays, monthOf } from '../time/dates.js';
import { memoize } from '../time/memo.js';
import { FIVE_MINUTES_MS, MINUTE_MS } from '../time/units.js';
import { csvOf } from './csv.js';
import { overviewOfSites } from './overview-answer.js';
import { readPartsOfSites, type Wanted } from './parts-of-sites.js';
import { OVERVIEW_DAYS, type OverviewQuery, type OverviewSite } from './port.js';

/** Between two groups of sites, the thread makes other reports. */
const SITES_AT_ONCE = 100;
/** About 1 KB each. */
const REMEMBERED_MAX = 10_000;
/**
 * Late hits, imports and deletions change days that are over, and are shown after this time at the latest. To compare versions
 * instead, the documents would have to be read, which is most of the work.
 */
const REMEMBERED_MS = 2 * MINUTE_MS;
const ZONES_MAX = 1000;

/** What the clocks of a time zone show, and what is read of the sites in it. */
interface Zone {
  readonly calendar: Calendar;
  readonly now: LocalTime;
  readonly justBefore: LocalTime;
  readonly yesterday: string;
  /** The days before today, the oldest first. */
  readonly over: readonly string[];
  readonly wanted: { readonly over: Wanted; readonly today: Wanted; readonly online: Wanted };
}

/** The days of a site before today. */
interface DaysOver {
  readonly today: string;
  readonly timezone: string;
  readonly freshUntilMs: number;
  /** The oldest first. */
  readonly views: readonly number[];
  readonly yesterday: DayCounted;
}

/** Returns a function that makes overviews. */
export function createOverview(
  documents: DocumentParts,
  kinds: readonly DocumentKind[],
  nowMs: () => number = Date.now,
): (query: OverviewQuery) => Promise<string> {
  const calendarOf = memoize(createCalendar, ZONES_MAX);
  const remembered = new LRUCache<string, DaysOver>({ max: REMEMBERED_MAX });
  const sources = kindsByReport(kinds);
  const read = (report: string, sites: readonly OverviewSite[], wantedOf: (index: number) => Wanted) => {
    const ids = sites.map(({ site }) => site);
    return readPartsOfSites(documents, sources.get(report)?.name as string, ids, wantedOf);
  };

  const daysOverOf = async (all: readonly OverviewSite[], zoneOf: ZoneOf): Promise<readonly DaysOver[]> => {
    // kept here: around midnight, another answer may remember those of another day meanwhile
    const days = all.map((one) => {
      const known = remembered.get(one.site);
      return isFresh(known, one, zoneOf(one), nowMs()) ? known : undefined;
    });
    const sites = all.filter((_one, i) => days[i] === undefined);
    const found = await read('traffic', sites, (i) => zoneOf(sites[i] as OverviewSite).wanted.over);
    const readNow = sites.map((one, i) => {
      // not all at the same time again
      const freshUntilMs = nowMs() + REMEMBERED_MS * (0.5 + Math.random() / 2);
      const ofSite = daysOverIn(found[i] as Counters, one, zoneOf(one), freshUntilMs);
      remembered.set(one.site, ofSite);
      return ofSite;
    });
    return days.map((known) => known ?? (readNow.shift() as DaysOver));
  };

  const rowsOf = async (sites: readonly OverviewSite[], zoneOf: ZoneOf, withOnline: boolean): Promise<object[]> => {
    const zones = sites.map(zoneOf);
    const [traffic, minutes, daysOver] = await Promise.all([
      read('traffic', sites, (i) => (zones[i] as Zone).wanted.today),
      withOnline ? read('minutes', sites, (i) => (zones[i] as Zone).wanted.online) : [],
      daysOverOf(sites, zoneOf),
    ]);
    return sites.map((one, i) => {
      const over = daysOver[i] as DaysOver;
      return rowOf(one, zones[i] as Zone, over, { traffic: traffic[i] as Counters, minutes: minutes[i] });
    });
  };

  return async ({ sites, withOnline, isCsv, asOfMs }) => {
    const zoneAt = memoize((timezone: string) => createZone(calendarOf(timezone), asOfMs), ZONES_MAX);
    const zoneOf: ZoneOf = ({ timezone }) => zoneAt(timezone);
    const rows: object[] = [];
    const damaged: string[] = [];
    for (let i = 0; i < sites.length; i += SITES_AT_ONCE) {
      const some = sites.slice(i, i + SITES_AT_ONCE);
      const found = await rowsOf(some, zoneOf, withOnline).catch(unlessDamaged);
      // a damaged document must not hide the other sites
      for (const one of found === undefined ? some : []) {
        const row = await rowsOf([one], zoneOf, withOnline).catch(unlessDamaged);
        if (row === undefined) damaged.push(one.site);
        rows.push(...(row ?? (isCsv ? [withoutNumbers(one)] : [])));
      }
      rows.push(...(found ?? []));
      await setImmediate();
    }
    const answer = { asOf: new Date(asOfMs).toISOString(), sites: rows, ...(damaged.length > 0 && { damaged }) };
    return isCsv ? csvOf(answer, overviewOfSites, 'sites') : JSON.stringify(answer);
  };
}

type ZoneOf = (site: OverviewSite) => Zone;

function createZone(calendar: Calendar, atMs: number): Zone {
  const [now, justBefore] = [calendar.localTime(atMs), calendar.localTime(atMs - FIVE_MINUTES_MS)];
  const yesterday = addDays(now.day, -1);
  const over = daysBetween(addDays(now.day, 1 - OVERVIEW_DAYS), yesterday);
  const months = [...new Set(over.map((day) => monthOf(day)))];
  const times = [justBefore, now];
  const wanted = {
    over: { key: now.day, periods: months, part: partOfTraffic([yesterday], over) },
    today: { key: now.day, periods: [now.day], part: partOfTraffic([now.day]) },
    online: { key: JSON.stringify(times), periods: [...new Set(times.map(({ day }) => day))], part: partOfOnline(...times) },
  };
  return { calendar, now, justBefore, yesterday, over, wanted };
}

function isFresh(days: DaysOver | undefined, { timezone }: OverviewSite, { now }: Zone, nowMs: number): boolean {
  return days?.today === now.day && days.timezone === timezone && nowMs < days.freshUntilMs;
}

function daysOverIn(
  document: Counters,
  { timezone }: OverviewSite,
  { calendar, now, over, yesterday }: Zone,
  freshUntilMs: number,
): DaysOver {
  return {
    today: now.day,
    timezone,
    freshUntilMs,
    views: over.map((day) => viewsOfDay(document, day)),
    yesterday: dayCounted(document, yesterday, calendar.hoursOf(yesterday)),
  };
}

/** The names are those of the API's answer. */
function rowOf(
  { site, title, timezone, createdAtMs }: OverviewSite,
  { calendar, now, justBefore, yesterday }: Zone,
  over: DaysOver,
  { traffic, minutes }: { readonly traffic: Counters; readonly minutes: Counters | undefined },
): object {
  const hours = calendar.hoursOf(now.day);
  const counted = dayCounted(traffic, now.day, hours);
  // counting may have begun in the middle of the day before
  const isComparable = calendar.localTime(createdAtMs).day < yesterday;
  const same = isComparable && sameHours(counted, over.yesterday, hours.slice(0, hours.indexOf(now.hour)));
  return {
    site,
    title,
    timezone,
    createdAt: new Date(createdAtMs).toISOString(),
    day: now.day,
    today: inAll(counted),
    yesterday: inAll(over.yesterday),
    sameHours: same ? { until: now.hour.slice(0, 2), today: same.day, yesterday: same.before } : null,
    online: minutes === undefined ? null : onlineAt(minutes, now, justBefore),
    days: [...over.views, counted.views],
  };
}

/** Of a site whose documents cannot be read: a file must not leave it out. */
function withoutNumbers({ site, title, timezone, createdAtMs }: OverviewSite): object {
  return { site, title, timezone, createdAt: new Date(createdAtMs).toISOString(), days: [] };
}

function inAll({ hours: _, ...numbers }: DayCounted): Omit<DayCounted, 'hours'> {
  return numbers;
}

function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedData)) throw error;
}
