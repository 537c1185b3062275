// Counts what a deletion would cover. It uses the same steps as the deletion, but changes nothing.
import { baseName, type DocumentKind } from '../../../collections/document-kind.js';
import { ROWS } from '../../counters/cap.js';
import { encode } from '../../counters/codec/codec.js';
import type { Counters } from '../../counters/counters.js';
import { type DocumentId, type Documents, partsOfName } from '../../store/documents.js';
import type { Tombstone } from '../../store/tombstones.js';
import { firstDayOf, lastDayOf } from '../../time/dates.js';
import { capsOf } from '../caps.js';
import { type AffectedDocument, affectedDocuments } from './affected-documents.js';
import { changeOf } from './changes.js';
import { deletedRows } from './remove-rows.js';

export interface Covered {
  /**
   * Sorted by name. The number of documents that are removed or changed, the number of their deleted rows, and the size
   * of the documents in the encoding of the embedded store.
   */
  readonly collections: ReadonlyArray<{
    readonly name: string;
    readonly documents: number;
    readonly rows: number;
    readonly bytes: number;
  }>;
  /** Local days; empty if no document is affected. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** The page views of the site or the period. For rows, the views that are known to have been counted in them. */
  readonly views: number;
  /** Months and years from which nothing can be removed, because some of their parts have expired. */
  readonly incomplete: readonly DocumentId[];
}

/** The key of the views in every collection that counts them in total. */
const VIEWS = 'v';
/** A month and its days may be read at different times while hits are counted, so an incomplete month is read again. */
const TRIES = 5;

export async function previewOf(
  documents: Pick<Documents, 'collections' | 'ids' | 'read'>,
  kinds: readonly DocumentKind[],
  tombstone: Tombstone,
): Promise<Covered> {
  const byName = new Map<string, { name: string; documents: number; rows: number; bytes: number }>();
  const incomplete: DocumentId[] = [];
  /** By report, because several reports may count the same view, and then by period. */
  const views = new Map<string, Map<string, number>>();
  const isRows = 'pattern' in tombstone.deleted;

  for (const target of await affectedDocuments(documents, tombstone)) {
    const { whole, changed } = await readChange(documents, kinds, tombstone, target);
    if (whole === undefined || changed === 'keep') continue;
    if (changed === 'incomplete') {
      incomplete.push({ collection: target.collection, id: target.id });
      continue;
    }
    const { collection } = target;
    const name = reportOf(collection, kinds);
    const key = target.id.slice(tombstone.site.length + 1);
    const caps = capsOf(collection, kinds);
    const line = byName.get(name) ?? { name, documents: 0, rows: 0, bytes: 0 };
    line.documents++;
    line.bytes += encode(whole).length;
    for (const map of Object.keys(caps)) {
      if (target.act === 'remove') line.rows += whole.below(map).below(ROWS).fields.size;
    }
    let some = name === 'traffic' ? whole.get(VIEWS) - (changed === 'remove' ? 0 : changed.get(VIEWS)) : 0;
    for (const [map, keys] of isRows ? deletedRows(collection, whole, caps, tombstone.deleted) : []) {
      line.rows += keys.length;
      const rows = whole.below(map).below(ROWS);
      // Several maps of a document may count the same view.
      some = Math.max(
        some,
        keys.reduce((sum, row) => sum + rows.below(row).get(VIEWS), 0),
      );
    }
    byName.set(name, line);
    const counts = views.get(name) ?? new Map<string, number>();
    if (key.length >= '2026-11'.length) counts.set(key, (counts.get(key) ?? 0) + some);
    views.set(name, counts);
  }
  const keys = [...new Set([...views.values()].flatMap(withoutCounted))];
  return {
    collections: [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    firstDay: keys.map(firstDayOf).sort()[0] ?? '',
    lastDay: keys.map(lastDayOf).sort().at(-1) ?? '',
    views: Math.max(0, ...[...views.values()].map(sumOf)),
    incomplete,
  };
}

/** The report that the collection belongs to. */
function reportOf(collection: string, kinds: readonly DocumentKind[]): string {
  const name = partsOfName(collection)?.name ?? collection;
  const known = kinds.find((one) => one.name === name);
  return known === undefined ? name : baseName(known);
}

/** The days, and the months without any day. */
function withoutCounted(counts: ReadonlyMap<string, number>): string[] {
  const days = [...counts.keys()].filter((key) => key.length === '2026-11-20'.length);
  return [
    ...days,
    ...[...counts.keys()].filter((key) => key.length === '2026-11'.length && !days.some((day) => day.startsWith(key))),
  ];
}

/** Ignores days whose month is counted. */
function sumOf(counts: ReadonlyMap<string, number>): number {
  const isCounted = (key: string) => key.length === '2026-11'.length || !counts.has(key.slice(0, 7));
  return [...counts].reduce((sum, [key, views]) => sum + (isCounted(key) ? views : 0), 0);
}

async function readChange(
  documents: Pick<Documents, 'read'>,
  kinds: readonly DocumentKind[],
  tombstone: Tombstone,
  document: AffectedDocument,
): Promise<{ whole: Counters | undefined; changed: ReturnType<typeof changeOf> }> {
  for (let tries = 1; ; tries++) {
    // damaged documents can be deleted, too
    const [whole, ...parts] = await documents.read([document, ...document.parts], { anyway: true });
    if (whole === undefined) return { whole, changed: 'keep' };
    const changed = changeOf({ document, tombstone, caps: capsOf(document.collection, kinds) }, whole, parts);
    if (changed !== 'incomplete' || tries === TRIES) return { whole, changed };
  }
}
