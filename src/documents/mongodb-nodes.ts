// What MongoDB knows of nodes: one document each, by which a process says that it runs as the node, and that it lives.
import { setTimeout as delay } from 'node:timers/promises';
import type { Mongodb } from '../connections/mongodb.js';
import { isDuplicateKey } from '../connections/mongodb-writes.js';
import type { Documents, NodeState } from './port.js';

/** Longer than two signs of life are apart, and what may hold one up. */
const LISTEN_MS = 3_000;
const LOOK_EVERY_MS = 200;

type NodeDocument = { _id: string } & { -readonly [Field in keyof NodeState]: NodeState[Field] };

export type Nodes = Pick<Documents, 'node' | 'nodes' | 'isRunning' | 'claim' | 'beat' | 'end'>;

export function createMongodbNodes({ db, written, confirmed }: Mongodb): Nodes {
  const nodes = db.collection<NodeDocument>('nodes', { writeConcern: written, readConcern: confirmed });

  const node = async (id: string): Promise<NodeState | undefined> => {
    const found = await nodes.findOne({ _id: id });
    return found === null ? undefined : stateOf(found);
  };

  return {
    node,

    async nodes(which) {
      // Asked every second: by the index alone, past all imports, whose ids begin with another letter (journal/node.ts).
      const isOpen = which === 'open' ? { endedAtMs: { $exists: false } } : {};
      const found = await nodes.find({ _id: { $gte: 'n', $lt: 'o' }, boot: { $exists: true }, ...isOpen }).toArray();
      return found.map((found) => ({ id: found._id, ...stateOf(found) }));
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
      const { matchedCount } = await nodes.updateOne({ _id: id, boot }, { $inc: { beats: 1 }, $max: { countedUntilMs } });
      return matchedCount === 1 ? 'alive' : 'lost';
    },

    async end(id, nowMs, boot) {
      await nodes.updateOne(boot === undefined ? { _id: id } : { _id: id, boot }, { $set: { endedAtMs: nowMs } });
    },
  };
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
