// The node registry on MongoDB: one document for each node, which its process updates with every heartbeat.
import { setTimeout as delay } from 'node:timers/promises';
import { StoreRestored } from '../documents.js';
import type { NodeRegistry, NodeState } from '../nodes.js';
import type { Mongodb } from './connection.js';
import { EVERY_NODE, type NodeDocument, nodeStatesIn, OPEN_NODES } from './node-states.js';
import { isDuplicateKey } from './writes.js';

/** Longer than the time between two heartbeats, with some allowance for delays. */
const LISTEN_MS = 3_000;
const POLL_EVERY_MS = 200;

/**
 * `confirmedNumber` returns the last segment of a node that the store has confirmed to this process: a heartbeat
 * rejects with a StoreRestored if the store does not know it any more.
 */
export function openMongodbNodes(mongodb: Mongodb, confirmedNumber: (node: string) => number = () => 0): NodeRegistry {
  const nodes = nodeStatesIn(mongodb);

  const get = async (id: string): Promise<NodeState | undefined> => {
    const found = await nodes.findOne({ _id: id });
    return found === null ? undefined : stateOf(found);
  };

  return {
    get,

    async list(which) {
      const found = await nodes.find(which === 'open' ? OPEN_NODES : EVERY_NODE).toArray(); // called every second
      return found.map((found) => {
        const wakeUp = which === 'open' && found.call !== undefined ? { wakeUp: found.call } : {};
        return { id: found._id, ...stateOf(found), ...wakeUp };
      });
    },

    async isRunning(id) {
      const before = await get(id);
      if (before?.boot === undefined || before.endedAtMs !== undefined) return false;
      for (let waited = 0; waited < LISTEN_MS; waited += POLL_EVERY_MS) {
        await delay(POLL_EVERY_MS);
        const now = await get(id);
        if (now?.boot !== before.boot || now.beats !== before.beats) return true;
      }
      return false;
    },

    async claim(id, boot, seen) {
      if (seen === undefined) {
        try {
          await nodes.insertOne({ _id: id, number: 0, checksum: 0, countedUntilMs: 0, boot, beats: 0 });
          return 'claimed';
        } catch (error) {
          if (isDuplicateKey(error)) return 'lost';
          throw error;
        }
      }
      // null also matches a field that does not exist
      const asSeen = { _id: id, boot: seen.boot ?? null, beats: seen.beats ?? null } as object;
      const { matchedCount } = await nodes.updateOne(asSeen, { $set: { boot, beats: 0 }, $unset: { endedAtMs: '' } });
      return matchedCount === 1 ? 'claimed' : 'lost';
    },

    async heartbeat(id, boot, countedUntilMs) {
      const confirmed = confirmedNumber(id);
      const update = { $inc: { beats: 1 }, $max: { countedUntilMs } };
      const own = await nodes.findOneAndUpdate({ _id: id, boot }, update, { returnDocument: 'after' });
      const known = own === null ? await get(id) : stateOf(own);
      if (known === undefined || known.number < confirmed) throw storeRestored(id, known?.number ?? 0, confirmed);
      return own === null ? 'lost' : 'alive';
    },

    async end(id, nowMs, boot) {
      await nodes.updateOne(boot === undefined ? { _id: id } : { _id: id, boot }, { $set: { endedAtMs: nowMs } });
    },
  };
}

export function storeRestored(node: string, known: number, confirmed: number): StoreRestored {
  return new StoreRestored(
    `the store has counted node ${node} up to segment ${known}, but had confirmed segment ${confirmed}: ` +
      'an older backup was restored; restart this process to count the missing segments',
  );
}

function stateOf({ number, checksum, countedUntilMs, boot, beats, endedAtMs }: NodeDocument): NodeState {
  return {
    number: number ?? 0,
    checksum: checksum ?? 0,
    countedUntilMs: countedUntilMs ?? 0,
    ...(boot === undefined ? {} : { boot }),
    ...(beats === undefined ? {} : { beats }),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  };
}
