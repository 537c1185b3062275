// The counter thread: seals segments, folds them, adds them to the documents, one after the other, in order.
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { COLLECTIONS } from '../collections/index.js';
import { composeCounter } from './compose.js';
import type { CounterData, CounterMessage, CounterOrder } from './flush/counting.js';
import { flushSegment } from './flush/flush.js';
import { type SegmentFile, removeSealed, segmentPath, segmentsIn } from './journal/segment.js';
import { giveWay } from './priority.js';

const RETRY_MS = 1000;
const CLEAN_EVERY_MS = 3_600_000;

giveWay();
const port = parentPort as NonNullable<typeof parentPort>;
const { dataDir, journalFolder, node, journalKeepMs, left } = workerData as CounterData;
const { documents, close } = composeCounter(dataDir);
const say = (message: CounterMessage) => port.postMessage(message);

let queue: Promise<void> = Promise.resolve();
let waiting = 0;

function enqueue(work: () => Promise<void>): void {
  waiting++;
  queue = queue.then(work).then(() => {
    if (--waiting === 0) say({ type: 'idle' });
  });
}

async function count(segment: SegmentFile, countedUntilMs: number): Promise<void> {
  for (;;) {
    const began = performance.now();
    try {
      const flushed = await flushSegment(journalFolder, segment, documents, COLLECTIONS, countedUntilMs);
      say({ type: 'counted', flushed, tookMs: performance.now() - began });
      return;
    } catch (error) {
      if ((error as Error).message.includes('is damaged')) throw error;
      say({ type: 'failed', message: (error as Error).message });
      await delay(RETRY_MS);
    }
    // A failure may have come after the rename that seals.
    const now = segmentsIn(journalFolder).find((file) => file.node === segment.node && file.number === segment.number);
    segment = now ?? segment;
  }
}

async function countLeft(): Promise<void> {
  for (const segment of left) {
    const known = await documents.node(segment.node);
    if ((known?.number ?? 0) < segment.number) await count(segment, Date.now());
  }
}

/** Removes segments counted longer ago than they are kept; the newest always stays, so that numbers go on from it. */
async function clean(): Promise<void> {
  const segments = segmentsIn(journalFolder);
  const newest = segments.findLast((segment) => segment.node === node)?.number ?? 0;
  const done = new Set<string>();
  for (const segment of segments) {
    if (done.has(segment.node) || segment.state !== 'sealed' || (segment.node === node && segment.number >= newest - 1)) continue;
    const counted = ((await documents.node(segment.node))?.number ?? 0) >= segment.number;
    const age = Date.now() - statSync(segmentPath(journalFolder, segment)).mtimeMs;
    if (counted && age > journalKeepMs) removeSealed(journalFolder, segment);
    else done.add(segment.node); // segments are in order: those that follow are younger
  }
}

// An error here has no one to go to: it ends the thread, and with it the process, with its message.
const fail = (error: unknown) => {
  throw error;
};

port.on('message', (order: CounterOrder) => {
  if (order === 'stop') {
    void queue
      .then(close)
      .then(() => process.exit(0))
      .catch(fail);
  } else {
    enqueue(() => count({ ...order.closed, state: 'open' }, order.closedAtMs));
  }
});

enqueue(countLeft);
enqueue(clean);
setInterval(() => enqueue(clean), Math.min(CLEAN_EVERY_MS, Math.max(1000, journalKeepMs))).unref();
queue.catch(fail);
