// Rows out of capped maps. What they counted stays in the totals and in the floors, so what the map says of its other
// rows stays true: a key that comes again begins at nothing, with the floor as its error, like any other that is not
// in the map.
import type { DocumentKind } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import type { RowSubjects } from '../../../collections/report.js';
import { DETAIL, ROWS } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { matches } from '../../counting/deleted/pattern.js';
import { type Caps, partsOfName } from '../../store/documents.js';
import type { Deleted } from '../../store/tombstones.js';

const COLLECTION_OF = new Map(DOCUMENT_KINDS.map((collection) => [collection.name, collection]));

function collectionOf(name: string): Partial<Pick<DocumentKind, 'rowsOf' | 'detailsOf'>> {
  return COLLECTION_OF.get(partsOfName(name)?.name ?? '') ?? {};
}

/** Whether there may be rows of pages or of referrers in it. */
export function holdsRows(collection: string): boolean {
  return Object.keys(collectionOf(collection).rowsOf ?? {}).length > 0;
}

/** Which rows of a document are deleted, by map. */
export function deletedRows(collection: string, document: Counters, caps: Caps, deleted: Deleted): Map<string, string[]> {
  const { rowsOf = {} } = collectionOf(collection);
  const found = new Map<string, string[]>();
  for (const map of Object.keys(caps)) {
    const subjectsOf = rowsOf[map];
    if (subjectsOf === undefined) continue;
    const keys = [...document.below(map).below(ROWS).fields.keys()].filter((key) => isDeleted(subjectsOf(key), deleted));
    if (keys.length > 0) found.set(map, keys);
  }
  return found;
}

function isDeleted(subjects: RowSubjects, deleted: Deleted): boolean {
  if (!('pattern' in deleted)) return false;
  const { kind, pattern } = deleted;
  // A referrer's host takes its pages with it.
  return (subjects[kind] ?? []).some(
    (subject) => matches(pattern, subject) || (kind === 'referrer' && matches(pattern, hostOf(subject))),
  );
}

function hostOf(referrer: string): string {
  const slash = referrer.indexOf('/');
  return slash < 0 ? referrer : referrer.slice(0, slash);
}

/** Another tree, which shares what it can with this one; undefined when nothing of it is deleted. */
export function removeRows(collection: string, document: Counters, caps: Caps, deleted: Deleted): Counters | undefined {
  const found = deletedRows(collection, document, caps, deleted);
  const { detailsOf = {} } = collectionOf(collection);
  const changed = copyOf(document);
  let isChanged = false;
  for (const map of Object.keys(caps)) {
    const rows = copyOf(document.below(map).below(ROWS));
    const keys = found.get(map) ?? [];
    for (const key of keys) rows.fields.delete(key);
    const details = detailsOf[map];
    const some = details === undefined ? 0 : removeDetails(rows, (detail) => isDeleted(details(detail), deleted));
    if (keys.length + some === 0) continue;
    isChanged = true;
    const level = copyOf(document.below(map));
    put(level, ROWS, rows);
    put(changed, map, level);
  }
  return isChanged ? changed : undefined;
}

/** Puts others in the place of rows with such details; gives how many. */
function removeDetails(rows: Counters, isGone: (detail: string) => boolean): number {
  let count = 0;
  for (const [key, row] of [...(rows.fields as Map<string, Counters>)]) {
    const gone = [...row.fields.keys()].filter((name) => name.startsWith(DETAIL) && isGone(name));
    if (gone.length === 0) continue;
    const rest = copyOf(row);
    for (const name of gone) rest.fields.delete(name);
    rows.fields.set(key, rest);
    count++;
  }
  return count;
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
