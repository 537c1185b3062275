// The few operations on single documents that the counting protocol (protocol.ts) needs of a server. mongodb.ts does them with
// the driver; the tests' simulator does them on a server of its own that fails in every way that a real one may.
import type { Fields } from '../../counters/codec/fields.js';
import type { Delta, DocumentId, Segment } from '../documents.js';

/** Which segments a document holds: the last number by node; and `rev`, the number of times that it was rewritten. */
export type Guards = Readonly<Record<string, number>>;

export interface Stored {
  readonly guards: Guards;
  readonly counters: Fields;
}

export interface Failure {
  /** Which of the updates, from 0. */
  readonly index: number;
  readonly code: number;
  readonly message: string;
}

export interface BulkOutcome {
  /** Documents found by the updates' filters, without those that an upsert made. */
  readonly matched: number;
  /** The updates that were surely not applied. */
  readonly failures: readonly Failure[];
}

export { DUPLICATE_KEY } from './codes.js';

export interface Operations {
  /**
   * Applies each delta to its document unless that holds this segment, and marks it there; with `upsert` a document
   * that is not found is made. All are of one collection, and sorted by id: some servers deadlock otherwise. Resolves
   * when what was applied can not be lost by a failover. Rejects when the outcome is unknown, of any of them.
   */
  update(collection: string, segment: Segment, deltas: readonly Delta[], upsert: boolean): Promise<BulkOutcome>;
  /** Those that are there, as no failover can take them back. */
  read(collection: string, ids: readonly string[]): Promise<Map<string, Stored>>;
  /** As `read`, of the guards only. */
  readGuards(collection: string, ids: readonly string[]): Promise<Map<string, Guards>>;
  /**
   * Puts a whole document in the place of one whose guards are exactly these; `undefined`: of none. `lost` when there
   * is another. Rejects when the outcome is unknown, and with a Refused when the server will never take this
   * document.
   */
  replace(id: DocumentId, guards: Guards | undefined, document: Stored): Promise<'replaced' | 'lost'>;
  /** Removes a document whose guards are exactly these. */
  remove(id: DocumentId, guards: Guards): Promise<'removed' | 'lost'>;
  /** Keeps a delta that cannot be added, with its reason; the same one twice is kept once. */
  reject(delta: Delta, segment: Segment, reason: string): Promise<void>;
  /** Marks the segment as finished in its node's document. */
  finish(segment: Segment, countedUntilMs: number): Promise<void>;
}

/** The server understood and will never do it: too large, a field of another kind. */
export class Refused extends Error {}

/** Codes with which a server refuses one document for good, whatever is tried: nothing of the update was applied. */
const FOR_GOOD: ReadonlySet<number> = new Set([
  2, // BadValue
  9, // FailedToParse
  14, // TypeMismatch: $inc on a text
  15, // Overflow: nested too deeply
  28, // PathNotViable: a level where a number is
  40, // ConflictingUpdateOperators
  52, // DollarPrefixedFieldName
  56, // EmptyFieldName
  57, // DottedFieldName
  121, // DocumentValidationFailure
  10334, // BSONObjectTooLarge
  16837, // the older code for a number field that holds none
  17280, // KeyTooLong
  17419, // resulting document is too large
  17420, // document to upsert is too large
]);

export function isForGood(code: number): boolean {
  return FOR_GOOD.has(code);
}
