// What MongoDB knows of nodes: one document each, by which a process says that it runs as the node, and that it lives.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Documents, NodeState } from '../documents.js';
import type { Mongodb } from './connection.js';
import { isDuplicateKey } from './writes.js';

/** Longer than two signs of life are apart, and what may hold one up. */
const LISTEN_MS = 3_000;
const LOOK_EVERY_MS = 200;

type NodeDocument = { _id: string; call?: string } & { -readonly [Field in keyof NodeState]: NodeState[Field] };

export interface Nodes extends Pick<Documents, 'node' | 'nodes' | 'isRunning' | 'claim' | 'end'> {
  /** As in store/documents.ts, with what the store knows of the node then; undefined when another process runs as it. */
  beat(node: string, boot: string, countedUntilMs: number): Promise<NodeState | undefined>;
}

export function createMongodbNodes(mongodb: Mongodb): Nodes {
  const nodes = nodesOf(mongodb);

  const node = async (id: string): Promise<NodeState | undefined> => {
    const found = await nodes.findOne({ _id: id });
    return found === null ? undefined : stateOf(found);
  };

  return {
    node,

    async nodes(which) {
      const found = await nodes.find(which === 'open' ? OPEN : EVERY_NODE).toArray(); // asked every second
      return found.map((found) => {
        const called = which === 'open' && found.call !== undefined ? { call: found.call } : {};
        return { id: found._id, ...stateOf(found), ...called };
      });
    },

    async isRunning(id) {
      const before = await node(id);
      if (before?.boot === undefined || before.endedAtMs !== undefined) return false;
      for (let waited = 0; waited < LISTEN_MS; waited += LOOK_EVERY_MS) {
        await delay(LOOK_EVERY_MS);
        const now = await node(id);
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
      // null also stands for a field that is not there
      const asSeen = { _id: id, boot: seen.boot ?? null, beats: seen.beats ?? null } as object;
      const { matchedCount } = await nodes.updateOne(asSeen, { $set: { boot, beats: 0 }, $unset: { endedAtMs: '' } });
      return matchedCount === 1 ? 'claimed' : 'lost';
    },

    async beat(id, boot, countedUntilMs) {
      const update = { $inc: { beats: 1 }, $max: { countedUntilMs } };
      const found = await nodes.findOneAndUpdate({ _id: id, boot }, update, { returnDocument: 'after' });
      return found === null ? undefined : stateOf(found);
    },

    async end(id, nowMs, boot) {
      await nodes.updateOne(boot === undefined ? { _id: id } : { _id: id, boot }, { $set: { endedAtMs: nowMs } });
    },
  };
}

/**
 * Every node that runs looks within a second for what it is asked, and for what was deleted: it sees the call when it
 * reads of all nodes.
 */
export async function callNodes(mongodb: Mongodb): Promise<void> {
  await nodesOf(mongodb).updateMany(OPEN, { $set: { call: randomBytes(8).toString('hex') } });
}

/** By the index alone, past all imports, whose ids begin with another letter (journal/node.ts). */
const EVERY_NODE = { _id: { $gte: 'n', $lt: 'o' }, boot: { $exists: true } };
const OPEN = { ...EVERY_NODE, endedAtMs: { $exists: false } };

function nodesOf({ db, written, confirmed }: Mongodb) {
  return db.collection<NodeDocument>('nodes', { writeConcern: written, readConcern: confirmed });
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
