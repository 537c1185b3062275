// Changes documents that other nodes write at the same time, while the network and servers may fail. Every update
// contains its guard, so it does not match a document that already contains the segment. An operation whose outcome
// is unknown rejects, and the caller repeats the whole operation. Updates that were applied the first time are not
// applied again.
import { createApply } from './apply.js';
import type { Protocol } from './changes.js';
import type { Operations } from './operations.js';
import { createRewrites } from './rewrite.js';

export function createProtocol(operations: Operations): Protocol {
  return { apply: createApply(operations), ...createRewrites(operations) };
}
