// What the simulated server does with a command, step by step. A single document is changed in one step; between two
// documents of a bulk, and between the query of an upsert and its insert, other commands may run.

import type { Delta, Segment } from '../../src/store/documents.js';
import { DUPLICATE_KEY } from '../../src/store/mongodb/codes.js';
import type { Guards } from '../../src/store/mongodb/guards.js';
import { type BulkOutcome, type Failure, Refused, type Stored } from '../../src/store/mongodb/operations.js';
import { REFUSED } from './hits.js';
import type { Reply, Steps } from './network.js';
import type { ReplicaSet } from './replica-set.js';
import { changed, changeOf } from './update-fields.js';

const WRITE_CONFLICT = 112;
/** Like a path through a number: no update with this is ever accepted. */
export const PATH_NOT_VIABLE = 28;

export interface BulkFaults {
  conflicts(): boolean;
  fails(): boolean;
}

export interface Update {
  /** The document's own. */
  readonly key: string;
  readonly delta: Delta;
  readonly segment: Segment;
  readonly isGuarded: boolean;
}

export function* bulk(
  set: ReplicaSet,
  updates: readonly Update[],
  upsert: boolean,
  faults: BulkFaults,
): Generator<void, Reply<BulkOutcome>> {
  const failures: Failure[] = [];
  let matched = 0;
  let safeAt = 0;
  for (const [index, update] of updates.entries()) {
    if (faults.fails()) throw new Error('an error of the command as a whole');
    const outcome = faults.conflicts() ? WRITE_CONFLICT : yield* updateOne(set, update, upsert);
    if (typeof outcome === 'number') failures.push({ index, code: outcome, message: `error ${outcome}` });
    else {
      if (outcome.isMatched) matched++;
      safeAt = Math.max(safeAt, outcome.safeAt);
    }
    yield;
  }
  return { answer: { matched, failures }, safeAt };
}

interface Updated {
  readonly isMatched: boolean;
  readonly safeAt: number;
}

/** Results within an error's code, too. */
function* updateOne(set: ReplicaSet, update: Update, upsert: boolean): Generator<void, Updated | number> {
  const { key, delta, segment, isGuarded } = update;
  const write = (isMatched: boolean): Updated | number =>
    delta.counters.fields.has(REFUSED)
      ? PATH_NOT_VIABLE
      : { isMatched, safeAt: set.write(key, updated(set.get<Stored>(key), delta, segment)) };

  const found = set.get<Stored>(key);
  if (found !== undefined && !(isGuarded && (found.guards[segment.node] ?? 0) >= segment.number)) return write(true);
  if (!upsert) return { isMatched: false, safeAt: 0 };
  yield;
  if (set.get(key) === undefined) return write(false);
  // A server repeats by itself only an upsert whose filter is the `_id` and nothing else.
  return isGuarded ? DUPLICATE_KEY : write(true);
}

function updated(stored: Stored | undefined, delta: Delta, { node, number }: Segment): Stored {
  return {
    guards: { ...stored?.guards, [node]: number },
    counters: changed(stored?.counters ?? {}, changeOf(delta)),
  };
}

/** Replaces the document if `isAsRead` accepts its present contents. */
export function replace(
  set: ReplicaSet,
  key: string,
  isAsRead: (now: Stored | undefined) => boolean,
  document: Stored,
): Steps<'replaced' | 'lost'> {
  return inOneStep(() => {
    if (!isAsRead(set.get<Stored>(key))) return { answer: 'lost', safeAt: 0 };
    if (REFUSED in document.counters) throw new Refused('refused for good');
    return { answer: 'replaced', safeAt: set.write(key, document) };
  });
}

/** Compares as servers compare documents: the same fields in the same order. */
export function areSame(a: Guards, b: Guards): boolean {
  const names = Object.keys(a);
  const others = Object.keys(b);
  return names.length === others.length && names.every((name, i) => name === others[i] && a[name] === b[name]);
}

/** Changes one document, or creates it; `change` returns `undefined` where its filter does not match. */
export function changeOne<Document>(
  set: ReplicaSet,
  key: string,
  change: (now: Document | undefined) => Document | undefined,
): Steps<boolean> {
  return inOneStep(() => {
    const after = change(set.get<Document>(key));
    return after === undefined ? { answer: false, safeAt: 0 } : { answer: true, safeAt: set.write(key, after) };
  });
}

export function read<Document>(find: () => Document): Steps<Document> {
  return inOneStep(() => ({ answer: find(), safeAt: 0 }));
}

/** With write concern 1. */
export function atOnce<Answer>(steps: Steps<Answer>): Steps<Answer> {
  return {
    next() {
      const step = steps.next();
      return step.done ? { done: true, value: { ...step.value, safeAt: 0 } } : step;
    },
  };
}

function inOneStep<Answer>(reply: () => Reply<Answer>): Steps<Answer> {
  return { next: () => ({ done: true, value: reply() }) };
}
