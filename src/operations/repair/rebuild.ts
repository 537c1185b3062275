// Puts a finished day right: its documents become what the journals give, and its month the merge of its days. Hits
// keep coming in. What is written is a compare-and-set, so nothing is lost or counted twice whenever it ends; a
// repeat puts right what was left half done.
import { setTimeout as delay } from 'node:timers/promises';
import { type Collection, grainsOf } from '../../../collections/collection.js';
import { compact, isFull, rowsThatFit, sizeOf } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import type { Site } from '../../hit/site.js';
import { RESERVED } from '../../store/document-metadata.js';
import { type Caps, type ChangeGroup, collectionName, type Snapshot, yearsName } from '../../store/documents.js';
import { createCalendar } from '../../time/calendar.js';
import { differencesOfMonth, idsOfMonth, mayHaveExpired, mergeOfDays, withMonths } from './month-of-days.js';
import { type DayAsJournalled, mergedByCollection, type RepairParts, readDay } from './read-day.js';
import { ofOneMoment } from './verify.js';

/** In the ledger: days whose rebuilding was begun. Where one was, its month may be no merge of its days any more. */
export const REBUILD = 'rebuild';

/** It cannot or must not be done, for a reason that the person at the keyboard is told. */
export class NotRebuilt extends Error {}

const DAY_TRIES_MAX = 20;
const FREE_DAY_TRIES_MAX = 5;
/** Without the nodes being asked to hold their counting; then once with. */
const FREE_TRIES_MAX = 10;
const HELD_TRIES_MAX = 100;
const RETRY_MS = 30;

export interface Rebuilt {
  /** The collections whose day and month were written. */
  readonly collections: readonly string[];
}

/**
 * `trustDays`: the month's days are all there, whatever the month holds that they do not. Throws a NotRebuilt when
 * nothing was changed for a reason; after any other error, run it again.
 */
export async function rebuildDay(parts: RepairParts, site: Site, day: string, trustDays: boolean): Promise<Rebuilt> {
  let read: DayAsJournalled | undefined = await journalledDay(parts, site, day);
  await refuseUnfinished(parts, site, day, read.received.untilMs);
  const begun = (await parts.ledger.days(REBUILD, site.id)).some(({ from, to }) => from <= day && day <= to);
  if (!begun && !trustDays) await refuseOtherMonth(parts, site, day.slice(0, 7));
  await parts.ledger.add(REBUILD, site.id, { from: day, to: day });
  let left = parts.collections.map(({ name }) => name);
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === DAY_TRIES_MAX) throw new Error(`${left.join(', ')}: others were counting all the time; run this again`);
    const before = left;
    try {
      // Where journals are on other machines, a document that was counted into since they were asked is not known any more.
      if (tries >= FREE_DAY_TRIES_MAX) await parts.journals.hold();
      const journalled: DayAsJournalled = read ?? (await journalledDay(parts, site, day));
      [left, read] = [[], undefined];
      for (const name of before) if ((await rebuildOne(parts, site, day, name, journalled)) === 'busy') left.push(name);
    } finally {
      await parts.journals.release();
    }
  }
  return { collections: parts.collections.map(({ name }) => name) };
}

async function refuseUnfinished(parts: RepairParts, site: Site, day: string, finishedMs: number): Promise<void> {
  if (parts.nowMs() < finishedMs) {
    throw new NotRebuilt(
      `${day} is not finished: pings count for it until ${new Date(finishedMs).toISOString()}; rebuild it after that`,
    );
  }
  const year = day.slice(0, 4);
  const summaries = parts.collections.map(({ name }) => ({ collection: yearsName(name), id: `${site.id}:${year}` }));
  if ((await parts.documents.read(summaries)).some((found) => found !== undefined)) {
    throw new NotRebuilt(`the summaries of ${year} are made already, and would not change with ${day}`);
  }
  const today = createCalendar(site.timezone).localTime(parts.nowMs()).day;
  for (const collection of withMonths(parts.collections)) {
    if (mayHaveExpired(day.slice(0, 7), collection, site, today)) {
      throw new NotRebuilt(
        `days of ${day.slice(0, 7)} in ${collection.name} may have expired already, so the month cannot be made of them`,
      );
    }
  }
}

/** Throws when the journals do not tell all of the day. */
async function journalledDay(parts: RepairParts, site: Site, day: string): Promise<DayAsJournalled> {
  const read = await readDay(parts, site, day);
  if (read.missing.length > 0) throw new NotRebuilt(`${day} is not covered by the journals: ${read.missing.join('; ')}`);
  const isCounted = [...read.held.values()].some(({ counters }) => counters !== undefined);
  if (read.journalled.size > 0) return read;
  throw new NotRebuilt(
    isCounted
      ? `the journals hold no hit of ${site.id} on ${day}, but there are documents: they come from elsewhere, and stay`
      : `there are no hits of ${site.id} on ${day}, neither in the journals nor in documents`,
  );
}

/** A day that has expired, or was removed, is in the month all the same; and so is what was put there by other means. */
async function refuseOtherMonth(parts: RepairParts, site: Site, month: string): Promise<void> {
  for (const collection of withMonths(parts.collections)) {
    const name = collectionName(collection.name, month.slice(0, 4));
    const held = await ofOneMoment(parts.documents, name, idsOfMonth(site.id, month));
    if (held === undefined) throw new Error(`${name} is counted into without a pause; run this again`);
    const [first] = differencesOfMonth(held, collection);
    if (first === undefined) continue;
    throw new NotRebuilt(
      `${name} ${site.id}:${month} is not the merge of its days (${first.path.join(' › ')} is ${first.is}, its days have ${first.shouldBe}): days may have been removed. If all that it should hold is in its days, say so with --trust-days`,
    );
  }
}

async function rebuildOne(
  { documents, journals, collections }: RepairParts,
  site: Site,
  day: string,
  name: string,
  read: DayAsJournalled,
): Promise<'rewritten' | 'busy'> {
  const collection = collectionName(name, day.slice(0, 4));
  const kind = collections.find((one) => one.name === name) as Collection;
  const { caps } = kind;
  const hasMonths = grainsOf(kind).includes('month');
  const ids = idsOfMonth(site.id, day.slice(0, 7));
  const dayId = `${site.id}:${day}`;
  const before = read.held.get(collection) as Snapshot;
  let isStale = false;

  /** What the journals give for the day as it is held now; undefined when it must be asked for again. */
  const journalledNow = (now: Snapshot): Counters | undefined => {
    const known = read.journalled.get(collection) ?? new Counters();
    if (now.version === before.version) return known;
    if (now.imports.length > 0) return undefined;
    const upTo = new Map([[collection, now.upTo]]);
    const after = new Map([[collection, before.upTo]]);
    const since = journals.askNow({ site: site.id, day, upTo, after });
    if (since === undefined) return undefined;
    return mergeInto(mergeInto(new Counters(), known), mergedByCollection(since).get(collection) ?? new Counters());
  };

  const change: ChangeGroup = (held) => {
    const now = held.find(({ id }) => id === dayId) as Snapshot;
    const journalled = journalledNow(now);
    isStale = journalled === undefined;
    if (journalled === undefined) return 'busy';
    const after = new Map<string, Counters>();
    const rightDay = withReserved(inCaps(copyOf(journalled), caps), now);
    const month = held.at(-1) as Snapshot;
    if (rightDay.fields.size > 0 || now.counters !== undefined) after.set(dayId, rightDay);
    const rightMonth = withReserved(inCaps(mergeOfDays(held, after), caps), month);
    if (hasMonths && (rightMonth.fields.size > 0 || month.counters !== undefined)) after.set(month.id, rightMonth);
    return after;
  };

  for (let tries = 0; tries < FREE_TRIES_MAX + HELD_TRIES_MAX; tries++) {
    if (tries === FREE_TRIES_MAX) await journals.hold();
    if ((await documents.rewriteGroup(collection, ids, change)) === 'rewritten') return 'rewritten';
    if (isStale) return 'busy';
    await delay(RETRY_MS * Math.random());
  }
  return 'busy';
}

function copyOf(tree: Counters): Counters {
  return mergeInto(new Counters(), tree);
}

function inCaps(tree: Counters, caps: Caps): Counters {
  for (const [map, rowsMax] of Object.entries(caps)) {
    const size = sizeOf(tree.below(map));
    if (isFull(size, rowsMax)) compact(tree.at(map), rowsThatFit(size, rowsMax));
  }
  return tree;
}

/** What stands in a document beside its counters stays. */
function withReserved(tree: Counters, { counters }: Snapshot): Counters {
  for (const key of RESERVED) {
    const mark = counters?.fields.get(key);
    if (mark === undefined) tree.fields.delete(key);
    else tree.fields.set(key, mark);
  }
  return tree;
}
