// Where documents are kept. Two adapters keep this interface; contract.ts says what both must do.
import type { Counters } from '../counters/counters.js';

export interface DocumentId {
  /** `content.2026`, or `content.2015.late2026` for hits received long after their year ended. */
  readonly collection: string;
  /** `<site>:2026-11-20` or `<site>:2026-11`. */
  readonly id: string;
}

/** What a segment's hits add to one document. */
export interface Delta extends DocumentId {
  readonly counters: Counters;
  /** The capped maps of this kind of document and the rows that each keeps. */
  readonly caps: Readonly<Record<string, number>>;
}

/** A batch of hits that never changes: a sealed journal file, or a byte range of an imported log. */
export interface Segment {
  readonly node: string;
  /** From 1, without gaps. */
  readonly number: number;
  readonly checksum: number;
}

/** What the store knows of a node: how far it has been counted. */
export interface NodeState {
  readonly number: number;
  readonly checksum: number;
  /** Every hit that the node took before this moment is counted. */
  readonly countedUntilMs: number;
}

export interface Documents {
  /**
   * Adds all of a segment's deltas, exactly once: `already` when it had been added before, by whomever. Rejects when nothing,
   * or not surely everything, was added; then the same segment must be applied again.
   */
  apply(segment: Segment, deltas: readonly Delta[], countedUntilMs: number): Promise<'applied' | 'already'>;
  /** The documents in the order asked; undefined where there is none. */
  read(ids: readonly DocumentId[]): Promise<Array<Counters | undefined>>;
  /** The years in which late hits of this year were received: `['2026']` for `content.2015.late2026`. */
  lateYears(collection: string, year: string): Promise<readonly string[]>;
  node(id: string): Promise<NodeState | undefined>;
  close(): Promise<void>;
}

export function collectionName(name: string, year: string, lateYear?: string): string {
  return lateYear === undefined ? `${name}.${year}` : `${name}.${year}.late${lateYear}`;
}

const LATE_AFTER_MS = 35 * 86_400_000;

/** Hits of this local day's year that are received after this moment are late: 35 days after the year's end, by UTC. */
export function lateFromMs(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)) + 1, 0, 1) + LATE_AFTER_MS;
}

export function yearReceived(receivedAtMs: number): string {
  return new Date(receivedAtMs).toISOString().slice(0, 4);
}
