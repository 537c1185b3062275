// Applies a segment's deltas to documents, exactly once; see protocol.ts.
import { isFull } from '../../counters/cap.js';
import { toFields } from '../../counters/codec/fields.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import type { Delta, Rejected, Segment } from '../documents.js';
import type { Protocol } from './changes.js';
import { DUPLICATE_KEY } from './codes.js';
import { containsSegment, withNextRevision } from './guards.js';
import { type Failure, isForGood, type Operations, Refused, type Stored } from './operations.js';
import { createSizeBook, type SizeBook } from './sizes.js';
import { compactMaps, countersOf } from './stored-counters.js';

/** Updates in one command: enough to save round trips, few enough that the server answers soon. */
const BULK_MAX = 1000;
/** Whole documents in one answer. */
const READ_MAX = 100;
/** After this many lost compare-and-sets in a row, the attempt at the segment fails, and the caller repeats it. */
const LOST_MAX = 20;

/** One attempt to apply a segment to the documents of one collection. */
interface Attempt {
  readonly operations: Operations;
  readonly sizes: SizeBook;
  readonly collection: string;
  readonly segment: Segment;
  /** Stores a delta that can never be added as a dead letter. */
  reject(delta: Delta, reason: string): Promise<void>;
}

export function createApply(operations: Operations): Protocol['apply'] {
  const sizes = createSizeBook();
  return async (segment, deltas, countedUntilMs) => {
    const applying = [...byCollection(deltas)].map(([collection, some]) =>
      applyTo({ operations, sizes, collection, segment }, some),
    );
    // Wait for all before rejecting, because two simultaneous attempts at one segment would interfere with each other.
    const rejected: Rejected[] = [];
    for (const outcome of await Promise.allSettled(applying)) {
      if (outcome.status === 'rejected') throw outcome.reason;
      rejected.push(...outcome.value);
    }
    await operations.finish(segment, countedUntilMs);
    return rejected;
  };
}

/** Sorted by id: some servers deadlock when two nodes write the same documents in different orders. */
function byCollection(deltas: readonly Delta[]): Map<string, Delta[]> {
  const groups = new Map<string, Delta[]>();
  for (const delta of deltas) {
    const group = groups.get(delta.collection);
    if (group === undefined) groups.set(delta.collection, [delta]);
    else group.push(delta);
  }
  for (const group of groups.values()) group.sort((a, b) => (a.id < b.id ? -1 : 1));
  return groups;
}

/** `deltas`: all of this collection. */
async function applyTo(parts: Omit<Attempt, 'reject'>, deltas: readonly Delta[]): Promise<Rejected[]> {
  const { operations, sizes, collection, segment } = parts;
  const rejected: Rejected[] = [];
  const attempt: Attempt = {
    ...parts,
    async reject(delta, reason) {
      await operations.reject(delta, segment, reason);
      rejected.push({ collection, id: delta.id, reason });
    },
  };
  await learnSizes(attempt, deltas);
  const plain: Delta[] = [];
  for (const delta of deltas) {
    if (!sizes.mustCompact(delta) || (await addCompacted(attempt, delta)) === 'lost') plain.push(delta);
  }
  for (let i = 0; i < plain.length; i += BULK_MAX) await add(attempt, plain.slice(i, i + BULK_MAX));
  return rejected;
}

async function add(attempt: Attempt, deltas: readonly Delta[]): Promise<void> {
  const { operations, sizes, collection, segment } = attempt;
  for (const delta of deltas) sizes.grow(delta);
  const { failures } = await operations.update(collection, segment, deltas, true);
  const duplicates: Delta[] = [];
  for (const failure of failures) {
    const delta = deltas[failure.index] as Delta;
    if (failure.code === DUPLICATE_KEY) duplicates.push(delta);
    else await onFailure(attempt, delta, failure);
  }
  if (duplicates.length > 0) await settle(attempt, duplicates);
}

/**
 * A duplicate key proves nothing. It occurs when the document contains the segment, and also when another node has
 * just created the document. So the same updates are sent again without creating documents, and if some of them find
 * no document, the guards are read.
 */
async function settle(attempt: Attempt, deltas: readonly Delta[]): Promise<void> {
  const { operations, collection, segment } = attempt;
  const { matched, failures } = await operations.update(collection, segment, deltas, false);
  const failed = new Set(failures.map(({ index }) => index));
  for (const failure of failures) await onFailure(attempt, deltas[failure.index] as Delta, failure);
  const sent = deltas.filter((_, index) => !failed.has(index)).map(({ id }) => id);
  if (matched === sent.length) return;
  const guards = await operations.readGuards(collection, sent);
  const missing = sent.filter((id) => !containsSegment(guards.get(id), segment));
  if (missing.length > 0) throw new Error(`it is unknown whether ${missing.length} documents of ${collection} were written`);
}

async function onFailure({ reject }: Attempt, delta: Delta, { code, message }: Failure): Promise<void> {
  if (!isForGood(code)) throw new Error(`${delta.collection} ${delta.id}: ${message}`);
  await reject(delta, message);
}

async function learnSizes({ operations, sizes, collection }: Attempt, deltas: readonly Delta[]): Promise<void> {
  const unknown = deltas.filter((delta) => sizes.isUnknown(delta));
  for (let i = 0; i < unknown.length; i += READ_MAX) {
    const some = unknown.slice(i, i + READ_MAX);
    const ids = some.map(({ id }) => id);
    const found = await operations.read(collection, ids);
    for (const delta of some) sizes.learn(delta, readableCounters(found.get(delta.id)));
  }
}

/** Undefined for a document that cannot be decoded: the server decides whether it accepts an update of it. */
function readableCounters(stored: Stored | undefined): Counters | undefined {
  try {
    return countersOf(stored);
  } catch {
    return undefined;
  }
}

/**
 * Rewrites the whole document with the delta in it, compacted. `lost`: other nodes are writing it too, and the delta
 * is small enough for a plain update.
 */
async function addCompacted(attempt: Attempt, delta: Delta): Promise<'done' | 'lost'> {
  const { operations, sizes, collection, segment, reject } = attempt;
  for (let tries = 0; tries < LOST_MAX; tries++) {
    const stored = (await operations.read(collection, [delta.id])).get(delta.id);
    if (containsSegment(stored?.guards, segment)) return 'done';
    try {
      const counters = mergeInto(countersOf(stored) ?? new Counters(), delta.counters);
      compactMaps(counters, delta.caps, isFull);
      const guards = { ...withNextRevision(stored?.guards), [segment.node]: segment.number };
      const outcome = await operations.replace(delta, stored?.guards, { guards, counters: toFields(counters, false) });
      sizes.learn(delta, counters);
      if (outcome === 'replaced') return 'done';
    } catch (error) {
      if (!(error instanceof Refused || error instanceof TypeError)) throw error;
      await reject(delta, error.message);
      return 'done';
    }
    if (!sizes.isLarge(delta)) return 'lost';
  }
  throw new Error(`${collection} ${delta.id} is currently being written by too many other processes`);
}
