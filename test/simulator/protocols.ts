// The protocol under test, one instance per process. Creating one takes 4 ms, nearly all of it for the memory of its
// size book, so instances are reused. What one learned in an earlier simulation is about other collection names, and
// does not occur again.

import type { Protocol } from '../../src/store/mongodb/changes.js';
import type { Operations } from '../../src/store/mongodb/operations.js';
import { createProtocol } from '../../src/store/mongodb/protocol.js';

export interface ProtocolOfLife {
  readonly protocol: Protocol;
  /** The suffix of each collection's name, as this instance sees it. */
  readonly suffix: string;
}

interface Slot {
  operations: Operations;
  readonly protocol: Protocol;
}

const slots: Slot[] = [];
let inUse = 0;
let lives = 0;

/** Used by the processes of one simulation; those of the one before have ended. */
export function forgetProtocols(): void {
  inUse = 0;
}

export function protocolFor(operations: Operations): ProtocolOfLife {
  let slot = slots[inUse++];
  if (slot === undefined) {
    slot = createSlot(operations);
    slots.push(slot);
  }
  slot.operations = operations;
  return { protocol: slot.protocol, suffix: `@${lives++}` };
}

function createSlot(operations: Operations): Slot {
  const slot = { operations } as { operations: Operations; protocol: Protocol };
  slot.protocol = createProtocol({
    update: (collection, segment, deltas, upsert) => slot.operations.update(nameOf(collection), segment, deltas, upsert),
    read: (collection, ids) => slot.operations.read(nameOf(collection), ids),
    readGuards: (collection, ids) => slot.operations.readGuards(nameOf(collection), ids),
    replace: ({ collection, id }, guards, document) =>
      slot.operations.replace({ collection: nameOf(collection), id }, guards, document),
    remove: ({ collection, id }, guards) => slot.operations.remove({ collection: nameOf(collection), id }, guards),
    reject: (delta, segment, reason) =>
      slot.operations.reject({ ...delta, collection: nameOf(delta.collection) }, segment, reason),
    finish: (segment, countedUntilMs) => slot.operations.finish(segment, countedUntilMs),
  });
  return slot;
}

function nameOf(collection: string): string {
  return collection.slice(0, collection.indexOf('@'));
}
