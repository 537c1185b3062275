// How many rows the capped maps of a stored collection may have.
import type { DocumentKind } from '../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { type Caps, partsOfName } from '../store/documents.js';

/** Takes a stored name, `content.2026`. Returns no caps for a collection that this version does not know. */
export function capsOf(storedName: string, kinds: readonly DocumentKind[] = DOCUMENT_KINDS): Caps {
  const name = partsOfName(storedName)?.name;
  return kinds.find((kind) => kind.name === name)?.caps ?? {};
}
