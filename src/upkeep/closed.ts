// A collection of a year is closed when nothing can be counted into it any more.
import { lateFromMs, partsOfName } from '../store/documents.js';
import type { NodeRegistry } from '../store/nodes.js';

/**
 * Everything that was received before this moment is counted: by every node that is not given up, and every import.
 * `waitingSinceMs`: since when a stopped import waits.
 */
export async function countedUntilMs(
  nodes: Pick<NodeRegistry, 'list'>,
  waitingSinceMs: number | undefined,
  nowMs: number,
): Promise<number> {
  const open = await nodes.list('open');
  // a node that has never said how far it is has a new id, and so nothing that waits
  const moments = open.map(({ countedUntilMs }) => countedUntilMs).filter((ms) => ms > 0);
  return Math.min(nowMs, waitingSinceMs ?? nowMs, ...moments);
}

/** Of a collection such as `content.2025` or `content.2019.late2026`; year documents are never closed. */
export function isClosed(collection: string, countedUntilMs: number): boolean {
  const parts = partsOfName(collection);
  const year = parts?.late ?? parts?.year;
  return year !== undefined && countedUntilMs > lateFromMs(`${year}-12-31`);
}
