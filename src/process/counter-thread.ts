// The counter thread: seals segments, folds them, adds them to the documents, one after the other, in order. Beside
// that it has what is counted packed and removed.
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { catchUp } from '../counting/catch-up.js';
import type { CounterData, CounterMessage, CounterOrder, OtherNodes } from '../counting/client.js';
import { flushSegment } from '../counting/count-segment.js';
import { createNodeDeletions } from '../counting/deleted/node-deletions.js';
import type { Point } from '../hit/hit.js';
import { createKeeper } from '../journal/keeper.js';
import type { PackingOrder } from '../journal/packing.js';
import type { Uncounted } from '../journal/packs.js';
import { segmentsIn } from '../journal/segment.js';
import { StoreRestored } from '../store/documents.js';
import { storeFile } from '../store/lmdb/environment.js';
import { messageOf } from '../store/lmdb/file/store-damaged.js';
import { log } from '../system/log.js';
import { STOP } from '../threads/ending.js';
import { giveWay } from '../threads/priority.js';
import { composeCounter } from './compose.js';

const RETRY_MS = 1000;
/** While no hits come: a deletion waits for it. Nobody calls where the store is a folder, into which another process writes. */
const APPLY_EVERY_MS = 500;
/** With MongoDB whoever deletes something calls all nodes; this is for a call that was missed. */
const UNCALLED_MS_MAX = 5_000;
/** How long counted hits wait to be packed. */
const PACK_EVERY_MS = 120_000;
const PACK_AT_STOP_MS_MAX = 2_000;
const REMOVE_EVERY_MS = 3_600_000;
const ROOM_EVERY_MS = 5_000;
/** A node of which nothing was heard for so long is named in /health. */
const SILENT_MS = 60_000;

giveWay();
const port = parentPort as NonNullable<typeof parentPort>;
const { place, journalFolder, node, boot, journalKeepMs, journalKeptBytesMax, left } = workerData as CounterData;
const { documents, tombstones, holds, wipe, responder, close } = await composeCounter(place, node, journalFolder);
const say = (message: CounterMessage) => port.postMessage(message);

/** Those who wait until the main thread, which writes the sketches, has forgotten some. */
const forgetting = new Map<number, () => void>();
let forgettings = 0;
const forget = (site: string, from: string, to: string): Promise<void> =>
  new Promise((resolve) => {
    const id = forgettings++;
    forgetting.set(id, resolve);
    say({ type: 'forget', id, site, from, to });
  });

const deletions = createNodeDeletions({ folder: journalFolder, node, tombstones, forget, nowMs: Date.now });
const keeper = createKeeper({
  folder: journalFolder,
  node,
  keepMs: journalKeepMs,
  keptBytesMax: journalKeptBytesMax,
  holds,
  countedUpTo: async (id) => (await documents.node(id))?.number ?? 0,
  pack: packInThread,
  nowMs: Date.now,
});

let queue: Promise<void> = Promise.resolve();
let waiting = 0;
let isBeating = false;

function enqueue(work: () => Promise<void>): void {
  waiting++;
  queue = queue.then(work).then(() => {
    if (--waiting === 0) say({ type: 'idle' });
  });
}

async function count(segment: Uncounted, countedUntilMs: number, points: readonly Point[]): Promise<void> {
  for (;;) {
    await responder.untilResumed();
    const began = performance.now();
    try {
      const filter = await deletions.apply();
      const flushed = await flushSegment(journalFolder, segment, {
        documents,
        collections: DOCUMENT_KINDS,
        countedUntilMs,
        filter,
        points,
      });
      if (segment.state !== 'packed') {
        if (flushed.holdsDeleted) deletions.clean(segment);
        if (journalKeepMs === 0) keeper.drop({ ...segment, state: 'sealed' });
      }
      say({ type: 'counted', flushed, tookMs: performance.now() - began });
      return;
    } catch (error) {
      await pauseAfter(error);
    }
    // A failure may have come after the rename that seals.
    const now = segmentsIn(journalFolder).find((file) => file.node === segment.node && file.number === segment.number);
    if (segment.state !== 'packed') segment = now ?? segment;
  }
}

/** What fails is said, and tried again after a pause; unless it fails for good. */
async function pauseAfter(error: unknown): Promise<void> {
  if (error instanceof StoreRestored || (error as Error).message.includes('is damaged')) throw error;
  say({ type: 'failed', message: messageOf(error, storeFile(place.dataDir)) });
  await delay(RETRY_MS);
}

async function countLeft(): Promise<void> {
  for (const segment of left) await count(segment, 0, []); // how far this node is counted is known when all of them are
  if (left.length > 0) await catchUpSketches();
  if (place.mongodbUri !== undefined) return;
  // Alone in its folder, no other process runs as an id that it had before; and what they left is counted now.
  for (const { id } of await documents.nodes('open')) if (id !== node) await documents.end(id, Date.now());
}

/** The points of hits that an earlier process left uncounted are in the sketches alone. */
async function catchUpSketches(): Promise<void> {
  for (;;) {
    try {
      const filter = await deletions.apply();
      await catchUp({ folder: journalFolder, documents, collections: DOCUMENT_KINDS, filter });
      return;
    } catch (error) {
      await pauseAfter(error);
    }
  }
}

/** What is done to files that are counted: one after the other, beside the counting. */
let journalWork: Promise<void> = Promise.resolve();
const failures = new Map<string, string>();

/** Says once why it fails; it is done again the next time. */
function enqueueJournalWork(what: string, work: () => Promise<void>): Promise<void> {
  journalWork = journalWork.then(work).then(
    () => void failures.delete(what),
    (error: Error) => {
      if (failures.get(what) !== error.message) log(`${what}: ${error.message}`);
      failures.set(what, error.message);
    },
  );
  return journalWork;
}

const pack = async (): Promise<void> => {
  await enqueueJournalWork('counted hits cannot be packed, and stay as they are', () => keeper.pack());
  await enqueueJournalWork('what counters were a moment ago cannot be overwritten in the store', wipe);
};
const removeOld = () => enqueueJournalWork('old hits cannot be removed from the journal', () => keeper.removeOld());
const makeRoom = () => enqueueJournalWork('the journal cannot make room on the disk', () => keeper.makeRoom());

/** What is left at the end is little: to start a thread for it would take longer. */
function packHere(): Promise<void> {
  isStopping = true;
  return pack();
}

let isStopping = false;

async function packInThread(order: PackingOrder): Promise<void> {
  if (isStopping) {
    const { packJournal } = await import('../journal/packing.js');
    await packJournal(order);
    return;
  }
  const thread = new Worker(new URL('./packing-thread.js', import.meta.url), { workerData: order });
  await new Promise<void>((resolve, reject) => {
    thread.once('error', reject);
    thread.once('exit', () => resolve());
  });
}

let isApplying = false;
let appliedMs = 0;

/** Runs on the queue, so that no segment is being counted without a tombstone when the node acknowledges it. */
function applyDeletions(): void {
  if (isApplying) return;
  isApplying = true;
  appliedMs = performance.now();
  const asked = () =>
    deletions.apply().then(
      () => void cleanDeleted(),
      () => {}, // the store does not answer: asked again
    );
  queue = queue.then(asked).finally(() => {
    isApplying = false;
  });
}

function applyIfDue(): void {
  const isCalled = place.mongodbUri !== undefined && deletions.isClean();
  if (!isCalled || performance.now() - appliedMs > UNCALLED_MS_MAX) applyDeletions();
}

/** Beside the queue: a journal of days takes a while. */
function cleanDeleted(): Promise<void> {
  return enqueueJournalWork('what was deleted is still in the journal', () => deletions.cleanOld());
}

/** Tells the store that this process lives and how far it has counted, and asks it about the others. */
async function beat(countedUntilMs: number): Promise<void> {
  let outcome: 'alive' | 'lost';
  try {
    outcome = await documents.beat(node, boot, countedUntilMs);
    say({ type: 'beat', others: await otherNodes() });
  } catch (error) {
    if (error instanceof StoreRestored) throw error;
    say({ type: 'failed', message: messageOf(error, storeFile(place.dataDir)) });
    return;
  }
  if (outcome === 'lost')
    throw new Error(`another process runs as node ${node}: its journal folder was copied, or is in use twice`);
}

async function otherNodes(): Promise<OtherNodes> {
  // Alone in its folder there is no other; but ids that the folder had before stand there too.
  if (place.mongodbUri === undefined) return { running: 0, countedUntilMs: undefined, silent: [] };
  // one that has never said how far it is has a new id, and so nothing that waits
  const open = await documents.nodes('open');
  answerCall(open.find(({ id }) => id === node)?.call);
  const others = open.filter(({ id, countedUntilMs }) => id !== node && countedUntilMs > 0);
  const silent = others.filter(({ countedUntilMs }) => Date.now() - countedUntilMs > SILENT_MS);
  return {
    running: others.length - silent.length,
    countedUntilMs: others.length === 0 ? undefined : Math.min(...others.map(({ countedUntilMs }) => countedUntilMs)),
    silent: silent.map(({ id }) => id),
  };
}

let answeredCall: string | undefined;

function answerCall(call: string | undefined): void {
  if (call === answeredCall) return;
  answeredCall = call;
  appliedMs = Number.NEGATIVE_INFINITY; // where one is under way that has read too early, another follows
  applyDeletions();
  responder.checkForQueries();
}

// An error here has no one to go to: it ends the thread, and with it the process, with its message.
const fail = (error: unknown) => {
  throw error;
};

port.on('message', (order: CounterOrder) => {
  if (order === STOP) {
    void queue
      .then(() => Promise.race([packHere(), delay(PACK_AT_STOP_MS_MAX)])) // else the next start does it
      .then(() => documents.end(node, Date.now(), boot))
      .then(close)
      // without the mark, the next start only listens for a while whether this process lives
      .finally(() => process.exit(0));
  } else if ('forgotten' in order) {
    forgetting.get(order.forgotten)?.();
    forgetting.delete(order.forgotten);
  } else if ('countedUntilMs' in order) {
    if (isBeating) return; // the store is slow; the next one will say more
    isBeating = true;
    void beat(order.countedUntilMs)
      .finally(() => {
        isBeating = false;
      })
      .catch(fail);
  } else {
    enqueue(() => count({ ...order.closed, state: 'open' }, order.closedAtMs, order.points));
  }
});

enqueue(countLeft);
enqueue(async () => {
  void removeOld();
  void pack();
});
setInterval(removeOld, Math.min(REMOVE_EVERY_MS, Math.max(1000, journalKeepMs))).unref();
setInterval(pack, PACK_EVERY_MS).unref();
setInterval(makeRoom, ROOM_EVERY_MS).unref();
setInterval(applyIfDue, APPLY_EVERY_MS).unref();
queue.catch(fail);
