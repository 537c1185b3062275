// The threads that fold, and which one is free.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { COLLECTIONS } from '../../collections/index.js';
import { decode } from '../counters/codec.js';
import type { Delta } from '../documents/port.js';
import type { FoldAnswer, FoldRequest } from './fold-worker.js';
import type { ImportSettings, RangeTally } from './line-to-hit.js';

const THREADS_MAX = 8;

export interface Folders {
  readonly threads: number;
  /** Folds a range on the thread whose turn it is. The bytes are given away. */
  fold(bytes: Uint8Array<ArrayBuffer>, receivedAtMs: number): Promise<{ deltas: Delta[]; tally: RangeTally }>;
  close(): Promise<void>;
}

export function startFolders(settings: ImportSettings): Folders {
  const threads = Math.min(THREADS_MAX, availableParallelism());
  const workers = Array.from({ length: threads }, () => startFolder(settings));
  let turn = 0;
  return {
    threads,
    fold: (bytes, receivedAtMs) => (workers[turn++ % threads] as (typeof workers)[number]).fold(bytes, receivedAtMs),
    async close() {
      await Promise.all(workers.map(({ worker }) => worker.terminate()));
    },
  };
}

function startFolder({ site, key }: ImportSettings) {
  const worker = new Worker(new URL('./fold-worker.js', import.meta.url), {
    workerData: { site, key } satisfies ImportSettings,
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
  });
  const waiting: Array<{ resolve: (answer: FoldAnswer) => void; reject: (error: Error) => void }> = [];
  worker.on('message', (answer: FoldAnswer) => waiting.shift()?.resolve(answer));
  worker.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  return {
    worker,
    async fold(bytes: Uint8Array<ArrayBuffer>, receivedAtMs: number) {
      const answer = await new Promise<FoldAnswer>((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage({ bytes, receivedAtMs } satisfies FoldRequest, [bytes.buffer]);
      });
      return { tally: answer.tally, deltas: answer.deltas.map(deltaOf) };
    },
  };
}

function deltaOf({ collection, id, counters }: FoldAnswer['deltas'][number]): Delta {
  const name = collection.slice(0, collection.indexOf('.'));
  const caps = COLLECTIONS.find((candidate) => candidate.name === name)?.caps ?? {};
  return { collection, id, caps, counters: decode(Buffer.from(counters.buffer, counters.byteOffset, counters.byteLength)) };
}
