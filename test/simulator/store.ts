// The store as one process reaches it: what mongodb.ts and nodes.ts request of a server is requested of the simulated
// one.

import type { Segment } from '../../src/store/documents.js';
import type { Operations, Stored } from '../../src/store/mongodb/operations.js';
import type { NodeState } from '../../src/store/nodes.js';
import { areSame, atOnce, bulk, changeOne, read, replace, type Update } from './commands.js';
import { HITS } from './hits.js';
import type { Client, Network, Steps } from './network.js';
import type { Random } from './random.js';
import type { ReplicaSet } from './replica-set.js';
import type { Rules } from './rules.js';

/** What the store contains about a node. */
export type NodeDocument = Omit<NodeState, 'endedAtMs'> & {
  /** Everything that the node accepted is counted, or this is unknown but no more hits will arrive. */
  ended?: 'in order' | 'given up';
  /** The last segment of which anything may be in any document. */
  begun?: number;
  begunChecksum?: number;
};

/** A delta that was rejected. */
export interface RejectedDelta {
  readonly document: string;
  readonly hits: readonly string[];
}

export interface Store extends Operations {
  node(id: string): Promise<NodeDocument | undefined>;
  /**
   * Fixes the contents of the segment's number. `another`: other contents are already fixed. Rejects when the
   * outcome is unknown.
   */
  begin(segment: Segment): Promise<'begun' | 'another'>;
  claim(id: string, boot: string, seen: NodeDocument | undefined): Promise<'claimed' | 'lost'>;
  beat(id: string, boot: string): Promise<'alive' | 'lost'>;
  /** Only where this process, or that one, was the last to run as it. */
  end(id: string, boot: string | undefined, how: 'in order' | 'given up'): Promise<void>;
}

/** What a simulation consists of, beside its processes. */
export interface World {
  readonly random: Random;
  /** Where a document is: in the only replica set, or in one of several shards. */
  readonly setOf: (key: string) => ReplicaSet;
  readonly network: Network;
  readonly rules: Rules;
  readonly trace: (line: () => string) => void;
}

/** How many writes ago a stale answer may be from. */
const AGE_MAX = 8;
const NOBODY: NodeDocument = { number: 0, checksum: 0, countedUntilMs: 0 };

export function createStore({ random, setOf, network, rules }: World, client: Client): Store {
  const { faults } = network;
  const bulkFaults = { conflicts: () => random.chance(faults.conflict), fails: () => random.chance(faults.topLevel) };

  const write = <Answer>(set: ReplicaSet, what: string, begin: () => Steps<Answer>): Promise<Answer> =>
    network.send(client, set, what, rules.majorityWrites ? begin : () => atOnce(begin()));

  /** The documents of one collection. */
  const find = <Document>(what: string, keys: readonly string[], isMajority: boolean): Promise<Array<Document | undefined>> => {
    const set = setOf(keys[0] as string);
    return network.send(client, set, what, () => {
      const age = random.chance(faults.stale) ? random.below(AGE_MAX) : 0;
      return read(() => keys.map((key) => (isMajority ? set.confirmed<Document>(key, age) : set.get<Document>(key))));
    });
  };

  const findByIds = async (what: string, collection: string, ids: readonly string[], isMajority: boolean) => {
    const keys = ids.map((id) => `${collection}/${id}`);
    const found = await find<Stored>(`${what} ${keys}`, keys, isMajority);
    return new Map(ids.flatMap((id, i) => (found[i] === undefined ? [] : [[id, found[i]] as const])));
  };

  const changeNode = (what: string, id: string, change: (now: NodeDocument | undefined) => NodeDocument | undefined) => {
    const key = `nodes/${id}`;
    return write(setOf(key), `${what} ${id}`, () => changeOne(setOf(key), key, change));
  };

  return {
    async update(collection, segment, deltas, upsert) {
      const ask = (isGuarded: boolean) => {
        const updates = deltas.map((delta): Update => ({ key: `${collection}/${delta.id}`, delta, segment, isGuarded }));
        const what = `${upsert ? 'upsert' : 'update'} ${nameOf(segment)} into ${updates.map(({ key }) => key)}`;
        const set = setOf(`${collection}/`);
        return write(set, what, () => bulk(set, updates, upsert, bulkFaults));
      };
      try {
        return await ask(rules.guardInFilter);
      } catch (error) {
        if (rules.afterFailure === 'again') throw error;
        return rules.afterFailure === 'dropped' ? { matched: deltas.length, failures: [] } : ask(false);
      }
    },
    read: (collection, ids) => findByIds('read', collection, ids, rules.majorityReads),
    async readGuards(collection, ids) {
      const found = await findByIds('read the guards of', collection, ids, rules.majorityGuards);
      return new Map([...found].map(([id, { guards }]) => [id, guards]));
    },
    /** Removes only documents into which nothing is counted any more; a simulation does not last that long. */
    async remove() {
      throw new Error('is not simulated');
    },

    async replace({ collection, id }, guards, document) {
      const key = `${collection}/${id}`;
      const isAsRead = (now: Stored | undefined): boolean => {
        if (rules.replaceCompares === 'nothing') return true;
        if (now === undefined || guards === undefined) return now === guards;
        if (rules.replaceCompares === 'all guards') return areSame(now.guards, guards);
        const own = Object.keys(document.guards).filter((name) => name !== 'rev' && document.guards[name] !== guards[name]);
        return own.length === 0 ? areSame(now.guards, guards) : own.every((name) => now.guards[name] === guards[name]);
      };
      return write(setOf(key), `replace ${key}`, () => replace(setOf(key), key, isAsRead, document));
    },
    async reject({ collection, id, counters }, segment) {
      const rejected: RejectedDelta = { document: `${collection}/${id}`, hits: [...counters.below(HITS).fields.keys()] };
      const key = `setaside/${rejected.document}/${nameOf(segment)}`;
      await write(setOf(key), `set aside ${key}`, () => changeOne<RejectedDelta>(setOf(key), key, () => rejected));
    },
    async finish({ node, number, checksum }) {
      await changeNode(`finish ${number} of`, node, (now = NOBODY) =>
        now.number >= number ? undefined : { ...now, number, checksum },
      );
    },

    async begin({ node, number, checksum }) {
      const isNew = await changeNode(`begin ${number} of`, node, (now = NOBODY) =>
        (now.begun ?? 0) >= number ? undefined : { ...now, begun: number, begunChecksum: checksum },
      );
      if (isNew) return 'begun';
      const [now] = await find<NodeDocument>(`look what was begun of ${node}`, [`nodes/${node}`], true);
      if (now?.begun === number) return now.begunChecksum === checksum ? 'begun' : 'another';
      throw new Error(`the contents of segment ${number} could not be fixed`);
    },
    node: async (id) => (await find<NodeDocument>(`look at node ${id}`, [`nodes/${id}`], true))[0],
    async claim(id, boot, seen) {
      const isDone = await changeNode('claim', id, (now) => {
        const isAsSeen = now?.boot === seen?.boot && now?.beats === seen?.beats && (now === undefined) === (seen === undefined);
        if (rules.claimCompares && !isAsSeen) return undefined;
        const { ended: _, ...rest } = now ?? NOBODY;
        return { ...rest, boot, beats: 0 };
      });
      return isDone ? 'claimed' : 'lost';
    },
    async beat(id, boot) {
      const isDone = await changeNode('a sign of life of', id, (now) =>
        now?.boot === boot ? { ...now, beats: (now.beats ?? 0) + 1 } : undefined,
      );
      return isDone ? 'alive' : 'lost';
    },
    async end(id, boot, how) {
      await changeNode('end', id, (now) =>
        now && (!rules.endCompares || now.boot === boot) ? { ...now, ended: how } : undefined,
      );
    },
  };
}

export function nameOf({ node, number }: Pick<Segment, 'node' | 'number'>): string {
  return `${node}#${number}`;
}
