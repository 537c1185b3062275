// The threads that read ranges of logs. They take turns.
import { availableParallelism } from 'node:os';
import { decode } from '../../counters/codec/codec.js';
import type { Delta } from '../../store/documents.js';
import { builtFile } from '../../system/program.js';
import { type Moved, startThread, type Thread } from '../../threads/call.js';
import { capsOf } from '../caps.js';
import type { ImportSettings, RangeRead } from './line-to-hit.js';
import type { SurveyedLines } from './overlap/surveyed-lines.js';

const THREADS_MAX = 8;

/** What a thread of the pool offers. */
export interface FoldThread {
  /** Sets the import that the ranges of later calls belong to. */
  use(use: UsedSettings): void;
  fold(range: FoldRange): Moved<EncodedFold>;
  survey(range: SurveyRange): Moved<SurveyedLines>;
}

export interface UsedSettings {
  readonly settings: ImportSettings;
  /** Hours from which other logs have counted lines. */
  readonly watched: readonly number[];
}

interface LogRange {
  readonly bytes: Uint8Array;
  readonly directives: string;
}
export type FoldRange = LogRange & {
  readonly receivedAtMs: number;
  readonly skipped: ReadonlyArray<readonly [from: number, to: number]>;
};
export type SurveyRange = LogRange & { readonly untilMs: number };

/** A delta without its caps, which the main thread knows. */
export interface EncodedDelta {
  readonly collection: string;
  readonly id: string;
  readonly counters: Uint8Array<ArrayBuffer>;
}
export interface EncodedFold {
  readonly deltas: readonly EncodedDelta[];
  readonly read: RangeRead;
}

export interface Folded {
  readonly deltas: readonly Delta[];
  readonly read: RangeRead;
}

/**
 * All logs are read by the same threads, since each thread takes a while to start. The bytes of a range are moved to
 * its thread.
 */
export interface FoldPool {
  readonly threads: number;
  /** Later ranges belong to this import. */
  use(settings: ImportSettings, watched: readonly number[]): void;
  fold(range: FoldRange): Promise<Folded>;
  survey(range: SurveyRange): Promise<SurveyedLines>;
  close(): Promise<void>;
}

export function startFoldPool(): FoldPool {
  const count = Math.min(THREADS_MAX, availableParallelism());
  const threads: Array<Thread<FoldThread>> = Array.from({ length: count }, () =>
    startThread(builtFile('src/operations/import/fold-worker.js'), {
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
      offers: {},
    }),
  );
  let turn = 0;
  const next = () => threads[turn++ % count] as Thread<FoldThread>;
  const moved = ({ bytes }: LogRange) => ({ move: [bytes.buffer as ArrayBuffer] });
  return {
    threads: count,
    use({ site, key, format, days }, watched) {
      const settings: ImportSettings = { site, key, format, ...(days && { days }) };
      for (const thread of threads) thread.notify('use', { settings, watched });
    },
    async fold(range) {
      const { deltas, read } = await next().call('fold', range, moved(range));
      return { read, deltas: deltas.map(deltaOf) };
    },
    survey: (range) => next().call('survey', range, moved(range)),
    async close() {
      await Promise.all(threads.map((thread) => thread.stop(0)));
    },
  };
}

function deltaOf({ collection, id, counters }: EncodedDelta): Delta {
  const encoded = Buffer.from(counters.buffer, counters.byteOffset, counters.byteLength);
  return { collection, id, caps: capsOf(collection), counters: decode(encoded) };
}
