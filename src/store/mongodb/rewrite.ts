// Rewrites whole documents with compare-and-sets on their guards; see protocol.ts.
import { setTimeout as delay } from 'node:timers/promises';
import { fromFields, hasLooseRegisters, toFields } from '../../counters/codec/fields.js';
import { type Caps, type Change, type DocumentId, partsOfName, type Rebuild, type Rewritten } from '../documents.js';
import type { Protocol } from './changes.js';
import { isAhead, segmentsIn, withNextRevision } from './guards.js';
import type { Stored, WholeDocumentOperations } from './operations.js';
import { compactMaps, countersOf } from './stored-counters.js';

/** Whole documents in one answer of the server. */
const READ_MAX = 100;
/** A rewrite fails after this many lost compare-and-sets in a row. */
const LOST_MAX = 20;
/** A rebuild needs an instant between two segments of all nodes. */
const REBUILD_TRIES_MAX = 100;
const REBUILD_RETRY_MS = 50;

type Outcome = 'rebuilt' | 'removed' | 'kept' | 'busy';
type FinishedSegment = (node: string) => Promise<number>;

export function createRewrites(operations: WholeDocumentOperations): Pick<Protocol, 'compact' | 'rewrite' | 'rebuild'> {
  return {
    compact: (id, caps) => compactDocument(operations, id, caps),

    async rewrite(collection, ids, change) {
      const done = { rewritten: 0, removed: 0, kept: 0 };
      for (let i = 0; i < ids.length; i += READ_MAX) {
        const some = ids.slice(i, i + READ_MAX);
        const found = await operations.read(collection, some);
        const rewriting = some.map((id) => rewriteOne(operations, { collection, id }, found.get(id), change));
        for (const outcome of await Promise.allSettled(rewriting)) {
          if (outcome.status === 'rejected') throw outcome.reason;
          done[outcome.value]++;
        }
      }
      return done;
    },

    async rebuild(id, parts, make, finished) {
      for (let tries = 1; ; tries++) {
        const outcome = await rebuildOnce({ operations, id, parts, make, finished });
        if (outcome !== 'busy' || tries === REBUILD_TRIES_MAX) return outcome;
        await delay(REBUILD_RETRY_MS * Math.random());
      }
    },
  };
}

async function compactDocument(operations: WholeDocumentOperations, documentId: DocumentId, caps: Caps) {
  const { collection, id } = documentId;
  const stored = (await operations.read(collection, [id])).get(id);
  if (stored === undefined) return 'compact';
  const counters = fromFields(stored.counters);
  const hasCompacted = compactMaps(counters, caps, ({ entries }, rowsMax) => entries > rowsMax);
  if (!hasCompacted && !hasLooseRegisters(stored.counters)) return 'compact';
  const document = { guards: withNextRevision(stored.guards), counters: toFields(counters, true) };
  return (await operations.replace(documentId, stored.guards, document)) === 'replaced' ? 'compacted' : 'busy';
}

async function rewriteOne(
  operations: WholeDocumentOperations,
  documentId: DocumentId,
  first: Stored | undefined,
  change: Change,
): Promise<keyof Rewritten> {
  const { collection, id } = documentId;
  let stored = first;
  for (let tries = 0; tries < LOST_MAX; tries++) {
    const after = change(id, countersOf(stored));
    if (after === 'keep' || (after === 'remove' && stored === undefined)) return 'kept';
    if (after === 'remove') {
      if ((await operations.remove(documentId, (stored as Stored).guards)) === 'removed') return 'removed';
    } else {
      const document = { guards: withNextRevision(stored?.guards), counters: toFields(after, true) };
      if ((await operations.replace(documentId, stored?.guards, document)) === 'replaced') return 'rewritten';
    }
    stored = (await operations.read(collection, [id])).get(id);
  }
  throw new Error(`${collection} ${id} is currently being written by too many other processes`);
}

interface Rebuilding {
  readonly operations: WholeDocumentOperations;
  readonly id: DocumentId;
  readonly parts: readonly DocumentId[];
  readonly make: Rebuild;
  readonly finished: FinishedSegment;
}

/**
 * Reads the document first, then how far its nodes are finished, then the parts. If each node's last segment in the
 * document is finished by then, the parts contain all segments up to it. If no part contains a later one, the parts
 * contain nothing else. If the document is unchanged when it is replaced, nothing was counted into it meanwhile.
 * Nothing is counted into a year document: it has no such guards, and its months are closed.
 */
async function rebuildOnce({ operations, id: documentId, parts, make, finished }: Rebuilding): Promise<Outcome> {
  const { collection, id } = documentId;
  const stored = (await operations.read(collection, [id])).get(id);
  if (stored === undefined) return 'kept';
  const isCountedInto = partsOfName(collection)?.year !== undefined;
  if (isCountedInto) {
    for (const [node, number] of segmentsIn(stored.guards)) if ((await finished(node)) < number) return 'busy';
  }
  const found = await readParts(operations, parts);
  if (isCountedInto && found.some((part) => isAhead(part?.guards, stored.guards))) return 'busy';
  const after = make(fromFields(stored.counters), found.map(countersOf));
  if (after === 'keep') return 'kept';
  if (after === 'remove') return (await operations.remove(documentId, stored.guards)) === 'removed' ? 'removed' : 'busy';
  const document = { guards: withNextRevision(stored.guards), counters: toFields(after, true) };
  return (await operations.replace(documentId, stored.guards, document)) === 'replaced' ? 'rebuilt' : 'busy';
}

async function readParts(operations: WholeDocumentOperations, parts: readonly DocumentId[]): Promise<Array<Stored | undefined>> {
  const found = new Map<string, Stored>();
  for (const collection of new Set(parts.map(({ collection }) => collection))) {
    const ids = parts.filter((part) => part.collection === collection).map(({ id }) => id);
    for (const [id, stored] of await operations.read(collection, ids)) found.set(`${collection}/${id}`, stored);
  }
  return parts.map(({ collection, id }) => found.get(`${collection}/${id}`));
}
