// The views and visitors of single days, for the overview of many sites: it reads only a part of each document.
import type { Counters } from '../../src/counters/counters.js';
import { type Part, part } from '../../src/counters/part.js';
import { partOfDays, readDay, readHour } from '../days.js';
import { PART_OF_DAY, trafficKeys, visitorsOfDay, visitorsOfHours } from '../unique-visitors.js';

const dayKeys = trafficKeys.days.each;
const hourKeys = dayKeys.hours.each;

export interface Counted {
  readonly views: number;
  readonly visitors: number;
}

export interface DayCounted extends Counted {
  /** One standard error of `visitors`. Absent: the number is exact. */
  readonly error?: number;
  /** Absent where hours are not known: another tool has counted the day, or a part of it. */
  readonly hours?: ReadonlyMap<string, Counted>;
}

/** Reads whole days with `dayCounted`, and only the views of other days with `viewsOfDay`. */
export function partOfTraffic(whole: readonly string[], viewsOnly: readonly string[] = []): Part {
  return partOfDays([
    ...viewsOnly.map((day) => [day, part(dayKeys.views)] as const),
    ...whole.map((day) => [day, PART_OF_DAY] as const),
  ]);
}

export function viewsOfDay(document: Counters, localDay: string): number {
  return readDay(document, localDay).get(dayKeys.views);
}

/** `hours`: those that the local day had. */
export function dayCounted(document: Counters, localDay: string, hours: readonly string[]): DayCounted {
  const day = readDay(document, localDay);
  const views = day.get(dayKeys.views);
  const { visitors, error } = visitorsOfDay(document, localDay);
  const visitorsOf = visitorsOfHours(day);
  const counted = hours.map((hour) => ({ hour, views: readHour(day, hour).get(hourKeys.views), visitors: visitorsOf(hour) }));
  return {
    views,
    visitors,
    ...(error !== undefined && { error }),
    ...(sumOf(counted).views === views && { hours: new Map(counted.map(({ hour, ...numbers }) => [hour, numbers])) }),
  };
}

/**
 * Two days until the same hour, `over`: the hours of `day` that are over. Visitors are added up over the hours, so somebody who
 * came in two of them counts twice, on both days alike. Undefined where nothing can be compared.
 */
export function sameHours(
  day: DayCounted,
  before: DayCounted,
  over: readonly string[],
): { readonly day: Counted; readonly before: Counted } | undefined {
  const { hours } = day;
  const others = before.hours;
  if (hours === undefined || others === undefined) return undefined;
  // a clock change skips or repeats an hour, which then is in one of the days only
  const inBoth = over.filter((hour) => hours.has(hour) && others.has(hour));
  const counted = (of: ReadonlyMap<string, Counted>) => sumOf(inBoth.flatMap((hour) => of.get(hour) ?? []));
  return inBoth.length === 0 ? undefined : { day: counted(hours), before: counted(others) };
}

function sumOf(counted: readonly Counted[]): Counted {
  return counted.reduce((sum, { views, visitors }) => ({ views: sum.views + views, visitors: sum.visitors + visitors }), NOTHING);
}

const NOTHING: Counted = { views: 0, visitors: 0 };
