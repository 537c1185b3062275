// A thread that reads ranges of a log, so that all processor cores are used. It folds them, or surveys what their
// lines are recognised by.
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { encode } from '../../counters/codec/codec.js';
import { createFold } from '../../counting/fold.js';
import type { Delta } from '../../store/documents.js';
import { Moved, serve } from '../../threads/call.js';
import type { EncodedDelta, FoldThread } from './fold-pool.js';
import { createRangeReader } from './line-to-hit.js';
import { createRangeSurveyor } from './overlap/surveyed-lines.js';

let read: ReturnType<typeof createRangeReader>;
let surveyLines: ReturnType<typeof createRangeSurveyor>;

serve<Record<never, never>, FoldThread>({
  use({ settings, watched }) {
    const hours = new Set(watched);
    const isWatched = (hour: number) => hours.has(hour);
    read = createRangeReader(settings, isWatched);
    surveyLines = createRangeSurveyor(settings, isWatched);
  },
  fold({ bytes, ...range }) {
    const fold = createFold(DOCUMENT_KINDS);
    const done = read({ ...range, text: textOf(bytes) }, fold);
    const deltas = encodedInOneBuffer(fold.deltas());
    const [first] = deltas;
    return new Moved({ deltas, read: done }, first === undefined ? [] : [first.counters.buffer]);
  },
  survey({ bytes, directives, untilMs }) {
    const lines = surveyLines(textOf(bytes), directives, untilMs);
    const { seconds, hashes, places } = lines;
    return new Moved(lines, [seconds.buffer, hashes.buffer, places.buffer] as ArrayBuffer[]);
  },
});

/** One character for each byte. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * In one buffer they can be moved to the other thread. `encode` returns parts of larger buffers, which would be copied
 * entirely.
 */
function encodedInOneBuffer(deltas: readonly Delta[]): EncodedDelta[] {
  const encoded = deltas.map(({ collection, id, counters }) => ({ collection, id, counters: encode(counters) }));
  const buffer = new ArrayBuffer(encoded.reduce((sum, { counters }) => sum + counters.length, 0));
  let at = 0;
  return encoded.map(({ collection, id, counters }) => {
    const copy = new Uint8Array(buffer, at, counters.length);
    copy.set(counters);
    at += counters.length;
    return { collection, id, counters: copy };
  });
}
