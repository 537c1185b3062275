// What a deletion covers, before it is done: counted by the same steps that carry it out, without changing anything.
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
   * In the order of their names. Documents that are removed or changed, their rows that go, and their size in the
   * embedded store's form.
   */
  readonly collections: ReadonlyArray<{
    readonly name: string;
    readonly documents: number;
    readonly rows: number;
    readonly bytes: number;
  }>;
  /** Local; empty when there are none. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Of a site or period: page views. Of rows: the views that they are known to have had, by month. */
  readonly views: number;
  /** Months and years out of which nothing can be taken, since some of what they are the merge of has expired. */
  readonly incomplete: readonly DocumentId[];
}

/** The views of a document, in every collection that has them in total. */
const VIEWS = 'v';
/** While hits come in, a month and its days may be read at different moments. */
const TRIES = 5;

export async function previewOf(
  documents: Pick<Documents, 'collections' | 'ids' | 'read'>,
  collections: readonly DocumentKind[],
  tombstone: Tombstone,
): Promise<Covered> {
  const byName = new Map<string, { name: string; documents: number; rows: number; bytes: number }>();
  const incomplete: DocumentId[] = [];
  /** By kind of collection, since a view may be in several, and then by period. */
  const views = new Map<string, Map<string, number>>();
  const isRows = 'pattern' in tombstone.deleted;

  for (const target of await affectedDocuments(documents, tombstone)) {
    const { whole, changed } = await readChange(documents, collections, tombstone, target);
    if (whole === undefined || changed === 'keep') continue;
    if (changed === 'incomplete') {
      incomplete.push({ collection: target.collection, id: target.id });
      continue;
    }
    const { collection } = target;
    const name = reportOf(collection, collections);
    const key = target.id.slice(tombstone.site.length + 1);
    const caps = capsOf(collection, collections);
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
      // A view may be in several maps of a document.
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

/** Of several collections that are one report, that; they are parts of it. */
function reportOf(collection: string, collections: readonly DocumentKind[]): string {
  const name = partsOfName(collection)?.name ?? collection;
  const known = collections.find((one) => one.name === name);
  return known === undefined ? name : baseName(known);
}

/** Days, and months of which no day is there. */
function withoutCounted(counts: ReadonlyMap<string, number>): string[] {
  const days = [...counts.keys()].filter((key) => key.length === '2026-11-20'.length);
  return [
    ...days,
    ...[...counts.keys()].filter((key) => key.length === '2026-11'.length && !days.some((day) => day.startsWith(key))),
  ];
}

/** A day is in its month. */
function sumOf(counts: ReadonlyMap<string, number>): number {
  const isCounted = (key: string) => key.length === '2026-11'.length || !counts.has(key.slice(0, 7));
  return [...counts].reduce((sum, [key, views]) => sum + (isCounted(key) ? views : 0), 0);
}

async function readChange(
  documents: Pick<Documents, 'read'>,
  collections: readonly DocumentKind[],
  tombstone: Tombstone,
  target: AffectedDocument,
): Promise<{ whole: Counters | undefined; changed: ReturnType<typeof changeOf> }> {
  for (let tries = 1; ; tries++) {
    // damaged documents can be deleted too
    const [whole, ...parts] = await documents.read([target, ...target.parts], { anyway: true });
    if (whole === undefined) return { whole, changed: 'keep' };
    const changed = changeOf(target, tombstone, capsOf(target.collection, collections), whole, parts);
    if (changed !== 'incomplete' || tries === TRIES) return { whole, changed };
  }
}
