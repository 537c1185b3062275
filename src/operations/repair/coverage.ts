// Whether the journals that were reached hold every hit that can be in a day's documents. For each node that ever ran
// (`nodes('all')`, ended ones too), one of these must be so:
//
//   - it never finished a segment; or
//   - it ended before the day began: whatever it took was taken, and counted, before that; or
//   - a journal was reached that has its segments without a gap up to the last one that the documents hold, and from the first ever (number
//     1), or from one whose first hit was taken before the day began: those before it, which are gone, are older still.
//
// A segment goes only when the one after it is past JOURNAL_KEEP too (counter.ts); so a journal that has lost any
// still begins before the time that it is kept.
import type { KnownNode } from '../../store/documents.js';
import type { JournalPart } from './port.js';
import type { Received } from './received.js';

export interface Covered {
  /** One for each node that can have counted into the day. */
  readonly parts: readonly JournalPart[];
  /** What is missing, in words; the day is covered when nothing is. */
  readonly missing: readonly string[];
}

/** `upTo`: the last segment of each node that may be in any of the documents. */
export function coverage(
  nodes: readonly KnownNode[],
  upTo: ReadonlyMap<string, number>,
  parts: readonly JournalPart[],
  received: Received,
): Covered {
  const used: JournalPart[] = [];
  const missing: string[] = [];
  for (const node of nodes) {
    const last = upTo.get(node.id) ?? node.number;
    if (last === 0 || (node.endedAtMs !== undefined && node.endedAtMs < received.fromMs)) continue;
    const reasons: string[] = [];
    const part = parts
      .filter(({ node: id }) => id === node.id)
      .find((part) => {
        const reason = lack(part, last, received);
        if (reason !== undefined) reasons.push(reason);
        return reason === undefined;
      });
    if (part !== undefined) used.push(part);
    else missing.push(`node ${node.id}: ${reasons[0] ?? notReached(node)}`);
  }
  return { parts: used, missing };
}

function lack({ first, last, firstReceivedMs }: JournalPart, upTo: number, { fromMs }: Received): string | undefined {
  if (last < upTo) return `its journal ends with segment ${last}, and ${upTo} are counted`;
  if (first === 1 || (firstReceivedMs !== undefined && firstReceivedMs < fromMs)) return undefined;
  const since = firstReceivedMs === undefined ? '' : `, of ${new Date(firstReceivedMs).toISOString()},`;
  return `its journal begins with segment ${first}${since} and the day at ${new Date(fromMs).toISOString()}`;
}

function notReached({ endedAtMs }: KnownNode): string {
  return endedAtMs === undefined
    ? 'its journal was not reached: it does not run, or does not answer'
    : `it ended at ${new Date(endedAtMs).toISOString()}, and no process that runs has its journal`;
}
