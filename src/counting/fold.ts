// Hits → deltas, one per document. Pure: the same hits give the same deltas, no matter when, how often and in which
// batches they are folded.
import { type DocumentKind, grainsOf } from '../../collections/document-kind.js';
import type { Report } from '../../collections/report.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import type { Hit, Point, Refusal } from '../hit/hit.js';
import type { ImportedRow } from '../hit/imported.js';
import { type Observation, pagesOf } from '../hit/observation.js';
import { markReceived, onTimeUntilMs } from '../store/document-metadata.js';
import { collectionName, type Delta, lateFromMs, yearReceived } from '../store/documents.js';
import { utcDay } from '../time/dates.js';
import { DAY_MS } from '../time/units.js';

export interface Fold {
  hit(hit: Hit): void;
  observation(observation: Observation, times: number): void;
  point(point: Point): void;
  refusal(refusal: Refusal): void;
  /** Folds what another tool has counted. `receivedAtMs` is when its export was received. */
  imported(site: string, row: ImportedRow, receivedAtMs: number): void;
  /** One delta per document, for days and months. Nothing may be folded afterwards. */
  deltas(): Delta[];
}

/**
 * Kinds with documents of days only keep them for two or three months. Hits that are received later than this after
 * their day count into no such document, since it would be removed at once.
 */
export const DAILY_LATE_MS_MAX = 100 * DAY_MS;

/** A report's counting function and where it counts. */
interface Counting<Count> {
  readonly count: Count;
  /** The index of the document kind in the list of kinds. For a sharded kind, that of the first shard. */
  readonly index: number;
  /** For a sharded kind: the number of a page's shard, which is added to `index`. */
  readonly shardOf: ((path: string) => number) | undefined;
}

/** All counting functions, by what they count. */
interface CountingFunctions {
  readonly hit: Counting<NonNullable<Report['count']>>[];
  readonly observation: Counting<NonNullable<Report['observe']>>[];
  readonly point: Counting<NonNullable<Report['point']>>[];
  readonly refusal: Counting<NonNullable<Report['refusal']>>[];
  readonly imported: Counting<NonNullable<Report['imported']>>[];
}

function countingFunctionsOf(kinds: readonly DocumentKind[], isIncluded: (kind: DocumentKind) => boolean): CountingFunctions {
  const functions: CountingFunctions = { hit: [], observation: [], point: [], refusal: [], imported: [] };
  for (const [index, kind] of kinds.entries()) {
    // Only the first shard is listed. Calling all shards for each hit would take as long as counting it.
    if (!isIncluded(kind) || (kind.shard?.number ?? 0) > 0) continue;
    const where = { index, shardOf: kind.shard?.shardOf };
    for (const { count, observe, point, refusal, imported } of kind.reports) {
      if (count) functions.hit.push({ count, ...where });
      if (observe) functions.observation.push({ count: observe, ...where });
      if (point) functions.point.push({ count: point, ...where });
      if (refusal) functions.refusal.push({ count: refusal, ...where });
      if (imported) functions.imported.push({ count: imported, ...where });
    }
  }
  return functions;
}

interface Counted {
  readonly functions: CountingFunctions;
  /** One for each document kind, in the order of the list. */
  readonly trees: Counters[];
}

/** The counters of one site and local day. */
interface Day extends Counted {
  readonly site: string;
  readonly day: string;
  readonly onTimeUntilMs: number;
  /** Hits that were received after `onTimeUntilMs`, by the UTC day of receipt and the late collection. */
  delayed: Map<string, Delayed> | undefined;
}

interface Delayed extends Counted {
  /** UTC. */
  readonly receivedDay: string;
  /** The year of the late collection into which these hits are counted. Undefined: the collection of their own year. */
  readonly lateYear: string | undefined;
}

export function createFold(kinds: readonly DocumentKind[]): Fold {
  const sites = new Map<string, Map<string, Day>>();
  const ofAllKinds = countingFunctionsOf(kinds, () => true);
  const ofKindsWithMonths = countingFunctionsOf(kinds, (kind) => grainsOf(kind).includes('month'));
  const newTrees = () => kinds.map(() => new Counters());

  const countedOn = (site: string, localDay: string, receivedAtMs: number): Counted => {
    let days = sites.get(site);
    if (days === undefined) {
      days = new Map();
      sites.set(site, days);
    }
    let day = days.get(localDay);
    if (day === undefined) {
      const onTime = { functions: ofAllKinds, trees: newTrees(), onTimeUntilMs: onTimeUntilMs(localDay) };
      day = { site, day: localDay, ...onTime, delayed: undefined };
      days.set(localDay, day);
    }
    return receivedAtMs > day.onTimeUntilMs ? delayedOn(day, receivedAtMs) : day;
  };

  const delayedOn = (day: Day, receivedAtMs: number): Counted => {
    day.delayed ??= new Map();
    const lateYear = receivedAtMs > lateFromMs(day.day) ? yearReceived(receivedAtMs) : undefined;
    const receivedDay = utcDay(receivedAtMs);
    const key = `${receivedDay}/${lateYear}`;
    let delayed = day.delayed.get(key);
    if (delayed === undefined) {
      const functions = receivedAtMs - Date.parse(day.day) > DAILY_LATE_MS_MAX ? ofKindsWithMonths : ofAllKinds;
      delayed = { receivedDay, lateYear, functions, trees: newTrees() };
      day.delayed.set(key, delayed);
    }
    return delayed;
  };

  return {
    hit(hit) {
      const { functions, trees } = countedOn(hit.site, hit.at.day, hit.receivedAtMs);
      for (const { count, index, shardOf } of functions.hit) {
        count(hit, trees[shardOf === undefined ? index : index + shardOf(hit.path)] as Counters);
      }
    },
    observation(observation, times) {
      const { functions, trees } = countedOn(observation.site, observation.day, observation.receivedAtMs);
      const pages = pagesOf(observation);
      for (const { count, index, shardOf } of functions.observation) {
        if (shardOf === undefined) count(observation, times, trees[index] as Counters, '');
        else for (const page of pages) count(observation, times, trees[index + shardOf(page)] as Counters, page);
      }
    },
    // Points and refusals name no page, so sharded kinds have none.
    point(point) {
      const { functions, trees } = countedOn(point.site, point.day, point.receivedAtMs);
      for (const { count, index } of functions.point) count(point, trees[index] as Counters);
    },
    refusal(refusal) {
      const { functions, trees } = countedOn(refusal.site, refusal.day, refusal.receivedAtMs);
      for (const { count, index } of functions.refusal) count(refusal, trees[index] as Counters);
    },
    imported(site, row, receivedAtMs) {
      const { functions, trees } = countedOn(site, row.day, receivedAtMs);
      for (const { count, index, shardOf } of functions.imported) {
        if (shardOf === undefined) count(row, trees[index] as Counters);
        else if (row.kind === 'page') count(row, trees[index + shardOf(row.path)] as Counters);
      }
    },
    deltas() {
      const deltas: Delta[] = [];
      for (const days of sites.values()) deltas.push(...deltasOfSite(kinds, [...days.values()]));
      return deltas;
    },
  };
}

function deltasOfSite(kinds: readonly DocumentKind[], days: readonly Day[]): Delta[] {
  const deltas: Delta[] = [];
  const months = new Map<string, Delta>();
  for (const { site, day, trees, lateYear } of days.flatMap(routesOf)) {
    kinds.forEach(({ name, caps, keep }, index) => {
      const counters = trees[index] as Counters;
      if (counters.fields.size === 0) return;
      const collection = collectionName(name, day.slice(0, 4), lateYear);
      deltas.push({ collection, id: `${site}:${day}`, counters, caps });
      if (keep.month === undefined) return;
      const id = `${site}:${day.slice(0, 7)}`;
      const key = `${collection}/${id}`;
      const month = months.get(key);
      // Nearly every segment has only one day of a month. The month then shares the counters of the day.
      months.set(key, month ? { ...month, counters: mergedCopy(month.counters, counters) } : { collection, id, counters, caps });
    });
  }
  deltas.push(...months.values());
  return deltas;
}

/** The counters of a day that go to the same collections. */
interface Route {
  readonly site: string;
  readonly day: string;
  readonly lateYear: string | undefined;
  readonly trees: Counters[];
}

/** Stores in delayed counters when they were received, and merges those that go to the same collections. */
function routesOf({ site, day, trees, delayed }: Day): Route[] {
  const routes = new Map<string | undefined, Route>([[undefined, { site, day, lateYear: undefined, trees }]]);
  for (const { receivedDay, lateYear, trees: more } of delayed?.values() ?? []) {
    for (const tree of more) if (tree.fields.size > 0) markReceived(tree, receivedDay);
    const route = routes.get(lateYear);
    if (route === undefined) routes.set(lateYear, { site, day, lateYear, trees: more });
    else route.trees.forEach((tree, index) => void mergeInto(tree, more[index] as Counters));
  }
  return [...routes.values()];
}

function mergedCopy(a: Counters, b: Counters): Counters {
  return mergeInto(mergeInto(new Counters(), a), b);
}
