// Of days that a log tells of long after, no documents are made that are kept by the day alone (pages, five minutes;
// see counting/fold.ts). The ledger says so, and a report names these days as expired, instead of saying that nobody
// came.
import { type DocumentKind, grainsOf } from '../../../collections/document-kind.js';
import { DAILY_LATE_MS_MAX } from '../../counting/fold.js';
import type { Documents } from '../../store/documents.js';
import type { Imports } from '../../store/imports.js';
import { joined, type Ledger } from '../../store/ledger.js';
import { expiredWork } from '../../upkeep/expired.js';
import { viewsOfLogs } from './overlap/stored.js';

interface Kept {
  readonly imports: Imports;
  readonly documents: Pick<Documents, 'node'>;
  readonly ledger: Pick<Ledger, 'add'>;
}

/** To be called once logs of a site are counted; again is harmless. */
export async function noteDaysWithoutDetail(
  { imports, documents, ledger }: Kept,
  collections: readonly DocumentKind[],
  site: string,
  nowMs: number,
): Promise<void> {
  const { views } = await viewsOfLogs(imports, documents, site);
  const old = [...views.keys()].filter((day) => Date.parse(day) < nowMs - DAILY_LATE_MS_MAX);
  const ranges = joined(old.map((day) => ({ from: day, to: day })));
  for (const { name } of collections.filter((collection) => grainsOf(collection).length === 1))
    for (const days of ranges) await ledger.add(expiredWork('day', name), site, days);
}
