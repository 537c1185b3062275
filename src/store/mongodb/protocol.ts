// A segment into documents that other nodes write at the same time, exactly once, over a network and servers that
// fail. Every update carries its guard: a document that holds the segment already is not found by it. An outcome that
// is not known for certain rejects, and the caller applies the whole segment again: what is in stays in once.

import { setTimeout as delay } from 'node:timers/promises';
import { compact, isFull, rowsThatFit, sizeOf } from '../../counters/cap.js';
import { fromFields, hasLooseRegisters, toFields } from '../../counters/codec/fields.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import {
  type Caps,
  type Change,
  type Delta,
  type DocumentId,
  partsOfName,
  type Rebuild,
  type Rejected,
  type Rewritten,
  type Segment,
} from '../documents.js';
import { DUPLICATE_KEY, type Guards, isForGood, type Operations, Refused, type Stored } from './operations.js';
import { createSizeBook } from './sizes.js';

/** Updates in one command: enough to spare round trips, few enough that a server answers soon. */
const BULK_MAX = 1000;
/** Whole documents in one answer. */
const READ_MAX = 100;
/** Compare-and-sets lost one after the other before the segment is given up, and tried again as a whole. */
const LOST_MAX = 20;
/** A document that is remade must be found between two segments of all nodes: more often than that it is not tried. */
const REMAKE_TRIES_MAX = 100;
const REMAKE_RETRY_MS = 50;
const REVISION = 'rev';

export interface Protocol {
  /** Rejects when not everything is surely in. Resolves with what can never be added. */
  apply(segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<Rejected[]>;
  /** See store/documents.ts. */
  compact(id: DocumentId, caps: Caps): Promise<'compacted' | 'compact' | 'busy'>;
  /** See store/documents.ts. */
  rewrite(collection: string, ids: readonly string[], change: Change): Promise<Rewritten>;
  /** See store/documents.ts. `finished` is the last finished segment of a node. */
  rebuild(
    id: DocumentId,
    parts: readonly DocumentId[],
    make: Rebuild,
    finished: (node: string) => Promise<number>,
  ): Promise<'rebuilt' | 'removed' | 'kept' | 'busy'>;
}

export function createProtocol(operations: Operations): Protocol {
  const sizes = createSizeBook();

  /** The deltas of one collection. */
  const applyTo = async (collection: string, segment: Segment, deltas: readonly Delta[]): Promise<Rejected[]> => {
    const rejected: Rejected[] = [];
    const keepApart = async (delta: Delta, reason: string): Promise<void> => {
      await operations.reject(delta, segment, reason);
      rejected.push({ collection, id: delta.id, reason });
    };
    await learnSizes(collection, deltas);
    const plain: Delta[] = [];
    for (const delta of deltas) {
      if (!sizes.mustCompact(delta) || (await addCompacted(segment, delta, keepApart)) === 'lost') plain.push(delta);
    }
    for (let i = 0; i < plain.length; i += BULK_MAX) await add(collection, segment, plain.slice(i, i + BULK_MAX), keepApart);
    return rejected;
  };

  const add = async (collection: string, segment: Segment, deltas: readonly Delta[], keepApart: KeepApart): Promise<void> => {
    for (const delta of deltas) sizes.grow(delta);
    const { failures } = await operations.update(collection, segment, deltas, true);
    const duplicates: Delta[] = [];
    for (const { index, code, message } of failures) {
      const delta = deltas[index] as Delta;
      if (code === DUPLICATE_KEY) duplicates.push(delta);
      else await onFailure(delta, code, message, keepApart);
    }
    if (duplicates.length > 0) await settle(collection, segment, duplicates, keepApart);
  };

  /**
   * A duplicate key proves nothing: it comes when the segment is in, and also when another node has just made the
   * document. So the same updates are sent again without making documents, and where some find none, the guards are
   * read.
   */
  const settle = async (collection: string, segment: Segment, deltas: readonly Delta[], keepApart: KeepApart): Promise<void> => {
    const { matched, failures } = await operations.update(collection, segment, deltas, false);
    const failed = new Set(failures.map(({ index }) => index));
    for (const { index, code, message } of failures) await onFailure(deltas[index] as Delta, code, message, keepApart);
    const sent = deltas.filter((_, index) => !failed.has(index)).map(({ id }) => id);
    if (matched === sent.length) return;
    const guards = await operations.readGuards(collection, sent);
    const missing = sent.filter((id) => !holds(guards.get(id), segment));
    if (missing.length > 0) throw new Error(`it is not known whether ${missing.length} documents of ${collection} were written`);
  };

  const onFailure = async (delta: Delta, code: number, message: string, keepApart: KeepApart): Promise<void> => {
    if (!isForGood(code)) throw new Error(`${delta.collection} ${delta.id}: ${message}`);
    await keepApart(delta, message);
  };

  const learnSizes = async (collection: string, deltas: readonly Delta[]): Promise<void> => {
    const unknown = deltas.filter((delta) => sizes.isUnknown(delta));
    for (let i = 0; i < unknown.length; i += READ_MAX) {
      const some = unknown.slice(i, i + READ_MAX);
      const found = await operations.read(
        collection,
        some.map(({ id }) => id),
      );
      for (const delta of some) sizes.learn(delta, readable(found.get(delta.id)));
    }
  };

  /**
   * Rewrites the whole document with the delta in it, compacted. `lost`: others write too, and the delta is small
   * enough to be added plain.
   */
  const addCompacted = async (segment: Segment, delta: Delta, keepApart: KeepApart): Promise<'done' | 'lost'> => {
    const { collection, id, caps } = delta;
    for (let tries = 0; tries < LOST_MAX; tries++) {
      const stored = (await operations.read(collection, [id])).get(id);
      if (holds(stored?.guards, segment)) return 'done';
      try {
        const counters = mergeInto(countersOf(stored) ?? new Counters(), delta.counters);
        compactFull(counters, caps, isFull);
        const guards = { ...raised(stored?.guards), [segment.node]: segment.number };
        const outcome = await operations.replace(delta, stored?.guards, { guards, counters: toFields(counters, false) });
        sizes.learn(delta, counters);
        if (outcome === 'replaced') return 'done';
      } catch (error) {
        if (!(error instanceof Refused || error instanceof TypeError)) throw error;
        await keepApart(delta, error.message);
        return 'done';
      }
      if (!sizes.isLarge(delta)) return 'lost';
    }
    throw new Error(`${collection} ${id} is being written by too many others at the moment`);
  };

  const rewriteOne = async (documentId: DocumentId, first: Stored | undefined, change: Change): Promise<keyof Rewritten> => {
    const { collection, id } = documentId;
    let stored = first;
    for (let tries = 0; tries < LOST_MAX; tries++) {
      const after = change(id, countersOf(stored));
      if (after === 'keep' || (after === 'remove' && stored === undefined)) return 'kept';
      if (after === 'remove') {
        if ((await operations.remove(documentId, (stored as Stored).guards)) === 'removed') return 'removed';
      } else {
        const document = { guards: raised(stored?.guards), counters: toFields(after, true) };
        if ((await operations.replace(documentId, stored?.guards, document)) === 'replaced') return 'rewritten';
      }
      stored = (await operations.read(collection, [id])).get(id);
    }
    throw new Error(`${collection} ${id} is being written by too many others at the moment`);
  };

  const readParts = async (parts: readonly DocumentId[]): Promise<Array<Stored | undefined>> => {
    const found = new Map<string, Stored>();
    for (const collection of new Set(parts.map(({ collection }) => collection))) {
      const ids = parts.filter((part) => part.collection === collection).map(({ id }) => id);
      for (const [id, stored] of await operations.read(collection, ids)) found.set(`${collection}/${id}`, stored);
    }
    return parts.map(({ collection, id }) => found.get(`${collection}/${id}`));
  };

  /**
   * The document is read first, then how far its nodes are finished, then the parts. When each node's last segment in
   * the document is finished by then, all up to it are in the parts; when no part holds a later one, they hold
   * nothing else; and when the document is still the same at the replacing, nothing came into it meanwhile. Into a
   * year nothing is counted: it has no such guards, and its months are closed.
   */
  const rebuildOnce: Protocol['rebuild'] = async (documentId, parts, make, finished) => {
    const { collection, id } = documentId;
    const stored = (await operations.read(collection, [id])).get(id);
    if (stored === undefined) return 'kept';
    const nodes = Object.entries(stored.guards).filter(([node]) => node !== REVISION);
    const isCounted = partsOfName(collection)?.year !== undefined;
    if (isCounted) for (const [node, number] of nodes) if ((await finished(node)) < number) return 'busy';
    const found = await readParts(parts);
    if (isCounted && found.some((part) => isAhead(part?.guards, stored.guards))) return 'busy';
    const after = make(fromFields(stored.counters), found.map(countersOf));
    if (after === 'keep') return 'kept';
    if (after === 'remove') return (await operations.remove(documentId, stored.guards)) === 'removed' ? 'removed' : 'busy';
    const document = { guards: raised(stored.guards), counters: toFields(after, true) };
    return (await operations.replace(documentId, stored.guards, document)) === 'replaced' ? 'rebuilt' : 'busy';
  };

  return {
    async rebuild(id, parts, make, finished) {
      for (let tries = 1; ; tries++) {
        const outcome = await rebuildOnce(id, parts, make, finished);
        if (outcome !== 'busy' || tries === REMAKE_TRIES_MAX) return outcome;
        await delay(REMAKE_RETRY_MS * Math.random());
      }
    },

    async rewrite(collection, ids, change) {
      const done = { rewritten: 0, removed: 0, kept: 0 };
      for (let i = 0; i < ids.length; i += READ_MAX) {
        const some = ids.slice(i, i + READ_MAX);
        const found = await operations.read(collection, some);
        const outcomes = await Promise.allSettled(some.map((id) => rewriteOne({ collection, id }, found.get(id), change)));
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') throw outcome.reason;
          done[outcome.value]++;
        }
      }
      return done;
    },

    async apply(segment, deltas, countedUntilMs) {
      const applying = [...byCollection(deltas)].map(([collection, some]) => applyTo(collection, segment, some));
      // Only when nothing is under way any more: two attempts at one segment would get in each other's way.
      const rejected: Rejected[] = [];
      for (const outcome of await Promise.allSettled(applying)) {
        if (outcome.status === 'rejected') throw outcome.reason;
        rejected.push(...outcome.value);
      }
      await operations.finish(segment, countedUntilMs);
      return rejected;
    },

    async compact(documentId, caps) {
      const { collection, id } = documentId;
      const stored = (await operations.read(collection, [id])).get(id);
      if (stored === undefined) return 'compact';
      const counters = fromFields(stored.counters);
      const compacted = compactFull(counters, caps, ({ entries }, rowsMax) => entries > rowsMax);
      if (!compacted && !hasLooseRegisters(stored.counters)) return 'compact';
      const document = { guards: raised(stored.guards), counters: toFields(counters, true) };
      return (await operations.replace(documentId, stored.guards, document)) === 'replaced' ? 'compacted' : 'busy';
    },
  };
}

type KeepApart = (delta: Delta, reason: string) => Promise<void>;

function holds(guards: Guards | undefined, { node, number }: Segment): boolean {
  return (guards?.[node] ?? 0) >= number;
}

/** Whether a part holds a segment that the document does not. */
function isAhead(part: Guards = {}, whole: Guards = {}): boolean {
  return Object.entries(part).some(([node, number]) => node !== REVISION && (whole[node] ?? 0) < number);
}

/** Every rewrite is told from the state before it, also one that counts nothing. */
function raised(guards: Guards = {}): Guards {
  return { ...guards, [REVISION]: (guards[REVISION] ?? 0) + 1 };
}

function countersOf(stored: Stored | undefined): Counters | undefined {
  return stored === undefined ? undefined : fromFields(stored.counters);
}

/** What cannot be read is left to the server: it will say what it makes of an update. */
function readable(stored: Stored | undefined): Counters | undefined {
  try {
    return countersOf(stored);
  } catch {
    return undefined;
  }
}

function compactFull(counters: Counters, caps: Caps, isTooLarge: typeof isFull): boolean {
  let any = false;
  for (const [map, rowsMax] of Object.entries(caps)) {
    const size = sizeOf(counters.below(map));
    if (!isTooLarge(size, rowsMax)) continue;
    compact(counters.at(map), rowsThatFit(size, rowsMax));
    any = true;
  }
  return any;
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
