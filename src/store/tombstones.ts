// Tombstones are kept permanently, because a disk may return after weeks with hits that were deleted meanwhile.
import type { RowSubjects } from '../../collections/keys.js';

export type RowKind = keyof RowSubjects;

export type Deleted =
  | { readonly kind: 'site' }
  /** Local days, both inclusive. */
  | { readonly kind: 'period'; readonly from: string; readonly to: string }
  /** See pattern.ts. */
  | { readonly kind: RowKind; readonly pattern: string };

export interface Tombstone {
  readonly id: string;
  readonly site: string;
  readonly deleted: Deleted;
  /**
   * Hits received until this time are deleted. Later ones are counted, unless the whole site is deleted. Milliseconds
   * since 1970.
   */
  readonly receivedUntilMs: number;
}

/** `obeys`: the node no longer counts deleted hits. `cleaned`: its journal no longer contains any. */
export type Step = 'obeys' | 'cleaned';

export interface Deletion extends Tombstone {
  /** By node: when it acknowledged the step. Milliseconds since 1970. */
  readonly obeys: Readonly<Record<string, number>>;
  readonly cleaned: Readonly<Record<string, number>>;
  /** Undefined while the deletion is not complete. */
  readonly finishedAtMs?: number;
}

/** A deletion as it is stored: steps that no node has acknowledged are absent. */
export interface StoredDeletion {
  readonly tombstone: Tombstone;
  readonly obeys?: Deletion['obeys'];
  readonly cleaned?: Deletion['cleaned'];
  readonly finishedAtMs?: number;
}

export function deletionOf({ tombstone, obeys = {}, cleaned = {}, finishedAtMs }: StoredDeletion): Deletion {
  return { ...tombstone, obeys, cleaned, ...(finishedAtMs === undefined ? {} : { finishedAtMs }) };
}

export interface Tombstones {
  /**
   * All tombstones, including those that another process has just put. It is called before each segment, so it must be
   * cheap while nothing changes.
   */
  read(): Promise<readonly Tombstone[]>;
  /** Resolves when the tombstone cannot be lost any more. Putting the same id again changes nothing. */
  put(tombstone: Tombstone): Promise<void>;
  /** All deletions, oldest first. */
  deletions(): Promise<Deletion[]>;
  acknowledge(id: string, node: string, step: Step, atMs: number): Promise<void>;
  finish(id: string, atMs: number): Promise<void>;
}

/** The unfinished deletion of the same data, to be continued; for a whole site, also a finished one. */
export function sameDeletion(deletions: readonly Deletion[], site: string, deleted: Deleted): Deletion | undefined {
  const text = JSON.stringify(deleted);
  return deletions.findLast(
    (one) =>
      one.site === site && JSON.stringify(one.deleted) === text && (one.finishedAtMs === undefined || deleted.kind === 'site'),
  );
}
