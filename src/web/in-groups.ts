// Work for many streams, in pieces, so that the thread answers beacons between them.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Writing to as many streams takes some milliseconds. */
export const GROUP = 200;

/** Calls `work` for each that is there now, the first group of them at once. */
export async function inGroups<One>(all: Iterable<One>, work: (one: One) => void): Promise<void> {
  for (const [index, one] of [...all].entries()) {
    if (index > 0 && index % GROUP === 0) await nextTurn();
    work(one);
  }
}
