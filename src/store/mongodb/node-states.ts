// The collection `nodes`: one document for each node and each import.
import { randomBytes } from 'node:crypto';
import type { NodeState } from '../nodes.js';
import type { Mongodb } from './connection.js';

/** `call` changes with each wake-up. */
export type NodeDocument = { _id: string; call?: string } & { -readonly [Field in keyof NodeState]: NodeState[Field] };

/** Uses only the index, and skips the imports, whose ids begin with another letter (journal/node.ts). */
export const EVERY_NODE = { _id: { $gte: 'n', $lt: 'o' }, boot: { $exists: true } };
export const OPEN_NODES = { ...EVERY_NODE, endedAtMs: { $exists: false } };

export function nodeStatesIn({ db, written, confirmed }: Mongodb) {
  return db.collection<NodeDocument>('nodes', { writeConcern: written, readConcern: confirmed });
}

/**
 * Makes every running node check for queries and deletions within a second. It sees the change when it lists the
 * nodes.
 */
export async function wakeUpNodes(mongodb: Mongodb): Promise<void> {
  await nodeStatesIn(mongodb).updateMany(OPEN_NODES, { $set: { call: randomBytes(8).toString('hex') } });
}
