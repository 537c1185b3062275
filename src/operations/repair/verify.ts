// Compares the documents of a day with the hits that are still in the journals, and those of a month with its days.
import { setTimeout as delay } from 'node:timers/promises';
import { Counters } from '../../counters/counters.js';
import { merge } from '../../counters/merge.js';
import { Sketch } from '../../counters/sketch.js';
import type { Site } from '../../hit/site.js';
import { collectionName, type Documents, type Snapshot } from '../../store/documents.js';
import { createCalendar } from '../../time/calendar.js';
import { type Difference, differences } from './compare.js';
import { differencesOfMonth, idsOfMonth, mayHaveExpired, withMonths } from './month-of-days.js';
import { type DayAsJournalled, type RepairParts, readDays, type SiteDay } from './read-day.js';

export interface DocumentDifference extends Difference {
  readonly collection: string;
  readonly id: string;
}

export interface Verified {
  /** How many documents were compared. */
  readonly documents: number;
  readonly differences: readonly DocumentDifference[];
  /** The reasons why nothing could be compared. Empty if it was. */
  readonly missing: readonly string[];
}

const TRIES_MAX = 100;
const RETRY_MS = 50;

/**
 * Verifies the documents of one local day. Hits may be counted meanwhile: each document is compared with the segments
 * that it contained when it was read.
 */
export async function verifyDay(parts: RepairParts, site: Site, day: string): Promise<Verified> {
  const [verified] = await verifyDays(parts, [{ site, day }]);
  return verified as Verified;
}

/** Verifies several days of several sites together. The results are in the order of `days`. */
export async function verifyDays(parts: RepairParts, days: readonly SiteDay[]): Promise<Verified[]> {
  const read = await readDays(parts, days);
  return days.map(({ day }, i) => comparedDay(parts, day, read[i] as DayAsJournalled));
}

function comparedDay({ kinds, nowMs }: RepairParts, day: string, read: DayAsJournalled): Verified {
  const { missing, snapshots, journalled, received } = read;
  if (missing.length > 0) return { documents: 0, differences: [], missing };
  const found: DocumentDifference[] = [];
  const isFinished = nowMs() > received.untilMs;
  for (const { name, caps } of kinds) {
    const collection = collectionName(name, day.slice(0, 4));
    const document = snapshots.get(collection) as Snapshot;
    const shouldBe = journalled.get(collection);
    const is = isFinished ? document.counters : withPointsOf(document.counters, shouldBe);
    for (const difference of differences(is, shouldBe, caps)) found.push({ collection, id: document.id, ...difference });
  }
  return { documents: snapshots.size, differences: found, missing };
}

/** Until a day is finished, its sketches in the journal are ahead of the documents, so their additional points are ignored. */
function withPointsOf(document: Counters | undefined, journalled: Counters | undefined): Counters | undefined {
  if (document === undefined || journalled === undefined) return document;
  return merge([document, sketchesOf(journalled)]);
}

function sketchesOf(counters: Counters): Counters {
  const sketches = new Counters();
  for (const [key, value] of counters.fields) {
    if (value instanceof Sketch) sketches.sketch(key).take(value);
    if (value instanceof Counters) {
      const below = sketchesOf(value);
      if (below.fields.size > 0) sketches.fields.set(key, below);
    }
  }
  return sketches;
}

/** Verifies the documents of a month, `2026-11`. Collections whose days may have expired are not compared. */
export async function verifyMonth(parts: RepairParts, site: Site, month: string): Promise<Verified> {
  const [verified] = await verifyMonths(parts, [site], month);
  return verified as Verified;
}

/** Verifies the same month of several sites together, with one read for each collection. */
export async function verifyMonths(parts: RepairParts, sites: readonly Site[], month: string): Promise<Verified[]> {
  const todays = sites.map(({ timezone }) => createCalendar(timezone).localTime(parts.nowMs()).day);
  const ids = sites.map(({ id }) => idsOfMonth(id, month));
  const verified = sites.map(() => ({ documents: 0, differences: [] as DocumentDifference[], missing: [] as string[] }));
  for (const kind of withMonths(parts.kinds)) {
    const places = [...sites.keys()].filter(
      (i) => verified[i]?.missing.length === 0 && !mayHaveExpired(month, kind, sites[i] as Site, todays[i] as string),
    );
    const name = collectionName(kind.name, month.slice(0, 4));
    const groups = places.map((i) => ids[i] as string[]);
    for (const [n, snapshots] of (await eachSettled(parts.documents, name, groups)).entries()) {
      const one = verified[places[n] as number] as (typeof verified)[number];
      if (snapshots === undefined) {
        one.missing.push('other processes kept counting into it');
        continue;
      }
      one.documents++;
      const id = snapshots.at(-1)?.id as string;
      for (const difference of differencesOfMonth(snapshots, kind)) one.differences.push({ collection: name, id, ...difference });
    }
  }
  return verified;
}

/** Reads documents at one instant, while no segment is partly counted into them. Returns undefined after too many tries. */
export async function settledSnapshots(
  documents: Documents,
  collection: string,
  ids: readonly string[],
): Promise<Snapshot[] | undefined> {
  const [snapshots] = await eachSettled(documents, collection, [ids]);
  return snapshots;
}

/** Reads groups of documents, each group at an instant of its own. */
async function eachSettled(
  documents: Documents,
  collection: string,
  groups: ReadonlyArray<readonly string[]>,
): Promise<Array<Snapshot[] | undefined>> {
  const found: Array<Snapshot[] | undefined> = groups.map(() => undefined);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const left = [...groups.keys()].filter((i) => found[i] === undefined);
    if (left.length === 0) break;
    if (tries > 0) await delay(RETRY_MS * Math.random());
    const snapshots = await documents.snapshots(
      collection,
      left.flatMap((i) => groups[i] as readonly string[]),
    );
    let begin = 0;
    for (const i of left) {
      const group = snapshots.slice(begin, begin + (groups[i] as readonly string[]).length);
      if (group.every(({ settled }) => settled)) found[i] = group;
      begin += group.length;
    }
  }
  return found;
}
