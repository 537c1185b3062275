// Where tombstones are kept, for good: a disk may come back after weeks with hits that were deleted meanwhile.
import type { RowSubjects } from '../../collections/report.js';

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
   * Hits received until this moment are deleted; later ones count again, unless the whole site is deleted.
   * Milliseconds since 1970.
   */
  readonly receivedUntilMs: number;
}

/**
 * What a node has done about a tombstone: it counts nothing any more that is deleted; its journal holds nothing of it
 * any more.
 */
export type Step = 'obeys' | 'cleaned';

export interface Deletion extends Tombstone {
  /** When each node had done so, by its id. Milliseconds since 1970. */
  readonly obeys: Readonly<Record<string, number>>;
  readonly cleaned: Readonly<Record<string, number>>;
  /** Undefined while something is left to do. */
  readonly finishedAtMs?: number;
}

/** A deletion as documents keep it: what nobody has done yet is not there. */
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
   * What has to be obeyed. Cheap while nothing changes: asked before each segment. A tombstone put by another process
   * is in it at the next call.
   */
  read(): Promise<readonly Tombstone[]>;
  /** Puts a tombstone; resolves when it cannot be lost any more. The same id twice is one. */
  put(tombstone: Tombstone): Promise<void>;
  /** Every deletion there ever was, oldest first. */
  deletions(): Promise<Deletion[]>;
  acknowledge(id: string, node: string, step: Step, atMs: number): Promise<void>;
  finish(id: string, atMs: number): Promise<void>;
}

/** The unfinished deletion of the same, to go on with; or the site's own, finished or not. */
export function sameDeletion(deletions: readonly Deletion[], site: string, deleted: Deleted): Deletion | undefined {
  const text = JSON.stringify(deleted);
  return deletions.findLast(
    (one) =>
      one.site === site && JSON.stringify(one.deleted) === text && (one.finishedAtMs === undefined || deleted.kind === 'site'),
  );
}
