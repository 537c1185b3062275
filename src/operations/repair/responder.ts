// A node of the distributed mode answers queries about its journal, and lets other processes pause its counting for a
// while (repairs-collection.ts). It runs in the thread that counts. While it answers, it regularly leaves time for a
// segment to be counted.
import { setTimeout as delay } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import type { DocumentKind } from '../../../collections/document-kind.js';
import type { Mongodb } from '../../store/mongodb/connection.js';
import { insertOrRead } from '../../store/mongodb/writes.js';
import { createAnswerWriter } from './answer-documents.js';
import { type DayFolder, openDayFolder } from './fold-day.js';
import type { JournalResponder } from './port.js';
import {
  answerId,
  askId,
  below,
  HOLD,
  nodeId,
  QUESTION,
  queryOf,
  type RepairDocument,
  repairsOf,
  type SentQuery,
  SILENT_MS_MAX,
} from './repairs-collection.js';

/** Checks while counting is paused, so that it resumes soon after the pause has ended. */
const PAUSED_CHECK_MS = 1_000;
/** Nodes are woken up; this interval is for a wake-up that was missed. */
const UNPROMPTED_CHECK_MS = 5_000;
/** If the process that paused the counting has exited, counting resumes after this time. */
const PAUSE_MS_MAX = 20_000;
/** Between two checks for the next queries: the first interval, and the longest one when there were none for a while. */
const NEXT_MS_MIN = 10;
const NEXT_MS_MAX = 250;

const HEARTBEAT_MS = 1_000;
/** How long the node works before it leaves time for other work. */
const TURN_MS = 20;

/** The process that asked has exited, so there is nobody to answer. */
class Abandoned extends Error {}

export function startResponder(mongodb: Mongodb, node: string, folder: string, kinds: readonly DocumentKind[]): JournalResponder {
  const repairs = repairsOf(mongodb);
  const inquiries = createInquiries(repairs, node, openDayFolder(folder, kinds));
  const pause = createPause();
  let isChecking = false;
  let checkedMs = Number.NEGATIVE_INFINITY;

  const check = async (): Promise<void> => {
    const found = await repairs.find({ _id: { $in: [QUESTION, HOLD] } }).toArray();
    pause.update(found.find(({ _id }) => _id === HOLD));
    inquiries.begin(found.find(({ _id }) => _id === QUESTION)?.id);
  };
  const checkNow = (): void => {
    if (isChecking) return;
    isChecking = true;
    checkedMs = performance.now();
    void check()
      .catch(() => pause.update(undefined)) // counting must go on when the store is available again
      .finally(() => {
        isChecking = false;
      });
  };
  const timer = setInterval(() => {
    if (pause.isPaused() || performance.now() - checkedMs > UNPROMPTED_CHECK_MS) checkNow();
  }, PAUSED_CHECK_MS);

  return {
    checkForQueries() {
      checkedMs = Number.NEGATIVE_INFINITY; // a check that is running may have read too early: another one follows
      checkNow();
    },
    untilResumed: () => pause.untilOver(),
    async close() {
      inquiries.close();
      pause.close();
      clearInterval(timer);
    },
  };
}

/** Whether another process pauses the counting. */
function createPause() {
  let latest: { readonly id: string; readonly sinceMs: number } | undefined;
  let isPaused = false;
  let closed = false;
  const isRecent = () => latest !== undefined && performance.now() - latest.sinceMs < PAUSE_MS_MAX;
  return {
    isPaused: () => isPaused,
    update(hold: RepairDocument | undefined): void {
      if (hold?.id !== undefined && hold.id !== latest?.id) latest = { id: hold.id, sinceMs: performance.now() };
      isPaused = hold !== undefined && isRecent();
    },
    async untilOver(): Promise<void> {
      while (isPaused && !closed && isRecent()) await delay(20);
    },
    close(): void {
      closed = true;
    },
  };
}

/** Answers one process after the other, until it exits. */
function createInquiries(repairs: Collection<RepairDocument>, node: string, journal: DayFolder) {
  /** The inquiry that is being answered, and the last one that has ended. */
  let current: string | undefined;
  let ended: string | undefined;
  let closed = false;
  const isCurrent = (id: string) => !closed && current === id;

  /** Returns when the process that asks has exited. After a restart, a node continues where it was. */
  const serve = async (id: string): Promise<void> => {
    const own = await insertOrRead(repairs, { _id: nodeId(id, node), beats: 0, answered: 0 });
    const report = (answered: number) => repairs.updateOne({ _id: own._id }, { $inc: { beats: 1 }, $set: { answered } });
    const isAlive = createHeartbeatCheck();
    let pauseMs = NEXT_MS_MIN;
    for (let n = own.answered ?? 0; isCurrent(id); ) {
      const found = await repairs.find({ _id: { $in: [QUESTION, askId(id, n)] } }).toArray();
      const { questions } = found.find(({ _id }) => _id !== QUESTION) ?? {};
      if (questions !== undefined) {
        await answer(id, n, questions, () => report(n));
        await report(++n);
        pauseMs = NEXT_MS_MIN;
        continue;
      }
      if (!isAlive(id, found[0])) return;
      await delay(pauseMs);
      pauseMs = Math.min(NEXT_MS_MAX, 2 * pauseMs);
    }
  };

  const answer = async (id: string, n: number, queries: readonly SentQuery[], heartbeat: () => Promise<unknown>) => {
    const writer = createAnswerWriter(repairs, answerId(id, n, node));
    const turn = createTurns(heartbeat);
    const turns = async (): Promise<void> => {
      if (!isCurrent(id)) throw new Abandoned();
      await turn();
    };
    await repairs.deleteMany(below(answerId(id, n, node))); // an earlier process of this node may have begun it
    try {
      for (const query of queries) await writer.add(await journal.fold(queryOf(query), turns));
      await writer.finish();
    } catch (error) {
      if (!(error instanceof Abandoned)) await writer.fail((error as Error).message);
    }
  };

  return {
    begin(id: string | undefined): void {
      if (id === undefined || id === current || id === ended) return;
      current = id;
      void serve(id)
        .then(() => {
          ended = id;
        })
        .catch(() => {}) // the store is unavailable: the next check continues
        .finally(() => {
          if (current === id) current = undefined;
        });
    },
    close(): void {
      closed = true;
    },
  };
}

/** Whether the process that asks still sends heartbeats. */
function createHeartbeatCheck(): (id: string, question: RepairDocument | undefined) => boolean {
  let latest = { beats: -1, atMs: performance.now() };
  return (id, question) => {
    if (question?.id !== id) return false;
    const { beats = 0 } = question;
    if (beats !== latest.beats) latest = { beats, atMs: performance.now() };
    return performance.now() - latest.atMs < SILENT_MS_MAX;
  };
}

/** The result is called after each step. It leaves time for other work now and then, and sends heartbeats. */
function createTurns(heartbeat: () => Promise<unknown>): () => Promise<void> {
  let [heartbeatMs, turnMs] = [performance.now(), performance.now()];
  return async () => {
    if (performance.now() - turnMs < TURN_MS) return;
    await delay(1);
    turnMs = performance.now();
    if (turnMs - heartbeatMs < HEARTBEAT_MS) return;
    await heartbeat();
    heartbeatMs = turnMs;
  };
}
