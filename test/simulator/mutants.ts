// Disables each rule that makes counting exact. The simulation must find a violation. If it did not, the simulation would be
// too weak or the rule unnecessary.
import { CREDIT, FLOOR, ROWS } from '../../src/counters/cap.js';
import type { Fields } from '../../src/counters/codec/fields.js';
import { DUPLICATE_KEY } from '../../src/store/mongodb/codes.js';
import type { Guards } from '../../src/store/mongodb/guards.js';
import type { Stored } from '../../src/store/mongodb/operations.js';
import { MAP } from './hits.js';
import type { Faults } from './network.js';
import type { Wrap } from './node-process.js';
import type { Event, Plan } from './plan.js';
import type { Rules } from './rules.js';

export interface Mutant {
  readonly name: string;
  readonly rules?: Partial<Rules>;
  readonly wrap?: Wrap;
  /** What happens in every simulation where that is necessary to notice. */
  readonly events?: Readonly<Partial<Record<Event, number>>>;
  readonly faults?: Partial<Faults>;
  readonly plan?: Partial<Plan>;
}

const COPIES = { events: { backup: 3, restore: 3, clone: 2, stop: 2 } };
const FAILOVERS = { events: { election: 5 }, faults: { lag: 0.9 }, plan: { shards: 3 } };
const RETIRING = { events: { stop: 5, start: 10, 'remove guards': 12 } };
const LONG_LIFE = { nodes: 1, events: 150, ranges: 0 };
const OLD_DISKS = { events: { backup: 3, restore: 2, fork: 2 }, plan: { keepsAllBackups: true } };

export const MUTANTS: readonly Mutant[] = [
  // What is requested of a server.
  { name: 'an update has no guard in its filter', rules: { guardInFilter: false } },
  { name: 'a write is acknowledged before a majority has it', rules: { majorityWrites: false } },
  { name: 'documents are read as the primary has them', rules: { majorityReads: false }, ...FAILOVERS },
  { name: 'guards are read as the primary has them', rules: { majorityGuards: false }, ...FAILOVERS },
  { name: 'a document is replaced regardless of its contents', rules: { replaceCompares: 'nothing' } },
  { name: "a document is replaced if only its own node's guard is as it was read", rules: { replaceCompares: 'own guard' } },

  // How answers are interpreted.
  {
    name: 'a duplicate key is assumed to mean that the segment is in the document',
    wrap: (store) => ({
      ...store,
      async update(...asked) {
        const { matched, failures } = await store.update(...asked);
        return { matched, failures: failures.filter(({ code }) => code !== DUPLICATE_KEY) };
      },
    }),
  },
  {
    name: 'an update that matches nothing is assumed to mean that the segment is in the document',
    wrap: (store) => ({
      ...store,
      async update(collection, segment, deltas, upsert) {
        const { matched, failures } = await store.update(collection, segment, deltas, upsert);
        return { matched: upsert ? matched : deltas.length - failures.length, failures };
      },
    }),
  },
  {
    name: 'the failure of one update in a bulk is ignored',
    wrap: (store) => ({
      ...store,
      async update(...asked) {
        const { matched, failures } = await store.update(...asked);
        return { matched, failures: failures.filter(({ code }) => code === DUPLICATE_KEY) };
      },
    }),
  },
  { name: 'an unknown outcome is assumed to be a success', rules: { afterFailure: 'dropped' } },
  { name: 'a delta with an unknown outcome is added again without a guard', rules: { afterFailure: 'again without guard' } },

  // How documents are rewritten.
  { name: 'a delta is merged into a document that contains its segment', wrap: (store) => hidingOwnGuards(store) },
  {
    name: 'a rewrite does not raise rev',
    wrap: (store) => ({
      ...store,
      replace: (id, guards, document) => store.replace(id, guards, { ...document, guards: withRevOf(guards, document.guards) }),
    }),
  },
  {
    name: 'a compaction forgets the floors',
    wrap: (store) => ({ ...store, replace: (id, guards, document) => store.replace(id, guards, withoutBounds(document, FLOOR)) }),
  },
  {
    name: 'a compaction forgets the errors of the remaining rows',
    wrap: (store) => ({
      ...store,
      replace: (id, guards, document) => store.replace(id, guards, withoutBounds(document, CREDIT)),
    }),
  },

  // How a node counts.
  { name: 'a segment is marked as finished before its documents are written', rules: { finishesLast: false } },
  { name: 'segments are applied out of order', rules: { inOrder: false } },

  // The identity of a node.
  { name: 'a folder restored from a backup keeps its id', rules: { noticesOlderFolder: false, goesOn: 'always' }, ...COPIES },
  { name: 'a folder that lacks the last segment keeps its id', rules: { noticesOlderFolder: false }, ...COPIES },
  { name: 'a node continues its numbers after a crash', rules: { goesOn: 'always' }, ...COPIES },
  { name: 'a cloned folder keeps its id', rules: { noticesOtherProcess: false, goesOn: 'always' }, ...COPIES },
  { name: 'a cloned folder counts the segments that the original continues', rules: { noticesOtherProcess: false }, ...COPIES },
  {
    name: 'the process named in a copied folder is assumed to have ended, on another machine',
    rules: { takesForEnded: 'the same, wherever it ran' },
    ...COPIES,
  },
  {
    name: 'any process is assumed to have ended because the last one on the folder has',
    rules: { takesForEnded: 'any of this machine' },
    ...COPIES,
  },
  { name: 'two processes that start at once both claim the id', rules: { claimCompares: false }, ...COPIES },
  {
    name: 'whether a process runs is derived from an older state than the claim compares',
    rules: { listensToWhatItSaw: false },
    ...COPIES,
  },
  { name: 'a copy of an open segment is counted although the store has passed it', rules: { setsCopiesAside: false }, ...COPIES },
  {
    name: 'a process marks the end of a node that another has taken over',
    rules: { endCompares: false },
    events: { ...COPIES.events, stop: 6, start: 10 },
    plan: LONG_LIFE,
  },

  // What a worker removes.
  {
    name: 'the guards of a node are removed before its journal is counted',
    rules: { removesCountedOnly: false, removesUpToEnd: false },
    ...RETIRING,
  },
  {
    name: 'the guards of a node that has started again are removed with the rest',
    rules: { removesUpToEnd: false },
    ...RETIRING,
    faults: { cutDuring: 0.15, heldUp: 0.1 },
    plan: LONG_LIFE,
  },
];

/** More than is claimed at present, see rules.ts: without it, the simulation must fail; with `begins` it must hold. */
export const OLD_DISK: Mutant = { name: 'an old disk or an older backup returns and is counted', ...OLD_DISKS };
export const OLD_DISK_NOTICED: Mutant = {
  name: 'an old disk returns, and the contents of each number are fixed in the store',
  rules: { begins: true },
  ...OLD_DISKS,
};

/** Reads guards without those that identify a segment; the replacement compares all of them. */
function hidingOwnGuards(store: Parameters<Wrap>[0]): ReturnType<Wrap> {
  const whole = new WeakMap<Guards, Guards>();
  return {
    ...store,
    async read(collection, ids) {
      const found = await store.read(collection, ids);
      return new Map(
        [...found].map(([id, { guards, counters }]) => {
          const shown = guards.rev === undefined ? {} : { rev: guards.rev };
          whole.set(shown, guards);
          return [id, { guards: shown, counters }] as const;
        }),
      );
    },
    replace: (id, guards, { guards: after, counters }) => {
      const before = guards && whole.get(guards);
      return store.replace(id, before, { guards: { ...before, ...after }, counters });
    },
  };
}

function withRevOf(before: Guards | undefined, { rev: _, ...after }: Guards): Guards {
  return before?.rev === undefined ? after : { ...after, rev: before.rev };
}

function withoutBounds(document: Stored, what: typeof FLOOR | typeof CREDIT): Stored {
  const map = document.counters[MAP] as Fields | undefined;
  if (map === undefined) return document;
  const { [FLOOR]: _, ...rest } = map;
  const rows = Object.entries((map[ROWS] ?? {}) as Record<string, Fields>).map(([key, { [CREDIT]: _, ...row }]) => [key, row]);
  const changed = what === FLOOR ? rest : { ...map, [ROWS]: Object.fromEntries(rows) };
  return { ...document, counters: { ...document.counters, [MAP]: changed } };
}
