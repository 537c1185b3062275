// Imports that were stopped before their end. A range that was planned keeps the time at which it was planned.
import type { Imports } from '../store/imports.js';
import type { NodeRegistry } from '../store/nodes.js';

/** Since when the oldest planned range waits to be counted; `undefined` when none waits. */
export async function unfinishedSinceMs(imports: Imports, nodes: Pick<NodeRegistry, 'get'>): Promise<number | undefined> {
  let oldest: number | undefined;
  for (const id of await imports.ids()) {
    const counted = (await nodes.get(id))?.number ?? 0;
    const waiting = await imports.range(id, counted + 1);
    if (waiting !== undefined && waiting.receivedAtMs < (oldest ?? Number.POSITIVE_INFINITY)) oldest = waiting.receivedAtMs;
  }
  return oldest;
}
