// The counter thread: counts closed segments, applies deletions, sends heartbeats, and packs and removes what is
// counted.
import { setTimeout as delay } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { DOCUMENT_KINDS } from '../../collections/documents.js';
import { createCounter } from '../counting/counter.js';
import { createNodeDeletions } from '../counting/deleted/node-deletions.js';
import { createHeartbeat } from '../counting/heartbeat.js';
import { createJournalWork } from '../counting/journal-work.js';
import type { CounterData, CounterThread, CounterWatcher } from '../counting/protocol.js';
import { createJournalCleaner } from '../journal/cleaner.js';
import { type PackingOrder, packJournal } from '../journal/packing.js';
import { storeFile } from '../store/lmdb/environment.js';
import { messageOf } from '../store/lmdb/file/store-damaged.js';
import { log } from '../system/log.js';
import { builtFile } from '../system/program.js';
import { serve, startThread } from '../threads/call.js';
import { lowerThreadPriority } from '../threads/priority.js';
import { composeCounter } from './compose.js';
import type { PackingThread } from './packing-thread.js';

/** While no hits arrive: how often tombstones of other processes are read, which cannot wake this node in a data folder. */
const APPLY_EVERY_MS = 500;
/** With MongoDB, every process that deletes something wakes all nodes. This is in case a wake-up was missed. */
const NOT_WOKEN_MS_MAX = 5_000;
/** How long counted hits wait to be packed. */
const PACK_EVERY_MS = 120_000;
const PACK_AT_STOP_MS_MAX = 2_000;
const PACKING_STOP_MS_MAX = 10_000;
const REMOVE_EVERY_MS = 3_600_000;
const FREE_SPACE_EVERY_MS = 5_000;

lowerThreadPriority();
const { place, journalFolder, node, boot, journalKeepMs, journalKeptBytesMax, left } = workerData as CounterData;
const isAlone = place.mongodbUri === undefined;
const { store, responder, close } = await composeCounter(place, node, journalFolder);
const { documents, nodes, tombstones, holds } = store;

/** Segments are counted one after the other, and tombstones are applied between two of them. */
let queue: Promise<void> = Promise.resolve();
let waiting = 0;
let isStopping = false;

const main = serve<CounterWatcher, CounterThread>(
  {
    closed: ({ segment, closedAtMs, points }) => enqueue(() => counter.count({ ...segment, state: 'open' }, closedAtMs, points)),
    countedUntil: (atMs) => void heartbeat(atMs).catch(fail),
  },
  stop,
);
const fails = (error: unknown) => main.notify('failed', messageOf(error, storeFile(place.dataDir)));
const deletions = createNodeDeletions({
  folder: journalFolder,
  node,
  tombstones,
  forget: (site, from, to) => main.call('forget', { site, from, to }),
  nowMs: Date.now,
});
const cleaner = createJournalCleaner({
  folder: journalFolder,
  node,
  keepMs: journalKeepMs,
  keptBytesMax: journalKeptBytesMax,
  holds,
  countedUpTo: async (id) => (await nodes.get(id))?.number ?? 0,
  pack,
  nowMs: Date.now,
});
const journalWork = createJournalWork({ cleaner, deletions, scrub: store.startScrubbing(), log });
const counter = createCounter({
  journalFolder,
  documents,
  kinds: DOCUMENT_KINDS,
  deletions,
  cleaner,
  keepsHits: journalKeepMs > 0,
  untilResumed: () => responder.untilResumed(),
  onCounted: (counted) => main.notify('counted', counted),
  onFailed: fails,
});
const heartbeat = createHeartbeat({
  nodes,
  node,
  boot,
  isAlone,
  onWakeUp() {
    appliedAtMs = Number.NEGATIVE_INFINITY; // an attempt that is running may have read too early: another follows
    applyTombstones();
    responder.checkForQueries();
  },
  onHeartbeat: (others) => main.notify('heartbeat', others),
  onFailed: fails,
});

let isApplying = false;
let appliedAtMs = 0;

enqueue(countLeft);
enqueue(async () => {
  void journalWork.removeExpired();
  void journalWork.pack();
});
setInterval(journalWork.removeExpired, Math.min(REMOVE_EVERY_MS, Math.max(1000, journalKeepMs))).unref();
setInterval(journalWork.pack, PACK_EVERY_MS).unref();
setInterval(journalWork.freeSpace, FREE_SPACE_EVERY_MS).unref();
setInterval(applyIfDue, APPLY_EVERY_MS).unref();
queue.catch(fail);

function enqueue(work: () => Promise<void>): void {
  waiting++;
  queue = queue.then(work).then(() => {
    if (--waiting === 0) main.notify('idle', undefined);
  });
}

/** Counts what earlier processes left in the journal. */
async function countLeft(): Promise<void> {
  for (const segment of left) await counter.count(segment, 0, []); // how far this node has counted is known after the last one
  if (left.length > 0) await counter.catchUpSketches();
  if (!isAlone) return;
  // No process will run again as an id that this folder had before, and the hits of those are counted now.
  for (const { id } of await nodes.list('open')) if (id !== node) await nodes.end(id, Date.now());
}

/**
 * Runs on the queue, so that no segment is being counted under the old tombstones when this node acknowledges the new
 * ones.
 */
function applyTombstones(): void {
  if (isApplying) return;
  isApplying = true;
  appliedAtMs = performance.now();
  const apply = () =>
    deletions.apply().then(
      () => void journalWork.cleanDeleted(), // not on the queue: a journal of days takes a while
      () => {}, // the store does not answer: tried again
    );
  queue = queue.then(apply).finally(() => {
    isApplying = false;
  });
}

function applyIfDue(): void {
  const isWoken = !isAlone && deletions.isClean();
  if (!isWoken || performance.now() - appliedAtMs > NOT_WOKEN_MS_MAX) applyTombstones();
}

async function pack(order: PackingOrder): Promise<void> {
  if (isStopping) {
    // Little is left by then: starting a thread for it would take longer.
    await packJournal(order);
    return;
  }
  const thread = startThread<PackingThread>(builtFile('src/process/packing-thread.js'), { offers: {} });
  try {
    await thread.call('pack', order);
  } finally {
    await thread.stop(PACKING_STOP_MS_MAX);
  }
}

/** Counts what is closed. Without the last step, the next start waits for a while whether this process still runs. */
async function stop(): Promise<void> {
  await queue;
  isStopping = true;
  await Promise.race([journalWork.pack(), delay(PACK_AT_STOP_MS_MAX)]); // the next start does what is left
  await nodes.end(node, Date.now(), boot);
  await close();
}

/** An error that nobody here can handle ends the thread, and with it the process, with its message. */
function fail(error: unknown): never {
  throw error;
}
