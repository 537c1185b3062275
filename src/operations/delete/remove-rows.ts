// Removes rows from capped maps. Their counts remain in the totals and in the floors, so the bounds of the other rows
// still hold. A deleted key that returns begins at 0 with the floor as its error, like any other absent key.
import type { DocumentKind } from '../../../collections/document-kind.js';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import type { RowSubjects } from '../../../collections/keys.js';
import { DETAIL, ROWS } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { matches } from '../../counting/deleted/pattern.js';
import { type Caps, partsOfName } from '../../store/documents.js';
import type { Deleted } from '../../store/tombstones.js';

const COLLECTION_BY_NAME = new Map(DOCUMENT_KINDS.map((kind) => [kind.name, kind]));

function collectionOf(name: string): Partial<Pick<DocumentKind, 'rowSubjects' | 'detailSubjects'>> {
  return COLLECTION_BY_NAME.get(partsOfName(name)?.name ?? '') ?? {};
}

/** Whether the collection may contain rows of pages or of referrers. */
export function holdsRows(collection: string): boolean {
  return Object.keys(collectionOf(collection).rowSubjects ?? {}).length > 0;
}

/** The keys of the deleted rows of a document, by map. */
export function deletedRows(collection: string, document: Counters, caps: Caps, deleted: Deleted): Map<string, string[]> {
  const { rowSubjects = {} } = collectionOf(collection);
  const found = new Map<string, string[]>();
  for (const map of Object.keys(caps)) {
    const subjectsOf = rowSubjects[map];
    if (subjectsOf === undefined) continue;
    const keys = [...document.below(map).below(ROWS).fields.keys()].filter((key) => isDeleted(subjectsOf(key), deleted));
    if (keys.length > 0) found.set(map, keys);
  }
  return found;
}

function isDeleted(subjects: RowSubjects, deleted: Deleted): boolean {
  if (!('pattern' in deleted)) return false;
  const { kind, pattern } = deleted;
  // A pattern that matches a referring host also deletes the pages of that host.
  return (subjects[kind] ?? []).some(
    (subject) => matches(pattern, subject) || (kind === 'referrer' && matches(pattern, hostOf(subject))),
  );
}

function hostOf(referrer: string): string {
  const slash = referrer.indexOf('/');
  return slash < 0 ? referrer : referrer.slice(0, slash);
}

/** Returns a new tree that shares unchanged levels with the document, or undefined if nothing is deleted. */
export function removeRows(collection: string, document: Counters, caps: Caps, deleted: Deleted): Counters | undefined {
  const found = deletedRows(collection, document, caps, deleted);
  const { detailSubjects = {} } = collectionOf(collection);
  const changed = copyOf(document);
  let isChanged = false;
  for (const map of Object.keys(caps)) {
    const rows = copyOf(document.below(map).below(ROWS));
    const keys = found.get(map) ?? [];
    for (const key of keys) rows.fields.delete(key);
    const details = detailSubjects[map];
    const some = details === undefined ? 0 : removeDetails(rows, (detail) => isDeleted(details(detail), deleted));
    if (keys.length + some === 0) continue;
    isChanged = true;
    const level = copyOf(document.below(map));
    put(level, ROWS, rows);
    put(changed, map, level);
  }
  return isChanged ? changed : undefined;
}

/** Replaces the rows that have deleted details. Returns how many. */
function removeDetails(rows: Counters, isDeleted: (detail: string) => boolean): number {
  let count = 0;
  for (const [key, row] of [...(rows.fields as Map<string, Counters>)]) {
    const deleted = [...row.fields.keys()].filter((name) => name.startsWith(DETAIL) && isDeleted(name));
    if (deleted.length === 0) continue;
    const rest = copyOf(row);
    for (const name of deleted) rest.fields.delete(name);
    rows.fields.set(key, rest);
    count++;
  }
  return count;
}

/** Removes the key if the level is empty, as if nothing had ever been counted under it. */
function put(above: Counters, key: string, level: Counters): void {
  if (level.fields.size === 0) above.fields.delete(key);
  else above.fields.set(key, level);
}

function copyOf(level: Counters): Counters {
  const copy = new Counters();
  for (const [key, value] of level.fields) copy.fields.set(key, value);
  return copy;
}
