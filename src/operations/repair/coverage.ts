// Decides whether the available journals contain every hit that can be in a day's documents. For each node that ever
// ran (`nodes('all')`, including ended ones), one of these conditions must hold:
//
//   - The node never finished a segment.
//   - The node ended before the day began, so all its hits were received and counted before the day.
//   - One journal has all segments of the node without a gap, up to the last one that the documents contain. It begins
//     with segment 1, or with a segment whose first hit was received before the day began. The hits of earlier
//     segments, which have been removed, are older still.
//
// A segment is removed only when the segment after it is older than JOURNAL_KEEP as well (journal/cleaner.ts). So a
// journal from which segments were removed still covers all of JOURNAL_KEEP.
import type { RegisteredNode } from '../../store/nodes.js';
import type { JournalExtract } from './port.js';
import type { Received } from './received.js';

export interface Covered {
  /** One extract for each node that can have counted into the day. */
  readonly extracts: readonly JournalExtract[];
  /** A message for each missing journal. The day is covered if there is none. */
  readonly missing: readonly string[];
}

/** `upTo` is the last segment of each node that any of the documents may contain. */
export function coverage(
  nodes: readonly RegisteredNode[],
  upTo: ReadonlyMap<string, number>,
  extracts: readonly JournalExtract[],
  received: Received,
): Covered {
  const used: JournalExtract[] = [];
  const missing: string[] = [];
  for (const node of nodes) {
    const last = upTo.get(node.id) ?? node.number;
    if (last === 0 || (node.endedAtMs !== undefined && node.endedAtMs < received.fromMs)) continue;
    const reasons: string[] = [];
    const complete = extracts
      .filter(({ node: id }) => id === node.id)
      .find((extract) => {
        const reason = reasonIncomplete(extract, last, received);
        if (reason !== undefined) reasons.push(reason);
        return reason === undefined;
      });
    if (complete !== undefined) used.push(complete);
    else missing.push(`node ${node.id}: ${reasons[0] ?? notReached(node)}`);
  }
  return { extracts: used, missing };
}

function reasonIncomplete(
  { first, last, firstReceivedMs }: JournalExtract,
  upTo: number,
  { fromMs }: Received,
): string | undefined {
  if (last < upTo) return `its journal ends with segment ${last}, but ${upTo} segments are counted`;
  if (first === 1 || (firstReceivedMs !== undefined && firstReceivedMs < fromMs)) return undefined;
  const since = firstReceivedMs === undefined ? '' : ` (received at ${new Date(firstReceivedMs).toISOString()})`;
  const dayBegan = new Date(fromMs).toISOString();
  return `its journal begins with segment ${first}${since}, which is not before the day began (${dayBegan})`;
}

function notReached({ endedAtMs }: RegisteredNode): string {
  return endedAtMs === undefined
    ? 'its journal was not reached: the node is not running, or does not answer'
    : `it ended at ${new Date(endedAtMs).toISOString()}, and no running process has its journal`;
}
