// Which maps of a collection's documents are capped, and at how many rows.
import { COLLECTIONS } from '../../../collections/index.js';
import { type Caps, partsOfName } from '../../store/documents.js';

/** None for a collection that this version does not know. */
export function capsOf(collection: string): Caps {
  const name = partsOfName(collection)?.name;
  return COLLECTIONS.find((candidate) => candidate.name === name)?.caps ?? {};
}

export function cappedMapsOf(collection: string): string[] {
  return Object.keys(capsOf(collection));
}
