// The dead letters on MongoDB: deltas that could not be added to their documents, each with the reason.
import { decode, encode } from '../../counters/codec/codec.js';
import { type ChangeRejected, type Delta, rejectedOf, type Segment } from '../documents.js';
import type { Mongodb } from './connection.js';
import { insertOrRead } from './writes.js';

interface RejectedDocument {
  /** `<collection>/<id>/<node>/<number>` */
  readonly _id: string;
  readonly reason: string;
  readonly atMs: number;
  /**
   * Encoded by counters/codec/codec.ts; null if it is too large even for its own document. Then only the journal
   * contains it.
   */
  readonly delta: Buffer | null;
}

const BYTES_MAX = 8 * 1024 * 1024;

const rejectedIn = ({ db, written, confirmed }: Mongodb) =>
  db.collection<RejectedDocument>('setaside', { writeConcern: written, readConcern: confirmed });

/** Storing the same delta again changes nothing. */
export async function storeRejected(
  mongodb: Mongodb,
  delta: Delta,
  segment: Segment,
  { reason, atMs }: Pick<RejectedDocument, 'reason' | 'atMs'>,
): Promise<void> {
  const { collection, id, counters } = delta;
  const bytes = encode(counters);
  const _id = `${collection}/${id}/${segment.node}/${segment.number}`;
  await insertOrRead(rejectedIn(mongodb), { _id, reason, atMs, delta: bytes.length > BYTES_MAX ? null : bytes });
}

/** See store/documents.ts. Needs no compare-and-set, because nothing else changes a stored delta. */
export async function rewriteRejected(mongodb: Mongodb, change: ChangeRejected): Promise<number> {
  const rejected = rejectedIn(mongodb);
  let changed = 0;
  for await (const { _id, delta } of rejected.find({}, { promoteBuffers: true })) {
    const after = change(rejectedOf(_id), delta === null ? undefined : decode(delta));
    if (after === 'keep') continue;
    if (after === 'remove') await rejected.deleteOne({ _id });
    else await rejected.updateOne({ _id }, { $set: { delta: encode(after) } });
    changed++;
  }
  return changed;
}
