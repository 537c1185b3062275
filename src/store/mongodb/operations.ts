// The operations on single documents that the protocol (protocol.ts) needs from a server. server.ts implements them
// with the driver; the simulator in the tests implements them on a server that fails in all the ways in which a real
// one can.
import type { Fields } from '../../counters/codec/fields.js';
import type { Delta, DocumentId, Segment } from '../documents.js';
import type { Guards } from './guards.js';

export interface Stored {
  readonly guards: Guards;
  readonly counters: Fields;
}

export interface Failure {
  /** The position of the update in the list, from 0. */
  readonly index: number;
  readonly code: number;
  readonly message: string;
}

export interface BulkOutcome {
  /** The number of documents that the updates' filters found, without those that an upsert created. */
  readonly matched: number;
  /** The updates that were certainly not applied. */
  readonly failures: readonly Failure[];
}

export interface CountingOperations {
  /**
   * Applies each delta to its document unless that contains this segment, and sets the guard; with `upsert`, a
   * document that is not found is created. All deltas are of one collection and sorted by id, because some servers
   * deadlock otherwise. Resolves when no failover can lose the updates. Rejects when the outcome of any of them is
   * unknown.
   */
  update(collection: string, segment: Segment, deltas: readonly Delta[], upsert: boolean): Promise<BulkOutcome>;
  /** As `read`, but only the guards. */
  readGuards(collection: string, ids: readonly string[]): Promise<Map<string, Guards>>;
  /** Stores a delta that cannot be added, with the reason. Storing the same one again changes nothing. */
  reject(delta: Delta, segment: Segment, reason: string): Promise<void>;
  /** Records in the node's document that the segment is applied completely. */
  finish(segment: Segment, countedUntilMs: number): Promise<void>;
}

export interface WholeDocumentOperations {
  /** Returns the documents that exist, in a state that no failover can revert. */
  read(collection: string, ids: readonly string[]): Promise<Map<string, Stored>>;
  /**
   * Replaces the document if its guards are exactly these; `undefined`: creates it if it does not exist. Returns
   * `lost` otherwise. Rejects when the outcome is unknown, and with a Refused when the server will never accept this
   * document.
   */
  replace(id: DocumentId, guards: Guards | undefined, document: Stored): Promise<'replaced' | 'lost'>;
  /** Removes the document if its guards are exactly these. */
  remove(id: DocumentId, guards: Guards): Promise<'removed' | 'lost'>;
}

export interface Operations extends CountingOperations, WholeDocumentOperations {}

/** The server will never carry out the operation, because the document is too large, or a field has another type. */
export class Refused extends Error {}

/** Codes with which a server refuses a document permanently. Nothing of the update was applied. */
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
  16837, // the older code for a number field that contains no number
  17280, // KeyTooLong
  17419, // the resulting document is too large
  17420, // the document to upsert is too large
]);

export function isForGood(code: number): boolean {
  return FOR_GOOD.has(code);
}
