// Where whoever asks for journals and the nodes find each other in the distributed mode: one collection, `repairs`.
//
//   { _id: 'question', id, beats }                    who asks at the moment; beats as long as it lives. A later one takes its place
//   { _id: '<id>:ask:<n>', questions }                its questions, some at a time, from 0 on
//   { _id: '<id>:node:<node>', beats, answered }      a node is at work, and has answered so many
//   { _id: '<id>:<n>:<node>:<piece>', … }             what it has answered: answer.ts
//   { _id: 'hold', id }                               as long as somebody holds the counting
//
// A node is called when somebody begins to ask (store/mongodb/nodes.ts). From then on it looks for more questions at
// short intervals, until who asks has gone. So no answer waits for anything but the work.
import type { Collection } from 'mongodb';
import type { Mongodb } from '../../store/mongodb/connection.js';
import type { JournalPart, Question } from './port.js';

export const QUESTION = 'question';
export const HOLD = 'hold';

export const askId = (id: string, n: number) => `${id}:ask:${n}`;
export const nodeId = (id: string, node: string) => `${id}:node:${node}`;
export const answerId = (id: string, n: number, node: string) => `${id}:${n}:${node}`;

/** Everything whose `_id` is this one and more behind a colon. */
export const below = (id: string) => ({ _id: { $gte: `${id}:`, $lt: `${id};` } }); // ';' is what follows ':'

export interface SentQuestion extends Omit<Question, 'upTo' | 'after'> {
  readonly upTo: ReadonlyArray<readonly [collection: string, nodes: ReadonlyArray<readonly [node: string, number: number]>]>;
}

export interface SentPart extends Omit<JournalPart, 'trees' | 'firstReceivedMs'> {
  readonly firstReceivedMs: number | null;
}

export interface SentTree {
  /** The question's place among those that were asked together, and the part's in its answer. */
  readonly question: number;
  readonly part: number;
  readonly collection: string;
  /** As counters/codec/codec.ts writes it. */
  readonly tree: Buffer;
}

export interface RepairDocument {
  readonly _id: string;
  readonly id?: string;
  readonly beats?: number;
  readonly questions?: readonly SentQuestion[];
  readonly answered?: number;
  readonly trees?: readonly SentTree[];
  /** By question. */
  readonly parts?: ReadonlyArray<readonly SentPart[]>;
  readonly failure?: string;
}

export function repairsOf({ db, written, confirmed }: Mongodb): Collection<RepairDocument> {
  return db.collection<RepairDocument>('repairs', { writeConcern: written, readConcern: confirmed });
}

export function sentQuestion({ upTo, after: _, ...question }: Question): SentQuestion {
  return { ...question, upTo: [...upTo].map(([name, nodes]) => [name, [...nodes]]) };
}

export function questionOf({ upTo, ...question }: SentQuestion): Question {
  return { ...question, upTo: new Map(upTo.map(([name, nodes]) => [name, new Map(nodes)])) };
}
