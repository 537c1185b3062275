// The threads that read ranges of logs, and which one is free.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { decode } from '../../counters/codec/codec.js';
import type { Delta } from '../../store/documents.js';
import type { FoldAnswer, FoldRequest } from './fold-worker.js';
import type { ImportSettings, RangeRead } from './line-to-hit.js';
import type { SurveyedLines } from './overlap/surveyed-lines.js';

const THREADS_MAX = 8;

export interface Folded {
  readonly deltas: readonly Delta[];
  readonly read: RangeRead;
}

type Of<Kind extends string> = Extract<FoldRequest, Record<Kind, unknown>>;
export type FoldRange = Of<'fold'>['fold'];
export type SurveyRange = Of<'survey'>['survey'];

/**
 * One log after the other is read by the same threads, since each takes a while to start. The bytes that they are
 * given are given away.
 */
export interface Folders {
  readonly threads: number;
  /** What comes from now on is of this import. `watched`: hours that other logs have counted lines of. */
  use(settings: ImportSettings, watched: readonly number[]): void;
  /** Reads a range on the thread whose turn it is. */
  fold(range: FoldRange): Promise<Folded>;
  survey(range: SurveyRange): Promise<SurveyedLines>;
  close(): Promise<void>;
}

export function startFolders(): Folders {
  const threads = Math.min(THREADS_MAX, availableParallelism());
  const workers = Array.from({ length: threads }, startFolder);
  let turn = 0;
  const next = () => workers[turn++ % threads] as (typeof workers)[number];
  return {
    threads,
    use({ site, key, format, days }, watched) {
      const use: ImportSettings = { site, key, format, ...(days && { days }) };
      for (const { worker } of workers) worker.postMessage({ use, watched } satisfies FoldRequest);
    },
    async fold(fold) {
      const { deltas, read } = (await next().ask({ fold }, fold.bytes)) as FoldAnswer;
      return { read, deltas: deltas.map(deltaOf) };
    },
    survey: async (survey) => (await next().ask({ survey }, survey.bytes)) as SurveyedLines,
    async close() {
      await Promise.all(workers.map(({ worker }) => worker.terminate()));
    },
  };
}

function startFolder() {
  const worker = new Worker(new URL('./fold-worker.js', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 12 } });
  const waiting: Array<{ resolve: (answer: unknown) => void; reject: (error: Error) => void }> = [];
  worker.on('message', (answer) => waiting.shift()?.resolve(answer));
  worker.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  return {
    worker,
    ask: (request: FoldRequest, bytes: Uint8Array) =>
      new Promise<unknown>((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(request, [bytes.buffer as ArrayBuffer]);
      }),
  };
}

function deltaOf({ collection, id, counters }: FoldAnswer['deltas'][number]): Delta {
  const name = collection.slice(0, collection.indexOf('.'));
  const caps = DOCUMENT_KINDS.find((candidate) => candidate.name === name)?.caps ?? {};
  return { collection, id, caps, counters: decode(Buffer.from(counters.buffer, counters.byteOffset, counters.byteLength)) };
}
