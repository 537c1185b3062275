// A node of the distributed mode answers for its journal, and lets others hold its counting for a while (see
// mailbox.ts). It is asked in the thread that counts: between two segments of an answer there is always room for one
// to be counted.
import { setTimeout as delay } from 'node:timers/promises';
import type { Collection } from '../../../collections/collection.js';
import type { Mongodb } from '../../store/mongodb/connection.js';
import { insertOrRead } from '../../store/mongodb/writes.js';
import { createAnswerWriter } from './answer-documents.js';
import { openDayFolder } from './fold-day.js';
import type { Responder } from './port.js';
import {
  answerId,
  askId,
  below,
  HOLD,
  nodeId,
  QUESTION,
  questionOf,
  type RepairDocument,
  repairsOf,
  type SentQuestion,
} from './repairs-collection.js';

/** While the counting is held: so it goes on soon when it is held no more. */
const HELD_LOOK_MS = 1_000;
/** Nodes are called; this is for a call that was missed. */
const UNCALLED_LOOK_MS = 5_000;
/** Whoever holds the counting and has ended holds it no longer than this. */
const HOLD_MS_MAX = 20_000;
/** Between two looks for more questions of one who asks: at first, and when there were none for a while. */
const MORE_MS_MIN = 10;
const MORE_MS_MAX = 250;
/** Who asks and is silent for so long has ended. */
const SILENT_MS_MAX = 30_000;
const BEAT_MS = 1_000;
/** So long at a time. */
const TURN_MS = 20;

/** Who asked has gone: there is nobody to answer. */
class NobodyAsks extends Error {}

export function startResponder(mongodb: Mongodb, node: string, folder: string, collections: readonly Collection[]): Responder {
  const repairs = repairsOf(mongodb);
  const journal = openDayFolder(folder, collections);
  /** Who is being answered; and the last one who has gone. */
  let asking: string | undefined;
  let gone: string | undefined;
  let hold: { readonly id: string; readonly sinceMs: number } | undefined;
  let isHeld = false;
  let isLooking = false;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let closed = false;

  const isOn = (id: string) => !closed && asking === id;

  /** Until who asks has gone. A process that was started again meanwhile goes on where the one before was. */
  const serve = async (id: string): Promise<void> => {
    const own = await insertOrRead(repairs, { _id: nodeId(id, node), beats: 0, answered: 0 });
    const say = (answered: number) => repairs.updateOne({ _id: own._id }, { $inc: { beats: 1 }, $set: { answered } });
    const isAlive = createPulse();
    let pauseMs = MORE_MS_MIN;
    for (let n = own.answered ?? 0; isOn(id); ) {
      const found = await repairs.find({ _id: { $in: [QUESTION, askId(id, n)] } }).toArray();
      const { questions } = found.find(({ _id }) => _id !== QUESTION) ?? {};
      if (questions !== undefined) {
        await answer(id, n, questions, () => say(n));
        await say(++n);
        pauseMs = MORE_MS_MIN;
        continue;
      }
      if (!isAlive(id, found[0])) return;
      await delay(pauseMs);
      pauseMs = Math.min(MORE_MS_MAX, 2 * pauseMs);
    }
  };

  const answer = async (
    id: string,
    n: number,
    questions: readonly SentQuestion[],
    beat: () => Promise<unknown>,
  ): Promise<void> => {
    const writer = createAnswerWriter(repairs, answerId(id, n, node));
    const turn = createTurns(beat);
    const turns = async (): Promise<void> => {
      if (!isOn(id)) throw new NobodyAsks();
      await turn();
    };
    await repairs.deleteMany(below(answerId(id, n, node))); // what a process before this one had begun
    try {
      for (const question of questions) await writer.add(await journal.fold(questionOf(question), turns));
      await writer.finish();
    } catch (error) {
      if (!(error instanceof NobodyAsks)) await writer.fail((error as Error).message);
    }
  };

  const look = async (): Promise<void> => {
    const found = await repairs.find({ _id: { $in: [QUESTION, HOLD] } }).toArray();
    const held = found.find(({ _id }) => _id === HOLD);
    if (held?.id !== undefined && held.id !== hold?.id) hold = { id: held.id, sinceMs: performance.now() };
    isHeld = held !== undefined && hold !== undefined && performance.now() - hold.sinceMs < HOLD_MS_MAX;
    const { id } = found.find(({ _id }) => _id === QUESTION) ?? {};
    if (id === undefined || id === asking || id === gone) return;
    asking = id;
    void serve(id)
      .then(() => {
        gone = id;
      })
      .catch(() => {}) // the store does not answer: gone on with at the next look
      .finally(() => {
        if (asking === id) asking = undefined;
      });
  };

  const lookNow = (): void => {
    if (isLooking) return;
    isLooking = true;
    lookedMs = performance.now();
    void look()
      .catch(() => {
        isHeld = false; // counting goes on, as soon as it can
      })
      .finally(() => {
        isLooking = false;
      });
  };
  const timer = setInterval(() => {
    if (isHeld || performance.now() - lookedMs > UNCALLED_LOOK_MS) lookNow();
  }, HELD_LOOK_MS);

  return {
    look() {
      lookedMs = Number.NEGATIVE_INFINITY; // where one is under way that has read too early, another follows
      lookNow();
    },
    async notHeld() {
      while (isHeld && !closed && performance.now() - (hold?.sinceMs ?? 0) < HOLD_MS_MAX) await delay(20);
    },
    async close() {
      closed = true;
      clearInterval(timer);
    },
  };
}

/** Whether who asks still does, and lives. */
function createPulse(): (id: string, question: RepairDocument | undefined) => boolean {
  let heard = { beats: -1, atMs: performance.now() };
  return (id, question) => {
    if (question?.id !== id) return false;
    const { beats = 0 } = question;
    if (beats !== heard.beats) heard = { beats, atMs: performance.now() };
    return performance.now() - heard.atMs < SILENT_MS_MAX;
  };
}

/** Called after each step of work: leaves room for other work now and then, and shows that this goes on. */
function createTurns(beat: () => Promise<unknown>): () => Promise<void> {
  let [beatMs, turnMs] = [performance.now(), performance.now()];
  return async () => {
    if (performance.now() - turnMs < TURN_MS) return;
    await delay(1);
    turnMs = performance.now();
    if (turnMs - beatMs < BEAT_MS) return;
    await beat();
    beatMs = turnMs;
  };
}
