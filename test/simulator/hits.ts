// Hits that remain distinguishable in the documents, and what a segment of them adds.
import { row, VIEWS } from '../../src/counters/cap.js';
import { Counters } from '../../src/counters/counters.js';
import type { Caps, Delta, DocumentId } from '../../src/store/documents.js';
import type { Random } from './random.js';

export interface Hit {
  readonly name: string;
  readonly documents: readonly SimulatedDocument[];
  /** The key of its page in the capped map. */
  readonly key: string;
  readonly weight: number;
  readonly text: string;
  readonly register: number;
  readonly rank: number;
  /** The server never accepts what this hit counts. */
  readonly isRefused: boolean;
}

export interface SimulatedDocument extends DocumentId {
  readonly caps: Caps;
}

/** The hits that a document contains, by name: so a loss and a repetition are noticed even if the sums agree. */
export const HITS = 'h';
export const TOTAL = 'v';
export const NEWEST = 't';
export const VISITORS = 's';
export const MAP = 'p';
/** Rewrites that removed a row, by name. */
export const REMOVALS = 'd';
/** A counter that the server refuses. */
export const REFUSED = 'refused';
/** A counter besides the one by which rows are ranked. */
export const SECOND = 'w';

export function createDocuments(random: Random): SimulatedDocument[] {
  // 4: a delta of two rows is large and never added without compacting; 8: one of three.
  const content = { collection: 'content', id: 'a', caps: { [MAP]: random.chance(0.5) ? 4 : 8 } };
  const traffic = { collection: 'traffic', id: 'a', caps: {} };
  const all = [content, traffic, { ...content, id: 'b' }, { ...traffic, id: 'b' }];
  return random.chance(0.2) ? [content] : all.slice(0, 1 + random.below(4));
}

export function createHit(random: Random, name: string, documents: readonly SimulatedDocument[], isRefused: boolean): Hit {
  const some = documents.filter(() => random.chance(0.7));
  return {
    name,
    documents: some.length > 0 ? some : [random.pick(documents)],
    key: random.chance(0.4) ? `/${random.below(3)}` : `/${random.below(24)}`,
    weight: 1 + random.below(3),
    text: String(random.below(100)).padStart(2, '0'),
    register: random.below(4),
    rank: 1 + random.below(32),
    isRefused,
  };
}

export function keyOf({ collection, id }: DocumentId): string {
  return `${collection}/${id}`;
}

/** The deltas of these hits, by document. `suffix` is appended to the names of collections. */
export function fold(hits: readonly Hit[], suffix: string): Delta[] {
  const deltas = new Map<string, Delta>();
  for (const hit of hits) {
    for (const document of hit.documents) {
      let delta = deltas.get(keyOf(document));
      if (delta === undefined) {
        delta = { ...document, collection: document.collection + suffix, counters: new Counters() };
        deltas.set(keyOf(document), delta);
      }
      count(hit, delta.counters, document.caps[MAP] !== undefined);
    }
  }
  return [...deltas.values()];
}

function count({ name, key, weight, text, register, rank, isRefused }: Hit, counters: Counters, hasRows: boolean): void {
  counters.at(HITS).sum(name);
  counters.sum(TOTAL, weight);
  counters.max(NEWEST, text);
  counters.sketch(VISITORS).add(register, rank);
  if (isRefused) counters.sum(REFUSED);
  if (!hasRows) return;
  row(counters, MAP, key).sum(VIEWS, weight);
  if (weight > 1) row(counters, MAP, key).sum(SECOND);
}
