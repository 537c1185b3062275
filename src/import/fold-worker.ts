// A thread that folds ranges of a log, so that all cores do.
import { parentPort, workerData } from 'node:worker_threads';
import { COLLECTIONS } from '../../collections/index.js';
import { encode } from '../counters/codec.js';
import { createFold } from '../flush/fold.js';
import { type ImportSettings, type RangeTally, createRangeReader } from './line-to-hit.js';

export interface FoldRequest {
  readonly bytes: Uint8Array;
  readonly receivedAtMs: number;
}

export interface FoldAnswer {
  readonly deltas: ReadonlyArray<{ collection: string; id: string; counters: Uint8Array }>;
  readonly tally: RangeTally;
}

const port = parentPort as NonNullable<typeof parentPort>;
const read = createRangeReader(workerData as ImportSettings);

port.on('message', ({ bytes, receivedAtMs }: FoldRequest) => {
  const fold = createFold(COLLECTIONS);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const tally = read(text, receivedAtMs, fold);
  const deltas = inOneBuffer(
    fold.deltas().map(({ collection, id, counters }) => ({ collection, id, counters: encode(counters) })),
  );
  const [first] = deltas;
  port.postMessage({ deltas, tally } satisfies FoldAnswer, first === undefined ? [] : [first.counters.buffer]);
});

type Encoded = { collection: string; id: string; counters: Uint8Array<ArrayBuffer> };

/** So that it can be given to the other thread: what `encode` returns lies in larger buffers, which would be copied whole. */
function inOneBuffer(deltas: ReadonlyArray<FoldAnswer['deltas'][number]>): Encoded[] {
  const buffer = new ArrayBuffer(deltas.reduce((sum, { counters }) => sum + counters.length, 0));
  let at = 0;
  return deltas.map(({ collection, id, counters }) => {
    const copy = new Uint8Array(buffer, at, counters.length);
    copy.set(counters);
    at += counters.length;
    return { collection, id, counters: copy };
  });
}
