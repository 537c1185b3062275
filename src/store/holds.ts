// What keeps counted segments from being packed together. A backup must be able to be continued from the journal: the
// hits that it has and those that it lacks must not be in one pack. And whoever reads journals must find them as they
// are until the end.

/** Segments of a node up to `after` are in a backup; those after `upTo` are not; each of those between must stay by itself. */
export interface Cut {
  readonly node: string;
  readonly after: number;
  readonly upTo: number;
  /** When the backup was made. Milliseconds since 1970. */
  readonly atMs: number;
}

export interface Holds {
  /** From now on nothing is packed and nothing is removed from a journal, until `release` or this moment, whichever is first. */
  hold(id: string, untilMs: number): Promise<void>;
  release(id: string): Promise<void>;
  isHeld(nowMs: number): Promise<boolean>;
  addCut(cut: Cut): Promise<void>;
  /** Of one node, in no order. */
  cuts(node: string): Promise<readonly Cut[]>;
  /** Forgets cuts for backups that were made before this moment: no journal is kept for so long. */
  removeCuts(beforeMs: number): Promise<void>;
}

/** For how long a hold is asked for at a time; whoever holds asks again before, and if it is killed the hold ends by itself. */
export const HOLD_MS = 60_000;
const ASK_EVERY_MS = 15_000;

/** Holds all journals while the work is done. */
export async function whileHeld<Result>(holds: Holds, id: string, work: () => Promise<Result>): Promise<Result> {
  const ask = () => holds.hold(id, Date.now() + HOLD_MS);
  await ask();
  const timer = setInterval(() => void ask().catch(() => {}), ASK_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await holds.release(id).catch(() => {}); // it ends by itself
  }
}
