// Gives precedence to the thread that answers beacons. The threads that count and make reports use the remaining
// processor time.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** As in nice(1): 0 is the priority of the main thread, 19 the lowest. */
const NICENESS = 5;

/** Lowers the priority of the calling thread. Only Linux has priorities per thread; elsewhere nothing happens. */
export function lowerThreadPriority(): void {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(thread), NICENESS);
  } catch {
    // There is no /proc, or the change is not allowed. All threads keep the same priority.
  }
}
