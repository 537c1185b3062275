// Adds points to documents that an earlier process may not have added. Registers only rise, so adding a point again
// does no harm. Documents that contain all points already are not written.
import type { DocumentKind } from '../../collections/document-kind.js';
import { Counters } from '../counters/counters.js';
import { areEqual } from '../counters/equal.js';
import { merge } from '../counters/merge.js';
import { createRegisterReader, daysIn } from '../journal/registers.js';
import type { Delta, Documents } from '../store/documents.js';
import type { DeletionFilter } from './deleted/filter.js';
import { createFold } from './fold.js';

const AT_ONCE = 100;

export interface CatchUp {
  readonly folder: string;
  readonly documents: Pick<Documents, 'rewrite'>;
  readonly kinds: readonly DocumentKind[];
  readonly filter: DeletionFilter;
}

/** Adds the points of all days whose sketches are still in the journal. May be repeated after any failure. */
export async function catchUp({ folder, documents, kinds, filter }: CatchUp): Promise<void> {
  const registers = createRegisterReader(folder);
  for (const day of daysIn(folder)) {
    const sites = registers.sitesOf(day);
    for (let i = 0; i < sites.length; i += AT_ONCE) {
      const fold = createFold(kinds);
      for (const site of sites.slice(i, i + AT_ONCE)) {
        for (const point of registers.pointsOf(day, site)) if (filter.keepsPoint(point, point.receivedAtMs)) fold.point(point);
      }
      for (const [collection, deltas] of byCollection(fold.deltas())) await raise(documents, collection, deltas);
    }
  }
}

async function raise(documents: CatchUp['documents'], collection: string, deltas: ReadonlyMap<string, Counters>): Promise<void> {
  await documents.rewrite(collection, [...deltas.keys()], (id, counters) => {
    const before = counters ?? new Counters();
    const after = merge([before, deltas.get(id) as Counters]);
    return areEqual(before, after) ? 'keep' : after;
  });
}

function byCollection(deltas: readonly Delta[]): Map<string, Map<string, Counters>> {
  const groups = new Map<string, Map<string, Counters>>();
  for (const { collection, id, counters } of deltas) {
    const group = groups.get(collection) ?? new Map<string, Counters>();
    group.set(id, counters);
    groups.set(collection, group);
  }
  return groups;
}
