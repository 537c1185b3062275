// The collection `repairs`, through which a command and the nodes communicate in the distributed mode.
//
//   { _id: 'question', id, beats }                 the command that asks now, with its heartbeats; a later one replaces it
//   { _id: '<id>:ask:<n>', questions }             its queries, a few at a time, numbered from 0
//   { _id: '<id>:node:<node>', beats, answered }   a node at work, with the number of `ask`s that it has answered
//   { _id: '<id>:<n>:<node>:<chunk>', … }          its answer (answer-documents.ts)
//   { _id: 'hold', id }                            exists while a command pauses the counting
//
// A node is woken up when a command begins to ask (store/mongodb/nodes.ts). From then on it polls for more queries at
// short intervals until the command exits. So an answer takes no longer than the work.
import type { Collection } from 'mongodb';
import type { Mongodb } from '../../store/mongodb/connection.js';
import type { JournalExtract, JournalQuery } from './port.js';

/** A command or a node that has sent no heartbeat for this long has exited. */
export const SILENT_MS_MAX = 30_000;

export const QUESTION = 'question';
export const HOLD = 'hold';

export const askId = (id: string, n: number) => `${id}:ask:${n}`;
export const nodeId = (id: string, node: string) => `${id}:node:${node}`;
export const answerId = (id: string, n: number, node: string) => `${id}:${n}:${node}`;

/** Matches every `_id` that continues this one after a colon. */
export const below = (id: string) => ({ _id: { $gte: `${id}:`, $lt: `${id};` } }); // ';' follows ':'

export interface SentQuery extends Omit<JournalQuery, 'upTo' | 'after'> {
  readonly upTo: ReadonlyArray<readonly [collection: string, nodes: ReadonlyArray<readonly [node: string, number: number]>]>;
}

export interface SentExtract extends Omit<JournalExtract, 'trees' | 'firstReceivedMs'> {
  readonly firstReceivedMs: number | null;
}

export interface SentTree {
  /** The index of the query among those that were sent together, and of the extract in its answer. */
  readonly question: number;
  readonly part: number;
  readonly collection: string;
  /** Encoded by counters/codec/codec.ts. */
  readonly tree: Buffer;
}

export interface RepairDocument {
  readonly _id: string;
  readonly id?: string;
  readonly beats?: number;
  readonly questions?: readonly SentQuery[];
  readonly answered?: number;
  readonly trees?: readonly SentTree[];
  /** The extracts for each query. */
  readonly parts?: ReadonlyArray<readonly SentExtract[]>;
  readonly failure?: string;
}

export function repairsOf({ db, written, confirmed }: Mongodb): Collection<RepairDocument> {
  return db.collection<RepairDocument>('repairs', { writeConcern: written, readConcern: confirmed });
}

export function sentQuery({ upTo, after: _, ...query }: JournalQuery): SentQuery {
  return { ...query, upTo: [...upTo].map(([name, nodes]) => [name, [...nodes]]) };
}

export function queryOf({ upTo, ...query }: SentQuery): JournalQuery {
  return { ...query, upTo: new Map(upTo.map(([name, nodes]) => [name, new Map(nodes)])) };
}
