// Where whoever asks for journals and the nodes find each other in the distributed mode: one collection, `repairs`.
//
//   { _id: 'question', id, question }                     the latest one; an earlier one is given up
//   { _id: 'hold', id }                                   as long as somebody holds the counting
//   { _id: '<question>:<node>', beats, parts?, failure? }     a node is at work, and then done
//   { _id: '<question>:<node>:<part's node>/<collection>', tree }
import type { Collection } from 'mongodb';
import type { Mongodb } from '../connections/mongodb.js';
import type { Part } from './port.js';

export const QUESTION = 'question';
export const HOLD = 'hold';

export interface SentQuestion {
  readonly site: string;
  readonly day: string;
  readonly upTo: ReadonlyArray<readonly [collection: string, nodes: ReadonlyArray<readonly [node: string, number: number]>]>;
}

export interface SentPart extends Omit<Part, 'trees' | 'firstReceivedMs'> {
  readonly firstReceivedMs: number | null;
  /** Their names; each tree is in a document of its own. */
  readonly trees: readonly string[];
}

export interface RepairDocument {
  readonly _id: string;
  readonly id?: string;
  readonly question?: SentQuestion;
  readonly beats?: number;
  readonly parts?: readonly SentPart[];
  readonly failure?: string;
  /** As counters/codec.ts writes it. */
  readonly tree?: Buffer;
}

export function repairsOf({ db, written, confirmed }: Mongodb): Collection<RepairDocument> {
  return db.collection<RepairDocument>('repairs', { writeConcern: written, readConcern: confirmed });
}
