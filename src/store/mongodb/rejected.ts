// Deltas on MongoDB that could not be added to their documents, each with its reason.
import { decode, encode } from '../../counters/codec/codec.js';
import { type ChangeRejected, type Delta, rejectedOf, type Segment } from '../documents.js';
import type { Mongodb } from './connection.js';
import { insertOrRead } from './writes.js';

interface SetAsideDocument {
  /** `<collection>/<id>/<node>/<number>` */
  readonly _id: string;
  readonly reason: string;
  readonly atMs: number;
  /** As counters/codec/codec.ts writes it; null where it is too large for a document itself: then only the journal has it. */
  readonly delta: Buffer | null;
}

const BYTES_MAX = 8 * 1024 * 1024;

const asideIn = ({ db, written, confirmed }: Mongodb) =>
  db.collection<SetAsideDocument>('setaside', { writeConcern: written, readConcern: confirmed });

/** The same one twice is kept once. */
export async function keepApart(mongodb: Mongodb, delta: Delta, segment: Segment, reason: string, atMs: number): Promise<void> {
  const { collection, id, counters } = delta;
  const bytes = encode(counters);
  const _id = `${collection}/${id}/${segment.node}/${segment.number}`;
  await insertOrRead(asideIn(mongodb), { _id, reason, atMs, delta: bytes.length > BYTES_MAX ? null : bytes });
}

/** See store/documents.ts. Nothing changes a delta that is kept apart, so none is lost in between. */
export async function rewriteRejected(mongodb: Mongodb, change: ChangeRejected): Promise<number> {
  const aside = asideIn(mongodb);
  let changed = 0;
  for await (const { _id, delta } of aside.find({}, { promoteBuffers: true })) {
    const after = change(rejectedOf(_id), delta === null ? undefined : decode(delta));
    if (after === 'keep') continue;
    if (after === 'remove') await aside.deleteOne({ _id });
    else await aside.updateOne({ _id }, { $set: { delta: encode(after) } });
    changed++;
  }
  return changed;
}
