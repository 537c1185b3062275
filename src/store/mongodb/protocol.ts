// How documents are changed that other nodes write at the same time, over a network and servers that fail. Every update
// carries its guard, so it does not find a document that already contains the segment. An operation whose outcome is
// uncertain rejects, and the caller repeats all of it: what was applied the first time is not applied twice.
import { createApply } from './apply.js';
import type { Protocol } from './changes.js';
import type { Operations } from './operations.js';
import { createRewrites } from './rewrite.js';

export function createProtocol(operations: Operations): Protocol {
  return { apply: createApply(operations), ...createRewrites(operations) };
}
