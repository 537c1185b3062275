// The journals of the distributed mode: the nodes that run are asked, through what mailbox.ts describes.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Documents } from '../../store/documents.js';
import type { Mongodb } from '../../store/mongodb/connection.js';
import { callNodes } from '../../store/mongodb/nodes.js';
import { insertOrRead, updateOrMake } from '../../store/mongodb/writes.js';
import { readAnswer } from './answer-documents.js';
import type { JournalPart, Journals, Question } from './port.js';
import {
  answerId,
  askId,
  below,
  HOLD,
  nodeId,
  QUESTION,
  type RepairDocument,
  repairsOf,
  sentQuestion,
} from './repairs-collection.js';

/** So many questions are sent and answered together, which bounds what is in memory. */
const TOGETHER_MAX = 16;
/** What is sent while the nodes are still at the one before. */
const AHEAD = 1;
/** Between two looks for answers: at first, and when there were none for a while. */
const LOOK_MS_MIN = 10;
const LOOK_MS_MAX = 200;
/** A node that has not taken up a question by then does not run; one that was at work and is silent for so long has ended. */
const TAKE_UP_MS_MAX = 8_000;
const SILENT_MS_MAX = 30_000;
const BEAT_MS = 2_000;
/** Nodes see within this time that their counting is held. */
const HELD_AFTER_MS = 2_500;

export function openMongodbJournals(mongodb: Mongodb, documents: Pick<Documents, 'nodes'>): Journals {
  const repairs = repairsOf(mongodb);
  let inquiry: Promise<Inquiry> | undefined;

  return {
    async ask(questions) {
      if (questions.length === 0) return [];
      inquiry ??= beginInquiry(mongodb);
      return (await inquiry).ask(questions, new Set((await documents.nodes('open')).map(({ id }) => id)));
    },

    askNow: () => undefined,

    async hold() {
      const id = randomBytes(8).toString('hex');
      await updateOrMake(repairs, { _id: HOLD }, () => repairs.updateOne({ _id: HOLD }, { $set: { id } }));
      await callNodes(mongodb);
      await delay(HELD_AFTER_MS);
    },

    async release() {
      await repairs.deleteOne({ _id: HOLD });
    },

    async close() {
      await (await inquiry)?.end();
    },
  };
}

/** From the first question to the last: nodes that have taken up one look for the next by themselves. */
interface Inquiry {
  ask(questions: readonly Question[], nodes: ReadonlySet<string>): Promise<JournalPart[][]>;
  end(): Promise<void>;
}

interface Asked {
  /** When it was called first, and when it was last heard of or given something to do. */
  readonly calledMs: number;
  heardMs: number;
  beats: number;
  answered: number;
}

async function beginInquiry(mongodb: Mongodb): Promise<Inquiry> {
  const repairs = repairsOf(mongodb);
  const id = randomBytes(8).toString('hex');
  const nodes = new Map<string, Asked>();
  let sent = 0;

  await repairs.deleteMany({ _id: { $nin: [QUESTION, HOLD] } }); // what nobody has read
  await updateOrMake(repairs, { _id: QUESTION }, () => repairs.updateOne({ _id: QUESTION }, { $set: { id, beats: 0 } }));
  const beating = setInterval(() => {
    repairs.updateOne({ _id: QUESTION, id }, { $inc: { beats: 1 } }).catch(() => {});
  }, BEAT_MS);
  beating.unref();

  const meet = async (running: ReadonlySet<string>): Promise<void> => {
    const strangers = [...running].filter((node) => !nodes.has(node));
    const nowMs = performance.now();
    for (const node of strangers) nodes.set(node, { calledMs: nowMs, heardMs: nowMs, beats: -1, answered: 0 });
    if (strangers.length > 0) await callNodes(mongodb);
  };

  const send = async (questions: readonly Question[]): Promise<void> => {
    await insertOrRead<RepairDocument>(repairs, { _id: askId(id, sent), questions: questions.map(sentQuestion) });
    for (const asked of nodes.values()) asked.heardMs = performance.now();
    sent++;
  };

  const hear = async (): Promise<void> => {
    const ids = [QUESTION, ...[...nodes.keys()].map((node) => nodeId(id, node))];
    const found = new Map((await repairs.find({ _id: { $in: ids } }).toArray()).map((document) => [document._id, document]));
    if (found.get(QUESTION)?.id !== id) throw new Error('another command has asked the nodes meanwhile; run this one again');
    for (const [node, asked] of nodes) {
      const { beats = 0, answered = 0 } = found.get(nodeId(id, node)) ?? { beats: -1 };
      if (beats !== asked.beats) Object.assign(asked, { beats, answered, heardMs: performance.now() });
    }
  };

  const isAwaited = ({ answered, beats, calledMs, heardMs }: Asked, n: number): boolean => {
    if (answered > n) return false;
    return performance.now() - (beats < 0 ? calledMs : heardMs) < (beats < 0 ? TAKE_UP_MS_MAX : SILENT_MS_MAX);
  };

  /** Of all nodes that have answered the questions sent as the n-th, by question. */
  const answersTo = async (n: number, count: number): Promise<JournalPart[][]> => {
    for (let pauseMs = LOOK_MS_MIN; ; pauseMs = Math.min(LOOK_MS_MAX, 2 * pauseMs)) {
      await hear();
      if (![...nodes.values()].some((asked) => isAwaited(asked, n))) break;
      await delay(pauseMs);
    }
    const answers: JournalPart[][] = Array.from({ length: count }, () => []);
    for (const [node, { answered }] of nodes) {
      if (answered <= n) continue;
      const read = await readAnswer(repairs, answerId(id, n, node)).catch((error: Error) => {
        throw new Error(`node ${node}: ${error.message}`);
      });
      for (const [question, parts] of read.entries()) answers[question]?.push(...parts);
    }
    await repairs.deleteMany({ $or: [{ _id: askId(id, n) }, below(`${id}:${n}`)] });
    return answers;
  };

  return {
    async ask(questions, running) {
      await meet(running);
      const first = sent;
      const batches = inBatches(questions);
      const answers: JournalPart[][] = [];
      for (const [i, batch] of batches.entries()) {
        while (sent - first < Math.min(batches.length, i + 1 + AHEAD)) await send(batches[sent - first] as readonly Question[]);
        answers.push(...(await answersTo(first + i, batch.length)));
      }
      return answers;
    },
    async end() {
      clearInterval(beating);
      await repairs.deleteMany({ $or: [{ _id: QUESTION, id }, below(id)] });
    },
  };
}

function inBatches(questions: readonly Question[]): Array<readonly Question[]> {
  return Array.from({ length: Math.ceil(questions.length / TOGETHER_MAX) }, (_, i) =>
    questions.slice(i * TOGETHER_MAX, (i + 1) * TOGETHER_MAX),
  );
}
