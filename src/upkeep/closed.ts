// When a year's collection is closed: nothing can be counted into it any more.
import { lateFromMs, partsOfName } from '../store/documents.js';
import type { NodeRegistry } from '../store/nodes.js';

/**
 * Returns the time before which everything that was received is counted, by every open node and every import.
 * `waitingSinceMs`: since when the oldest unfinished import waits.
 */
export async function countedUntilMs(
  nodes: Pick<NodeRegistry, 'list'>,
  waitingSinceMs: number | undefined,
  nowMs: number,
): Promise<number> {
  const open = await nodes.list('open');
  // A node that has never said how far it has counted has a new id, and so nothing that waits.
  const times = open.map(({ countedUntilMs }) => countedUntilMs).filter((ms) => ms > 0);
  return Math.min(nowMs, waitingSinceMs ?? nowMs, ...times);
}

/** `collection`: such as `content.2025` or `content.2019.late2026`. Collections of summaries are never closed. */
export function isClosed(collection: string, countedUntilMs: number): boolean {
  const parts = partsOfName(collection);
  const year = parts?.late ?? parts?.year;
  return year !== undefined && countedUntilMs > lateFromMs(`${year}-12-31`);
}
