// Hits → deltas, one per document. Pure: the same hits give the same deltas, whenever and however often they are folded,
// and in whatever batches.
import type { Collection } from '../../collections/collection.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import type { Hit, Point, Refusal } from '../hit/hit.js';
import { markReceived, onTimeUntilMs } from '../documents/marks.js';
import type { ImportedRow } from '../hit/imported.js';
import { type Delta, collectionName, lateFromMs, yearReceived } from '../documents/port.js';

export interface Fold {
  hit(hit: Hit): void;
  point(point: Point): void;
  refusal(refusal: Refusal): void;
  /** What another tool has counted, received with the export. */
  imported(site: string, row: ImportedRow, receivedAtMs: number): void;
  /** One per document, day and month; nothing may be folded afterwards. */
  deltas(): Delta[];
}

/** The counters of one site and local day, one tree per collection in the order of the list. */
interface Day {
  readonly site: string;
  readonly day: string;
  readonly onTimeUntilMs: number;
  readonly trees: Counters[];
  /** Of hits received later than that, by where they go. */
  delayed: Map<string, Delayed> | undefined;
}

interface Delayed {
  /** UTC. */
  readonly receivedDay: string;
  /** The year of the late collection that they go to. */
  readonly lateYear: string | undefined;
  readonly trees: Counters[];
}

export function createFold(collections: readonly Collection[]): Fold {
  const sites = new Map<string, Map<string, Day>>();
  const hitCounters = collections.flatMap(({ count }, place) => (count ? [{ count, place }] : []));
  const earlierCounters = collections.flatMap(({ countEarlier }, place) =>
    countEarlier ? [{ count: countEarlier, place }] : [],
  );
  const pointCounters = collections.flatMap(({ point }, place) => (point ? [{ count: point, place }] : []));
  const refusalCounters = collections.flatMap(({ refusal }, place) => (refusal ? [{ count: refusal, place }] : []));
  const importedCounters = collections.flatMap(({ imported }, place) => (imported ? [{ count: imported, place }] : []));
  const newTrees = () => collections.map(() => new Counters());

  const treesOf = (site: string, day: string, receivedAtMs: number): Counters[] => {
    let days = sites.get(site);
    if (days === undefined) {
      days = new Map();
      sites.set(site, days);
    }
    let group = days.get(day);
    if (group === undefined) {
      group = { site, day, onTimeUntilMs: onTimeUntilMs(day), trees: newTrees(), delayed: undefined };
      days.set(day, group);
    }
    return receivedAtMs > group.onTimeUntilMs ? delayedTreesOf(group, receivedAtMs) : group.trees;
  };

  const delayedTreesOf = (group: Day, receivedAtMs: number): Counters[] => {
    group.delayed ??= new Map();
    const lateYear = receivedAtMs > lateFromMs(group.day) ? yearReceived(receivedAtMs) : undefined;
    const receivedDay = new Date(receivedAtMs).toISOString().slice(0, 10);
    const key = `${receivedDay}/${lateYear}`;
    let delayed = group.delayed.get(key);
    if (delayed === undefined) {
      delayed = { receivedDay, lateYear, trees: newTrees() };
      group.delayed.set(key, delayed);
    }
    return delayed.trees;
  };

  return {
    hit(hit) {
      const trees = treesOf(hit.site, hit.at.day, hit.receivedAtMs);
      for (let i = 0; i < hitCounters.length; i++) {
        const { count, place } = hitCounters[i] as (typeof hitCounters)[number];
        count(hit, trees[place] as Counters);
      }
      const { refersTo } = hit;
      if (refersTo === undefined) return;
      const earlier = refersTo.day === hit.at.day ? trees : treesOf(hit.site, refersTo.day, hit.receivedAtMs);
      for (let i = 0; i < earlierCounters.length; i++) {
        const { count, place } = earlierCounters[i] as (typeof earlierCounters)[number];
        count(hit, refersTo, earlier[place] as Counters);
      }
    },
    point(point) {
      const trees = treesOf(point.site, point.day, point.receivedAtMs);
      for (const { count, place } of pointCounters) count(point, trees[place] as Counters);
    },
    refusal(refusal) {
      const trees = treesOf(refusal.site, refusal.day, refusal.receivedAtMs);
      for (const { count, place } of refusalCounters) count(refusal, trees[place] as Counters);
    },
    imported(site, row, receivedAtMs) {
      const trees = treesOf(site, row.day, receivedAtMs);
      for (const { count, place } of importedCounters) count(row, trees[place] as Counters);
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
