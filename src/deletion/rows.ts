// Rows out of capped maps. What they counted stays in the totals and in the floors, so what the map says of its other rows stays true:
// a key that comes again begins at nothing, with the floor as its error, like any other that is not in the map.
import { ROWS } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import { type Caps, partsOfName } from '../documents/port.js';
import { type Deleted, isRowDeleted } from './tombstone.js';

/** Which rows of a document are deleted, by map. */
export function deletedRows(collection: string, document: Counters, caps: Caps, deleted: Deleted): Map<string, string[]> {
  const name = partsOfName(collection)?.name ?? '';
  const found = new Map<string, string[]>();
  for (const map of Object.keys(caps)) {
    const keys = [...document.below(map).below(ROWS).fields.keys()].filter((key) => isRowDeleted(deleted, name, key));
    if (keys.length > 0) found.set(map, keys);
  }
  return found;
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
