// Hits → deltas, one per document. Pure: the same hits give the same deltas, whenever and however often they are folded,
// and in whatever batches.
import { type Collection, grainsOf, type Report, reportsOf } from '../../collections/collection.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import type { Hit, Point, Refusal } from '../hit/hit.js';
import type { ImportedRow } from '../hit/imported.js';
import { type Observation, pageOf } from '../hit/observation.js';
import { markReceived, onTimeUntilMs } from '../store/document-metadata.js';
import { collectionName, type Delta, lateFromMs, yearReceived } from '../store/documents.js';
import { utcDay } from '../time/dates.js';

export interface Fold {
  hit(hit: Hit): void;
  observation(observation: Observation, times: number): void;
  point(point: Point): void;
  refusal(refusal: Refusal): void;
  /** What another tool has counted, received with the export. */
  imported(site: string, row: ImportedRow, receivedAtMs: number): void;
  /** One per document, day and month; nothing may be folded afterwards. */
  deltas(): Delta[];
}

/** Documents of days only are kept for two or three months: of a day that was over before it was received none is made. */
export const DAILY_LATE_MS_MAX = 100 * 86_400_000;

/** What counts, by what is counted, each with its place in the list of collections. */
type CountersOf = ReturnType<typeof countersOf>;

function countersOf(collections: readonly Collection[], isCounted: (collection: Collection) => boolean) {
  const those = <Name extends 'count' | 'observe' | 'point' | 'refusal' | 'imported'>(name: Name) =>
    collections.flatMap((collection, place) => {
      if (!isCounted(collection)) return [];
      const counts = [...reportsOf(collection).values()].flatMap((report) => (report[name] as Report[Name] | undefined) ?? []);
      return counts.map((count) => ({ count, place, part: collection.part }));
    });
  /**
   * Of the parts of a report only the first one, and how its pages are shared out: asking all of them for each hit
   * takes as long as counting it.
   */
  const byPage = <Name extends 'count' | 'observe'>(name: Name) =>
    those(name).flatMap(({ part, ...one }) => (part && part.number > 0 ? [] : [{ ...one, partOf: part?.numberOf }]));
  return {
    hit: byPage('count'),
    observation: byPage('observe'),
    point: those('point'),
    refusal: those('refusal'),
    imported: those('imported'),
  };
}

interface Counted {
  readonly counters: CountersOf;
  /** One per collection, in the order of the list. */
  readonly trees: Counters[];
}

/** The counters of one site and local day. */
interface Day extends Counted {
  readonly site: string;
  readonly day: string;
  readonly onTimeUntilMs: number;
  /** Of hits received later than that, by where they go. */
  delayed: Map<string, Delayed> | undefined;
}

interface Delayed extends Counted {
  /** UTC. */
  readonly receivedDay: string;
  /** The year of the late collection that they go to. */
  readonly lateYear: string | undefined;
}

export function createFold(collections: readonly Collection[]): Fold {
  const sites = new Map<string, Map<string, Day>>();
  const [all, longer] = [countersOf(collections, () => true), countersOf(collections, (one) => grainsOf(one).length > 1)];
  const newTrees = () => collections.map(() => new Counters());

  const countedOn = (site: string, day: string, receivedAtMs: number): Counted => {
    let days = sites.get(site);
    if (days === undefined) {
      days = new Map();
      sites.set(site, days);
    }
    let group = days.get(day);
    if (group === undefined) {
      group = { site, day, onTimeUntilMs: onTimeUntilMs(day), counters: all, trees: newTrees(), delayed: undefined };
      days.set(day, group);
    }
    return receivedAtMs > group.onTimeUntilMs ? delayedOn(group, receivedAtMs) : group;
  };

  const delayedOn = (group: Day, receivedAtMs: number): Counted => {
    group.delayed ??= new Map();
    const lateYear = receivedAtMs > lateFromMs(group.day) ? yearReceived(receivedAtMs) : undefined;
    const receivedDay = utcDay(receivedAtMs);
    const key = `${receivedDay}/${lateYear}`;
    let delayed = group.delayed.get(key);
    if (delayed === undefined) {
      const counters = receivedAtMs - Date.parse(group.day) > DAILY_LATE_MS_MAX ? longer : all;
      delayed = { receivedDay, lateYear, counters, trees: newTrees() };
      group.delayed.set(key, delayed);
    }
    return delayed;
  };

  return {
    hit(hit) {
      const on = countedOn(hit.site, hit.at.day, hit.receivedAtMs);
      for (const { count, place, partOf } of on.counters.hit) {
        count(hit, on.trees[partOf === undefined ? place : place + partOf(hit.path)] as Counters);
      }
    },
    observation(observation, times) {
      const on = countedOn(observation.site, observation.day, observation.receivedAtMs);
      const page = pageOf(observation);
      for (const { count, place, partOf } of on.counters.observation) {
        if (partOf === undefined) count(observation, times, on.trees[place] as Counters);
        else if (page !== undefined) count(observation, times, on.trees[place + partOf(page)] as Counters);
      }
    },
    point(point) {
      const { counters, trees } = countedOn(point.site, point.day, point.receivedAtMs);
      for (const { count, place } of counters.point) count(point, trees[place] as Counters);
    },
    refusal(refusal) {
      const { counters, trees } = countedOn(refusal.site, refusal.day, refusal.receivedAtMs);
      for (const { count, place } of counters.refusal) count(refusal, trees[place] as Counters);
    },
    imported(site, row, receivedAtMs) {
      const { counters, trees } = countedOn(site, row.day, receivedAtMs);
      for (const { count, place } of counters.imported) count(row, trees[place] as Counters);
    },
    deltas() {
      const deltas: Delta[] = [];
      for (const days of sites.values()) deltas.push(...deltasOfSite(collections, [...days.values()]));
      return deltas;
    },
  };
}

function deltasOfSite(collections: readonly Collection[], days: readonly Day[]): Delta[] {
  const deltas: Delta[] = [];
  const months = new Map<string, Delta>();
  for (const { site, day, trees, lateYear } of days.flatMap(routesOf)) {
    collections.forEach(({ name, caps, keep }, place) => {
      const counters = trees[place] as Counters;
      if (counters.fields.size === 0) return;
      const collection = collectionName(name, day.slice(0, 4), lateYear);
      deltas.push({ collection, id: `${site}:${day}`, counters, caps });
      if (keep.month === undefined) return;
      const id = `${site}:${day.slice(0, 7)}`;
      const key = `${collection}/${id}`;
      const month = months.get(key);
      // Nearly every segment has one day of a month: then the month's delta is the day's.
      months.set(key, month ? { ...month, counters: mergedCopy(month.counters, counters) } : { collection, id, counters, caps });
    });
  }
  deltas.push(...months.values());
  return deltas;
}

interface Route {
  readonly site: string;
  readonly day: string;
  readonly lateYear: string | undefined;
  readonly trees: Counters[];
}

/** One for each collection that a day's hits go to: what was delayed is marked, and joins the others there. */
function routesOf({ site, day, trees, delayed }: Day): Route[] {
  const routes = new Map<string | undefined, Route>([[undefined, { site, day, lateYear: undefined, trees }]]);
  for (const { receivedDay, lateYear, trees: more } of delayed?.values() ?? []) {
    for (const tree of more) if (tree.fields.size > 0) markReceived(tree, receivedDay);
    const route = routes.get(lateYear);
    if (route === undefined) routes.set(lateYear, { site, day, lateYear, trees: more });
    else route.trees.forEach((tree, place) => void mergeInto(tree, more[place] as Counters));
  }
  return [...routes.values()];
}

function mergedCopy(a: Counters, b: Counters): Counters {
  return mergeInto(mergeInto(new Counters(), a), b);
}
