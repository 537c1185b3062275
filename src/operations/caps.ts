// How many rows the capped maps of a stored collection may have.
import type { Collection } from '../../collections/collection.js';
import { COLLECTIONS } from '../../collections/index.js';
import { type Caps, partsOfName } from '../store/documents.js';

/** Takes a stored name, `content.2026`. Returns no caps for a collection that this version does not know. */
export function capsOf(storedName: string, collections: readonly Collection[] = COLLECTIONS): Caps {
  const name = partsOfName(storedName)?.name;
  return collections.find((collection) => collection.name === name)?.caps ?? {};
}
