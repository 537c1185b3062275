// A thread that reads ranges of a log, so that all cores do: it folds them, or tells by what their lines are known again.
import { parentPort } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { encode } from '../../counters/codec/codec.js';
import { createFold } from '../../counting/fold.js';
import { createRangeReader, type ImportSettings, type RangeRead } from './line-to-hit.js';
import { createRangeSurveyor, type SurveyedLines } from './overlap/surveyed-lines.js';

interface RangeRequest {
  readonly bytes: Uint8Array;
  readonly directives: string;
}

/** `use` is not answered: what comes after it is read with these settings. */
export type FoldRequest =
  | { readonly use: ImportSettings; readonly watched: readonly number[] }
  | {
      readonly fold: RangeRequest & { readonly receivedAtMs: number; readonly skipped: ReadonlyArray<readonly [number, number]> };
    }
  | { readonly survey: RangeRequest & { readonly untilMs: number } };

export interface FoldAnswer {
  readonly deltas: ReadonlyArray<{ collection: string; id: string; counters: Uint8Array }>;
  readonly read: RangeRead;
}

const port = parentPort as NonNullable<typeof parentPort>;
let read: ReturnType<typeof createRangeReader>;
let survey: ReturnType<typeof createRangeSurveyor>;

port.on('message', (request: FoldRequest) => {
  if ('use' in request) {
    const watched = new Set(request.watched);
    const isWatched = (hour: number) => watched.has(hour);
    read = createRangeReader(request.use, isWatched);
    survey = createRangeSurveyor(request.use, isWatched);
  } else if ('survey' in request) {
    const { bytes, directives, untilMs } = request.survey;
    const lines = survey(textOf(bytes), directives, untilMs);
    port.postMessage(lines satisfies SurveyedLines, [lines.seconds.buffer, lines.hashes.buffer, lines.places.buffer]);
  } else {
    const { bytes, ...range } = request.fold;
    const fold = createFold(DOCUMENT_KINDS);
    const done = read({ ...range, text: textOf(bytes) }, fold);
    const deltas = inOneBuffer(
      fold.deltas().map(({ collection, id, counters }) => ({ collection, id, counters: encode(counters) })),
    );
    const [first] = deltas;
    port.postMessage({ deltas, read: done } satisfies FoldAnswer, first === undefined ? [] : [first.counters.buffer]);
  }
});

/** A character for each byte. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

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
