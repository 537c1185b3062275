// Holds and pack boundaries limit how counted segments are packed. After a restore, counting continues from the
// journal, so a pack must not contain both hits that the backup has and hits that it lacks. Also, journals must not
// change while a process reads them.

/**
 * The backup contains the node's segments up to `after`, and none after `upTo`. It may contain any of those between,
 * so each of them must not be packed with others.
 */
export interface PackBoundary {
  readonly node: string;
  readonly after: number;
  readonly upTo: number;
  /** When the backup was made. Milliseconds since 1970. */
  readonly atMs: number;
}

export interface Holds {
  /** Until `release`, but not longer than this time, nothing is packed in or removed from any journal. */
  hold(id: string, untilMs: number): Promise<void>;
  release(id: string): Promise<void>;
  isHeld(nowMs: number): Promise<boolean>;
  addPackBoundary(boundary: PackBoundary): Promise<void>;
  /** The pack boundaries of one node, unordered. */
  packBoundaries(node: string): Promise<readonly PackBoundary[]>;
  /** Removes boundaries of backups that are older than this time: no journal is kept for that long. */
  removePackBoundaries(beforeMs: number): Promise<void>;
}

/** How long a hold lasts. It is renewed before, so that it ends by itself when the process is killed. */
export const HOLD_MS = 60_000;
const RENEW_EVERY_MS = 15_000;

/** Holds all journals during the work. */
export async function whileHeld<Result>(holds: Holds, id: string, work: () => Promise<Result>): Promise<Result> {
  const renew = () => holds.hold(id, Date.now() + HOLD_MS);
  await renew();
  const timer = setInterval(() => void renew().catch(() => {}), RENEW_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await holds.release(id).catch(() => {}); // the hold ends by itself
  }
}
