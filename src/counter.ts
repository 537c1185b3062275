// The counter thread: seals segments, folds them, adds them to the documents, one after the other, in order.
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { COLLECTIONS } from '../collections/index.js';
import { composeCounter } from './compose.js';
import { createObedient } from './deletion/obedient.js';
import { StoreRestored } from './documents/port.js';
import type { CounterData, CounterMessage, CounterOrder, OtherNodes } from './flush/counting.js';
import { flushSegment } from './flush/flush.js';
import { type SegmentFile, removeSealed, segmentPath, segmentsIn } from './journal/segment.js';
import { STOP } from './threads/ending.js';
import { giveWay } from './threads/priority.js';

const RETRY_MS = 1000;
/** While no hits come: a deletion waits for it. */
const OBEY_EVERY_MS = 500;
const CLEAN_EVERY_MS = 3_600_000;
/** A node of which nothing was heard for so long is named in /health. */
const SILENT_MS = 60_000;

giveWay();
const port = parentPort as NonNullable<typeof parentPort>;
const { place, journalFolder, node, boot, journalKeepMs, left } = workerData as CounterData;
const { documents, tombstones, answering, close } = await composeCounter(place, node, journalFolder);
const obedient = createObedient(journalFolder, node, tombstones, Date.now);
const say = (message: CounterMessage) => port.postMessage(message);

let queue: Promise<void> = Promise.resolve();
let waiting = 0;
let isBeating = false;

function enqueue(work: () => Promise<void>): void {
  waiting++;
  queue = queue.then(work).then(() => {
    if (--waiting === 0) say({ type: 'idle' });
  });
}

async function count(segment: SegmentFile, countedUntilMs: number): Promise<void> {
  for (;;) {
    await answering.notHeld();
    const began = performance.now();
    try {
      const obedience = await obedient.obey();
      const flushed = await flushSegment(journalFolder, segment, documents, COLLECTIONS, countedUntilMs, obedience);
      if (flushed.holdsDeleted) obedient.clean(segment);
      say({ type: 'counted', flushed, tookMs: performance.now() - began });
      return;
    } catch (error) {
      if (error instanceof StoreRestored || (error as Error).message.includes('is damaged')) throw error;
      say({ type: 'failed', message: (error as Error).message });
      await delay(RETRY_MS);
    }
    // A failure may have come after the rename that seals.
    const now = segmentsIn(journalFolder).find((file) => file.node === segment.node && file.number === segment.number);
    segment = now ?? segment;
  }
}

async function countLeft(): Promise<void> {
  for (const segment of left) await count(segment, 0); // how far this node is counted is known when all of them are
  if (place.mongodbUri !== undefined) return;
  // Alone in its folder, no other process runs as an id that it had before; and what they left is counted now.
  for (const { id } of await documents.nodes('open')) if (id !== node) await documents.end(id, Date.now());
}

/**
 * Removes segments counted longer ago than they are kept; the newest always stays, so that numbers go on from it. One goes only when the
 * one after it is as old, too: so a journal always begins before the time that it is kept, which is how it is known what it covers.
 */
async function clean(): Promise<void> {
  const segments = segmentsIn(journalFolder);
  const ageOf = (segment: SegmentFile) => Date.now() - statSync(segmentPath(journalFolder, segment)).mtimeMs;
  const newest = segments.findLast((segment) => segment.node === node)?.number ?? 0;
  const done = new Set<string>();
  for (const [i, segment] of segments.entries()) {
    if (done.has(segment.node) || segment.state !== 'sealed' || (segment.node === node && segment.number >= newest - 1)) continue;
    const known = await documents.node(segment.node).catch(() => undefined); // the next time, then
    const counted = (known?.number ?? 0) >= segment.number;
    const next = segments[i + 1];
    const isNextOld = next?.node !== segment.node || ageOf(next) > journalKeepMs;
    if (counted && isNextOld && ageOf(segment) > journalKeepMs) removeSealed(journalFolder, segment);
    else done.add(segment.node); // segments are in order: those that follow are younger
  }
}

let isObeying = false;
let damage = '';

/** In the queue: what is said to be obeyed must not be under way. */
function obey(): void {
  if (isObeying) return;
  isObeying = true;
  const asked = () =>
    obedient.obey().then(
      () => void cleanDeleted(),
      () => {}, // the store does not answer: asked again
    );
  queue = queue.then(asked).finally(() => {
    isObeying = false;
  });
}

/** Beside the queue: a journal of days takes a while. */
async function cleanDeleted(): Promise<void> {
  try {
    await obedient.cleanOld();
  } catch (error) {
    const { message } = error as Error;
    if (message !== damage) console.error(`hitherto: what was deleted is still in the journal: ${message}`);
    damage = message;
  }
}

/** Tells the store that this process lives and how far it has counted, and asks it about the others. */
async function beat(countedUntilMs: number): Promise<void> {
  let outcome: 'alive' | 'lost';
  try {
    outcome = await documents.beat(node, boot, countedUntilMs);
    say({ type: 'beat', others: await otherNodes() });
  } catch (error) {
    if (error instanceof StoreRestored) throw error;
    say({ type: 'failed', message: (error as Error).message });
    return;
  }
  if (outcome === 'lost')
    throw new Error(`another process runs as node ${node}: its journal folder was copied, or is in use twice`);
}

async function otherNodes(): Promise<OtherNodes> {
  // Alone in its folder there is no other; but ids that the folder had before stand there too.
  if (place.mongodbUri === undefined) return { running: 0, countedUntilMs: undefined, silent: [] };
  // one that has never said how far it is has a new id, and so nothing that waits
  const others = (await documents.nodes('open')).filter(({ id, countedUntilMs }) => id !== node && countedUntilMs > 0);
  const silent = others.filter(({ countedUntilMs }) => Date.now() - countedUntilMs > SILENT_MS);
  return {
    running: others.length - silent.length,
    countedUntilMs: others.length === 0 ? undefined : Math.min(...others.map(({ countedUntilMs }) => countedUntilMs)),
    silent: silent.map(({ id }) => id),
  };
}

// An error here has no one to go to: it ends the thread, and with it the process, with its message.
const fail = (error: unknown) => {
  throw error;
};

port.on('message', (order: CounterOrder) => {
  if (order === STOP) {
    void queue
      .then(() => documents.end(node, Date.now(), boot))
      .then(close)
      // without the mark, the next start only listens for a while whether this process lives
      .finally(() => process.exit(0));
  } else if ('countedUntilMs' in order) {
    if (isBeating) return; // the store is slow; the next one will say more
    isBeating = true;
    void beat(order.countedUntilMs)
      .finally(() => {
        isBeating = false;
      })
      .catch(fail);
  } else {
    enqueue(() => count({ ...order.closed, state: 'open' }, order.closedAtMs));
  }
});

enqueue(countLeft);
enqueue(clean);
setInterval(() => enqueue(clean), Math.min(CLEAN_EVERY_MS, Math.max(1000, journalKeepMs))).unref();
setInterval(obey, OBEY_EVERY_MS).unref();
queue.catch(fail);
