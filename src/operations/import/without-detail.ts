// Lines of old logs do not reach the documents that exist by day only (pages, five minutes; see counting/fold.ts).
// This notes such days in the ledger, so that reports show them as expired instead of as days without visitors.
import { type DocumentKind, grainsOf } from '../../../collections/document-kind.js';
import { DAILY_LATE_MS_MAX } from '../../counting/fold.js';
import type { Imports } from '../../store/imports.js';
import type { Ledger } from '../../store/ledger.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { joinRanges } from '../../time/day-range.js';
import { expiredWork } from '../../upkeep/expired.js';
import { viewsOfLogs } from './overlap/stored-logs.js';

interface Stores {
  readonly imports: Imports;
  readonly nodes: Pick<NodeRegistry, 'get'>;
  readonly ledger: Pick<Ledger, 'add'>;
}

/** Call it after logs of a site were counted. Idempotent. */
export async function noteDaysWithoutDetail(
  { imports, nodes, ledger }: Stores,
  kinds: readonly DocumentKind[],
  site: string,
  nowMs: number,
): Promise<void> {
  const { views } = await viewsOfLogs(imports, nodes, site);
  const old = [...views.keys()].filter((day) => Date.parse(day) < nowMs - DAILY_LATE_MS_MAX);
  const ranges = joinRanges(old.map((day) => ({ from: day, to: day })));
  for (const { name } of kinds.filter((kind) => grainsOf(kind).length === 1))
    for (const days of ranges) await ledger.add(expiredWork('day', name), site, days);
}
