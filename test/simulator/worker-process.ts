// The work of a worker on documents, in parallel with counting. Each job reads one document and replaces it.
import { ROWS } from '../../src/counters/cap.js';
import { fromFields, toFields } from '../../src/counters/codec/fields.js';
import type { Counters } from '../../src/counters/counters.js';
import type { Guards } from '../../src/store/mongodb/guards.js';
import type { Stored } from '../../src/store/mongodb/operations.js';
import { HITS, keyOf, MAP, REMOVALS, type SimulatedDocument } from './hits.js';
import type { Client } from './network.js';
import type { Wrap } from './node-process.js';
import { protocolFor } from './protocols.js';
import { createStore, type World } from './store.js';

/** A row that was removed, and what it had counted: that must not return. */
export interface Removal {
  readonly name: string;
  readonly document: string;
  readonly key: string;
  /** The hits that the document contained at that time. */
  readonly hits: ReadonlySet<string>;
  isAcknowledged: boolean;
}

export interface Worker extends Client {
  tidy(document: SimulatedDocument): void;
  /** As a deletion does: one row is removed, the rest stays. */
  removeRow(document: SimulatedDocument, key: string): void;
  /** The node has ended, and nothing of it is under way. */
  removeGuards(documents: readonly SimulatedDocument[], node: string): void;
}

/** Every job is a separate process, which ends with the job. */
export function startWorker(world: World, name: string, removals: Removal[], wrap: Wrap): Worker {
  const life = { name, isAlive: true };
  const store = wrap(createStore(world, life));
  const { network, rules, trace } = world;

  const run = (what: string, job: () => Promise<unknown>): void => {
    trace(() => `${name}: ${what}`);
    void job()
      .catch((error: Error) => trace(() => `${name}: ${what}: ${error.message}`))
      .then(() => network.crash(life));
  };

  const rewrite = async (id: SimulatedDocument, guards: (before: Guards) => Guards, change: (counters: Counters) => void) => {
    const stored = (await store.read(id.collection, [id.id])).get(id.id);
    if (stored === undefined) return;
    const counters = fromFields(stored.counters);
    change(counters);
    const after: Stored = { guards: raised(guards(stored.guards)), counters: toFields(counters, false) };
    return store.replace(id, stored.guards, after);
  };

  return Object.assign(life, {
    tidy(document: SimulatedDocument) {
      const { protocol, suffix } = protocolFor(store);
      const { collection, id, caps } = document;
      run(`tidy ${keyOf(document)}`, () => protocol.compact({ collection: collection + suffix, id }, caps));
    },
    removeRow(document: SimulatedDocument, key: string) {
      const removal = {
        name: `d${removals.length}`,
        document: keyOf(document),
        key,
        hits: new Set<string>(),
        isAcknowledged: false,
      };
      removals.push(removal);
      run(`remove ${key} from ${keyOf(document)}`, async () => {
        const outcome = await rewrite(
          document,
          (guards) => guards,
          (counters) => {
            for (const hit of counters.below(HITS).fields.keys()) removal.hits.add(hit);
            counters.at(MAP).at(ROWS).fields.delete(key);
            counters.at(REMOVALS).sum(removal.name);
          },
        );
        removal.isAcknowledged = outcome === 'replaced';
      });
    },
    removeGuards(documents: readonly SimulatedDocument[], node: string) {
      run(`remove the guards of ${node}`, async () => {
        const ended = await store.node(node);
        if (rules.removesCountedOnly && ended?.ended === undefined) return;
        for (const document of documents) {
          const without = ({ [node]: own = 0, ...rest }: Guards): Guards =>
            rules.removesUpToEnd && own > (ended?.number ?? 0) ? { ...rest, [node]: own } : rest;
          await rewrite(document, without, () => {});
        }
      });
    },
  });
}

function raised(guards: Guards): Guards {
  return { ...guards, rev: (guards.rev ?? 0) + 1 };
}
