// Records which processes use a MongoDB database, except webs, which are registered as nodes. The collection
// `processes` contains `{ _id, what, beats, atMs }`, where the number of heartbeats grows each second. A restore must
// not remove the documents while a worker or a command uses them.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mongodb } from './connection.js';
import { updateOrCreate } from './writes.js';

export const PROCESSES = 'processes';

const HEARTBEAT_MS = 1_000;
/** Longer than the time between two heartbeats, with some allowance for delays. */
const LISTEN_MS = 3_000;
const LEAVING_MS_MAX = 1_000;
/** Entries of killed processes are removed after this time. */
const FORGOTTEN_AFTER_MS = 86_400_000;

interface ProcessDocument {
  readonly _id: string;
  readonly what?: string;
  readonly beats?: number;
  readonly atMs?: number;
}

export interface Presence {
  readonly id: string;
  /** Removes the entry. */
  close(): Promise<void>;
}

/** Makes this process visible to `othersPresent`. `what` is a noun for a sentence, such as "a worker". */
export async function announce(mongodb: Mongodb, what: string): Promise<Presence> {
  const { id, beat, close } = presenceOf(mongodb, what);
  await beat().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { id, close };
}

/** As `announce`, but only after a second, so that short commands write nothing. */
export function announceLater(mongodb: Mongodb, what: string): Presence {
  const { id, close } = presenceOf(mongodb, what);
  return { id, close };
}

function presenceOf(mongodb: Mongodb, what: string): Presence & { beat(): Promise<void> } {
  const processes = processesOf(mongodb);
  const _id = randomBytes(8).toString('hex');
  const named = `${what} (process ${process.pid} on ${hostname()})`;
  let isKnown = false;
  let beating: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    const atMs = Date.now();
    if (!isKnown) await processes.deleteMany({ atMs: { $lt: atMs - FORGOTTEN_AFTER_MS } });
    isKnown = true;
    const update = { $set: { what: named, atMs }, $inc: { beats: 1 } };
    await updateOrCreate(processes, { _id }, () => processes.updateOne({ _id }, update));
  };
  const beat = (): Promise<void> => {
    beating ??= write().finally(() => {
      beating = undefined;
    });
    return beating;
  };
  const timer = setInterval(() => void beat().catch(() => {}), HEARTBEAT_MS); // if one fails, the next one follows
  timer.unref();

  return {
    id: _id,
    beat,
    async close() {
      clearInterval(timer);
      const leaving = async () => {
        await beating?.catch(() => {});
        if (isKnown) await processes.deleteOne({ _id });
      };
      // if the server does not answer, the process exits without waiting: its entry is removed after a day
      await Promise.race([leaving().catch(() => {}), delay(LEAVING_MS_MAX, undefined, { ref: false })]);
    },
  };
}

/** Describes the other processes whose heartbeats arrive within a few seconds. */
export async function othersPresent(mongodb: Mongodb, own: string): Promise<string[]> {
  const processes = processesOf(mongodb);
  const others = () => processes.find({ _id: { $ne: own } }).toArray();
  const before = new Map((await others()).map(({ _id, beats }) => [_id, beats]));
  await delay(LISTEN_MS);
  const alive = (await others()).filter(({ _id, beats }) => before.get(_id) !== beats);
  return alive.map(({ what }) => what ?? 'another process').sort();
}

function processesOf({ db, written, confirmed }: Mongodb) {
  return db.collection<ProcessDocument>(PROCESSES, { writeConcern: written, readConcern: confirmed });
}
