// Rebuilds a finished day: its documents are counted again from the journals, and its month becomes the merge of its
// days. Hits continue to be counted meanwhile. All writes are compare-and-set, so nothing is lost or counted twice if
// this is interrupted. Running it again completes the work.
import { setTimeout as delay } from 'node:timers/promises';
import { type DocumentKind, grainsOf } from '../../../collections/document-kind.js';
import { compact, isFull, rowsThatFit, sizeOf } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import type { Site } from '../../hit/site.js';

import { type Caps, type ChangeGroup, collectionName, type Snapshot, yearsName } from '../../store/documents.js';
import { createCalendar } from '../../time/calendar.js';
import { withMetadataOf } from '../metadata.js';
import { differencesOfMonth, idsOfMonth, mayHaveExpired, mergeOfDays, withMonths } from './month-of-days.js';
import { type DayAsJournalled, mergedByCollection, type RepairParts, readDay } from './read-day.js';
import { settledSnapshots } from './verify.js';

/** The ledger's key for days whose rebuilding was begun. The month of such a day may not be the merge of its days. */
export const REBUILD = 'rebuild';

/** The day cannot or must not be rebuilt. The message explains the reason to the person who ran the command. */
export class NotRebuilt extends Error {}

/** How often the journals are queried again because documents have changed since. */
const DAY_TRIES_MAX = 20;
/** After this many tries the nodes are asked to pause their counting. */
const UNPAUSED_DAY_TRIES_MAX = 5;
/** How often a group of documents is rewritten: first while nodes count as usual, then while they pause. */
const UNPAUSED_TRIES_MAX = 10;
const PAUSED_TRIES_MAX = 100;
const RETRY_MS = 30;

export interface Rebuilt {
  /** The collections whose day and month were written. */
  readonly collections: readonly string[];
}

/**
 * `trustDays` means that all days of the month exist, even if the month contains something that they do not. Throws a
 * NotRebuilt if the day cannot be rebuilt; then nothing was changed. After any other error it can be run again.
 */
export async function rebuildDay(parts: RepairParts, site: Site, day: string, trustDays: boolean): Promise<Rebuilt> {
  let read: DayAsJournalled | undefined = await journalledDay(parts, site, day);
  await refuseUnfinished(parts, site, day, read.received.untilMs);
  const begun = (await parts.ledger.days(REBUILD, site.id)).some(({ from, to }) => from <= day && day <= to);
  if (!begun && !trustDays) await refuseOtherMonth(parts, site, day.slice(0, 7));
  await parts.ledger.add(REBUILD, site.id, { from: day, to: day });
  let left = parts.kinds.map(({ name }) => name);
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === DAY_TRIES_MAX)
      throw new Error(`${left.join(', ')}: other processes kept counting into the day; run this command again`);
    const before = left;
    try {
      // If the journals are on other machines and a document was counted into since they were queried, they must be
      // queried again.
      if (tries >= UNPAUSED_DAY_TRIES_MAX) await parts.journals.pauseCounting();
      const journalled: DayAsJournalled = read ?? (await journalledDay(parts, site, day));
      [left, read] = [[], undefined];
      const rebuild = { parts, site, day, read: journalled };
      for (const name of before) if ((await rebuildOne(rebuild, name)) === 'busy') left.push(name);
    } finally {
      await parts.journals.resumeCounting();
    }
  }
  return { collections: parts.kinds.map(({ name }) => name) };
}

async function refuseUnfinished(parts: RepairParts, site: Site, day: string, finishedMs: number): Promise<void> {
  if (parts.nowMs() < finishedMs) {
    throw new NotRebuilt(
      `${day} is not finished: pings count for it until ${new Date(finishedMs).toISOString()}; rebuild it after that time`,
    );
  }
  const year = day.slice(0, 4);
  const summaries = parts.kinds.map(({ name }) => ({ collection: yearsName(name), id: `${site.id}:${year}` }));
  if ((await parts.documents.read(summaries)).some((found) => found !== undefined)) {
    throw new NotRebuilt(`${year} has already been summarised, and its summaries would not change with ${day}`);
  }
  const today = createCalendar(site.timezone).localTime(parts.nowMs()).day;
  for (const kind of withMonths(parts.kinds)) {
    if (mayHaveExpired(day.slice(0, 7), kind, site, today)) {
      throw new NotRebuilt(
        `days of ${day.slice(0, 7)} in ${kind.name} may have expired, so the month cannot be rebuilt from its days`,
      );
    }
  }
}

/** Throws if the journals do not contain all of the day. */
async function journalledDay(parts: RepairParts, site: Site, day: string): Promise<DayAsJournalled> {
  const read = await readDay(parts, site, day);
  if (read.missing.length > 0) throw new NotRebuilt(`the journals do not cover ${day}: ${read.missing.join('; ')}`);
  const isCounted = [...read.snapshots.values()].some(({ counters }) => counters !== undefined);
  if (read.journalled.size > 0) return read;
  throw new NotRebuilt(
    isCounted
      ? `the journals contain no hits of ${site.id} on ${day}, but there are documents of another origin; they are not changed`
      : `there are no hits of ${site.id} on ${day}, neither in the journals nor in documents`,
  );
}

/** Throws if the month contains more than its days, such as a removed day. Rebuilding the month would lose it. */
async function refuseOtherMonth(parts: RepairParts, site: Site, month: string): Promise<void> {
  for (const kind of withMonths(parts.kinds)) {
    const name = collectionName(kind.name, month.slice(0, 4));
    const snapshots = await settledSnapshots(parts.documents, name, idsOfMonth(site.id, month));
    if (snapshots === undefined) throw new Error(`other processes kept counting into ${name}; run this command again`);
    const [first] = differencesOfMonth(snapshots, kind);
    if (first === undefined) continue;
    throw new NotRebuilt(
      `${name} ${site.id}:${month} is not the merge of its days (${first.path.join(' › ')} is ${first.is}, ` +
        `its days have ${first.shouldBe}): days may have been removed. If its days contain everything that it should ` +
        'contain, add --trust-days',
    );
  }
}

interface DayRebuild {
  readonly parts: RepairParts;
  readonly site: Site;
  readonly day: string;
  readonly read: DayAsJournalled;
}

/** Rebuilds the day and its month in one collection. */
async function rebuildOne({ parts, site, day, read }: DayRebuild, name: string): Promise<'rewritten' | 'busy'> {
  const { documents, journals, kinds } = parts;
  const collection = collectionName(name, day.slice(0, 4));
  const kind = kinds.find((one) => one.name === name) as DocumentKind;
  const { caps } = kind;
  const hasMonths = grainsOf(kind).includes('month');
  const ids = idsOfMonth(site.id, day.slice(0, 7));
  const dayId = `${site.id}:${day}`;
  const before = read.snapshots.get(collection) as Snapshot;
  let isStale = false;

  /** What the journals give for the present snapshot of the day. Undefined if they must be queried again. */
  const journalledNow = (now: Snapshot): Counters | undefined => {
    const known = read.journalled.get(collection) ?? new Counters();
    if (now.version === before.version) return known;
    if (now.imports.length > 0) return undefined;
    const upTo = new Map([[collection, now.upTo]]);
    const after = new Map([[collection, before.upTo]]);
    const since = journals.queryNow({ site: site.id, day, upTo, after });
    if (since === undefined) return undefined;
    return mergeInto(mergeInto(new Counters(), known), mergedByCollection(since).get(collection) ?? new Counters());
  };

  const change: ChangeGroup = (snapshots) => {
    const now = snapshots.find(({ id }) => id === dayId) as Snapshot;
    const journalled = journalledNow(now);
    isStale = journalled === undefined;
    if (journalled === undefined) return 'busy';
    const after = new Map<string, Counters>();
    const rightDay = withMetadataOf(now.counters, inCaps(copyOf(journalled), caps));
    const month = snapshots.at(-1) as Snapshot;
    if (rightDay.fields.size > 0 || now.counters !== undefined) after.set(dayId, rightDay);
    const rightMonth = withMetadataOf(month.counters, inCaps(mergeOfDays(snapshots, after), caps));
    if (hasMonths && (rightMonth.fields.size > 0 || month.counters !== undefined)) after.set(month.id, rightMonth);
    return after;
  };

  for (let tries = 0; tries < UNPAUSED_TRIES_MAX + PAUSED_TRIES_MAX; tries++) {
    if (tries === UNPAUSED_TRIES_MAX) await journals.pauseCounting();
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
