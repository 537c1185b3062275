// Beacons come first: the threads that count and report take what the thread that answers them leaves of the processors.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** As in nice(1): 0 is the main thread's, 19 the least. */
const NICENESS = 5;

/** Lowers the priority of the calling thread. Linux has one for each thread; elsewhere nothing happens. */
export function giveWay(): void {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(thread), NICENESS);
  } catch {
    // no /proc, or not allowed: then all threads are equal
  }
}
