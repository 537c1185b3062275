// Whether documents are what the journals give: a day against the hits that are still in the journals, a month against its days.
import { setTimeout as delay } from 'node:timers/promises';
import { Counters } from '../counters/counters.js';
import { merge } from '../counters/merge.js';
import { Sketch } from '../counters/sketch.js';
import { type Documents, type Held, collectionName } from '../documents/port.js';
import { createCalendar } from '../hit/calendar.js';
import type { Site } from '../hit/site.js';
import { type Difference, differences } from './compare.js';
import { type RepairParts, readDay } from './day.js';
import { differencesOfMonth, idsOfMonth, mayHaveExpired, withMonths } from './month.js';

export interface DocumentDifference extends Difference {
  readonly collection: string;
  readonly id: string;
}

export interface Verified {
  /** Documents that were compared. */
  readonly documents: number;
  readonly differences: readonly DocumentDifference[];
  /** Why it could not be compared, in words; empty: it was. */
  readonly missing: readonly string[];
}

const TRIES_MAX = 100;
const RETRY_MS = 50;

/** One local day's documents. Hits may come in meanwhile: each document is compared as of the segments that it held when it was read. */
export async function verifyDay(parts: RepairParts, site: Site, day: string): Promise<Verified> {
  const { missing, held, journalled, received } = await readDay(parts, site, day);
  if (missing.length > 0) return { documents: 0, differences: [], missing };
  const found: DocumentDifference[] = [];
  const isFinished = parts.nowMs() > received.untilMs;
  for (const { name, caps } of parts.collections) {
    const collection = collectionName(name, day.slice(0, 4));
    const document = held.get(collection) as Held;
    const shouldBe = journalled.get(collection);
    const is = isFinished ? document.counters : withPointsOf(document.counters, shouldBe);
    for (const difference of differences(is, shouldBe, caps)) found.push({ collection, id: document.id, ...difference });
  }
  return { documents: held.size, differences: found, missing };
}

/** While a day runs, its sketches in the journal are ahead of the documents: those registers are not compared. */
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

/** A month's documents, `2026-11`. Those of collections whose days may have expired since are left out. */
export async function verifyMonth(parts: RepairParts, site: Site, month: string): Promise<Verified> {
  const today = createCalendar(site.timezone).localTime(parts.nowMs()).day;
  const found: DocumentDifference[] = [];
  let documents = 0;
  for (const collection of withMonths(parts.collections)) {
    if (mayHaveExpired(month, collection, site, today)) continue;
    const name = collectionName(collection.name, month.slice(0, 4));
    const held = await ofOneMoment(parts.documents, name, idsOfMonth(site.id, month));
    if (held === undefined) return { documents, differences: found, missing: ['it is counted into without a pause'] };
    documents++;
    for (const difference of differencesOfMonth(held, collection))
      found.push({ collection: name, id: `${site.id}:${month}`, ...difference });
  }
  return { documents, differences: found, missing: [] };
}

/** Undefined when it did not come to that. */
export async function ofOneMoment(documents: Documents, collection: string, ids: readonly string[]): Promise<Held[] | undefined> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const held = await documents.held(collection, ids);
    if (held.every(({ settled }) => settled)) return held;
    await delay(RETRY_MS * Math.random());
  }
  return undefined;
}
