// Rows out of capped maps. What they counted stays in the totals and in the floors, so what the map says of its other rows stays true:
// a key that comes again begins at nothing, with the floor as its error, like any other that is not in the map.
import type { Collection } from '../../collections/collection.js';
import { COLLECTIONS } from '../../collections/index.js';
import { ROWS } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import { type Caps, partsOfName } from '../documents/port.js';
import { matches } from './pattern.js';
import type { Deleted } from './tombstone.js';

const ROWS_OF = new Map(COLLECTIONS.map(({ name, rowsOf = {} }) => [name, rowsOf]));

function rowsOfCollection(collection: string): NonNullable<Collection['rowsOf']> {
  return ROWS_OF.get(partsOfName(collection)?.name ?? '') ?? {};
}

/** Whether there may be rows of pages or of referrers in it. */
export function holdsRows(collection: string): boolean {
  return Object.keys(rowsOfCollection(collection)).length > 0;
}

/** Which rows of a document are deleted, by map. */
export function deletedRows(collection: string, document: Counters, caps: Caps, deleted: Deleted): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (!('pattern' in deleted)) return found;
  const { kind, pattern } = deleted;
  const rowsOf = rowsOfCollection(collection);
  for (const map of Object.keys(caps)) {
    const isDeleted = (key: string): boolean => {
      const subjects = rowsOf[map]?.(key)[kind] ?? [];
      // A referrer's host takes its pages with it.
      return subjects.some((subject) => matches(pattern, subject) || (kind === 'referrer' && matches(pattern, hostOf(subject))));
    };
    const keys = [...document.below(map).below(ROWS).fields.keys()].filter(isDeleted);
    if (keys.length > 0) found.set(map, keys);
  }
  return found;
}

function hostOf(referrer: string): string {
  const slash = referrer.indexOf('/');
  return slash < 0 ? referrer : referrer.slice(0, slash);
}

/** Another tree, which shares what it can with this one; undefined when no row of it is deleted. */
export function rowsRemoved(collection: string, document: Counters, caps: Caps, deleted: Deleted): Counters | undefined {
  const found = deletedRows(collection, document, caps, deleted);
  if (found.size === 0) return undefined;
  const changed = copyOf(document);
  for (const [map, keys] of found) {
    const [level, rows] = [copyOf(document.below(map)), copyOf(document.below(map).below(ROWS))];
    for (const key of keys) rows.fields.delete(key);
    put(level, ROWS, rows);
    put(changed, map, level);
  }
  return changed;
}

/** As if what is empty had never been. */
function put(above: Counters, key: string, level: Counters): void {
  if (level.fields.size === 0) above.fields.delete(key);
  else above.fields.set(key, level);
}

function copyOf(level: Counters): Counters {
  const copy = new Counters();
  for (const [key, value] of level.fields) copy.fields.set(key, value);
  return copy;
}
