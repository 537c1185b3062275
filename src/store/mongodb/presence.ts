// Which processes use a MongoDB database, beside the webs, whose nodes say so themselves: `{ _id, what, beats, atMs
// }` in `processes`, of which the beats rise each second. So a restore knows of workers and commands that it must not
// pull the documents from under.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mongodb } from './connection.js';
import { updateOrMake } from './writes.js';

export const PROCESSES = 'processes';

const BEAT_MS = 1_000;
/** Longer than two signs of life are apart, and what may hold one up. */
const LISTEN_MS = 3_000;
const LEAVING_MS_MAX = 1_000;
/** What a process left that was killed. */
const FORGOTTEN_AFTER_MS = 86_400_000;

interface ProcessDocument {
  readonly _id: string;
  readonly what?: string;
  readonly beats?: number;
  readonly atMs?: number;
}

export interface Presence {
  readonly id: string;
  /** Nothing is left of it then. */
  close(): Promise<void>;
}

/** From now on this process is seen by `othersPresent`. `what`: in a sentence, such as "a worker". */
export async function announce(mongodb: Mongodb, what: string): Promise<Presence> {
  const { id, beat, close } = presenceOf(mongodb, what);
  await beat().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { id, close };
}

/** As `announce`, once the process has gone on for a second: a command that is over sooner writes nothing. */
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
    await updateOrMake(processes, { _id }, () => processes.updateOne({ _id }, update));
  };
  const beat = (): Promise<void> => {
    beating ??= write().finally(() => {
      beating = undefined;
    });
    return beating;
  };
  const timer = setInterval(() => void beat().catch(() => {}), BEAT_MS); // where one fails, the next one comes
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
      // where the server does not answer, a process that ends does not wait: what it leaves is forgotten after a day
      await Promise.race([leaving().catch(() => {}), delay(LEAVING_MS_MAX, undefined, { ref: false })]);
    },
  };
}

/** What other processes there are, by listening for some seconds. */
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
