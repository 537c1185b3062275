// Asks the running nodes of the distributed mode for what their journals contain (repairs-collection.ts).
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mongodb } from '../../store/mongodb/connection.js';
import { wakeUpNodes } from '../../store/mongodb/node-states.js';
import { insertOrRead, updateOrCreate } from '../../store/mongodb/writes.js';
import type { NodeRegistry } from '../../store/nodes.js';
import { readAnswer } from './answer-documents.js';
import type { JournalExtract, JournalQuery, Journals } from './port.js';
import {
  answerId,
  askId,
  below,
  HOLD,
  nodeId,
  QUESTION,
  type RepairDocument,
  repairsOf,
  SILENT_MS_MAX,
  sentQuery,
} from './repairs-collection.js';

/** How many queries are sent and answered together. This bounds the memory for their answers. */
const TOGETHER_MAX = 16;
/** How many batches are sent before the nodes have answered the current one. */
const AHEAD = 1;
/** Between two checks for answers: the first interval, and the longest one when there were none for a while. */
const CHECK_MS_MIN = 10;
const CHECK_MS_MAX = 200;
/** A node that has not responded to the first query within this time is not running. */
const RESPONSE_MS_MAX = 8_000;

const HEARTBEAT_MS = 2_000;
/** Within this time nodes notice that their counting is paused. */
const PAUSED_AFTER_MS = 2_500;

export function openMongodbJournals(mongodb: Mongodb, nodes: Pick<NodeRegistry, 'list'>): Journals {
  const repairs = repairsOf(mongodb);
  let inquiry: Promise<Inquiry> | undefined;

  return {
    async query(queries) {
      if (queries.length === 0) return [];
      inquiry ??= beginInquiry(mongodb);
      return (await inquiry).query(queries, new Set((await nodes.list('open')).map(({ id }) => id)));
    },

    queryNow: () => undefined,

    async pauseCounting() {
      const id = randomBytes(8).toString('hex');
      await updateOrCreate(repairs, { _id: HOLD }, () => repairs.updateOne({ _id: HOLD }, { $set: { id } }));
      await wakeUpNodes(mongodb);
      await delay(PAUSED_AFTER_MS);
    },

    async resumeCounting() {
      await repairs.deleteOne({ _id: HOLD });
    },

    async close() {
      await (await inquiry)?.end();
    },
  };
}

/** All queries of one command. A node that has responded once polls for the next queries by itself. */
interface Inquiry {
  query(queries: readonly JournalQuery[], nodes: ReadonlySet<string>): Promise<JournalExtract[][]>;
  end(): Promise<void>;
}

async function beginInquiry(mongodb: Mongodb): Promise<Inquiry> {
  const repairs = repairsOf(mongodb);
  const id = randomBytes(8).toString('hex');
  const nodes = createAskedNodes(mongodb, id);
  let sent = 0;

  await repairs.deleteMany({ _id: { $nin: [QUESTION, HOLD] } }); // leftovers of commands that were killed
  await updateOrCreate(repairs, { _id: QUESTION }, () => repairs.updateOne({ _id: QUESTION }, { $set: { id, beats: 0 } }));
  const heartbeat = setInterval(() => {
    repairs.updateOne({ _id: QUESTION, id }, { $inc: { beats: 1 } }).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();

  const send = async (queries: readonly JournalQuery[]): Promise<void> => {
    await insertOrRead<RepairDocument>(repairs, { _id: askId(id, sent), questions: queries.map(sentQuery) });
    nodes.restartClocks();
    sent++;
  };

  /** Returns for each query of the n-th batch the extracts of all nodes that have answered. */
  const answersTo = async (n: number, count: number): Promise<JournalExtract[][]> => {
    const answers: JournalExtract[][] = Array.from({ length: count }, () => []);
    for (const node of await nodes.untilAnswered(n)) {
      const read = await readAnswer(repairs, answerId(id, n, node)).catch((error: Error) => {
        throw new Error(`node ${node}: ${error.message}`);
      });
      for (const [query, extracts] of read.entries()) answers[query]?.push(...extracts);
    }
    await repairs.deleteMany({ $or: [{ _id: askId(id, n) }, below(`${id}:${n}`)] });
    return answers;
  };

  return {
    async query(queries, running) {
      await nodes.wakeUp(running);
      const first = sent;
      const batches = inBatches(queries);
      const answers: JournalExtract[][] = [];
      for (const [i, batch] of batches.entries()) {
        while (sent - first < Math.min(batches.length, i + 1 + AHEAD)) {
          await send(batches[sent - first] as readonly JournalQuery[]);
        }
        answers.push(...(await answersTo(first + i, batch.length)));
      }
      return answers;
    },
    async end() {
      clearInterval(heartbeat);
      await repairs.deleteMany({ $or: [{ _id: QUESTION, id }, below(id)] });
    },
  };
}

interface AskedNode {
  /** When it was woken up first, and when its last heartbeat arrived or it was last given work. */
  readonly calledMs: number;
  heardMs: number;
  /** -1 until it has responded. */
  beats: number;
  answered: number;
}

/** The nodes that an inquiry waits for. */
function createAskedNodes(mongodb: Mongodb, id: string) {
  const repairs = repairsOf(mongodb);
  const nodes = new Map<string, AskedNode>();

  const readHeartbeats = async (): Promise<void> => {
    const ids = [QUESTION, ...[...nodes.keys()].map((node) => nodeId(id, node))];
    const found = new Map((await repairs.find({ _id: { $in: ids } }).toArray()).map((document) => [document._id, document]));
    if (found.get(QUESTION)?.id !== id) throw new Error('another command has started to ask the nodes; run this command again');
    for (const [node, asked] of nodes) {
      const { beats = 0, answered = 0 } = found.get(nodeId(id, node)) ?? { beats: -1 };
      if (beats !== asked.beats) Object.assign(asked, { beats, answered, heardMs: performance.now() });
    }
  };

  const isAwaited = ({ answered, beats, calledMs, heardMs }: AskedNode, n: number): boolean => {
    if (answered > n) return false;
    return performance.now() - (beats < 0 ? calledMs : heardMs) < (beats < 0 ? RESPONSE_MS_MAX : SILENT_MS_MAX);
  };

  return {
    async wakeUp(running: ReadonlySet<string>): Promise<void> {
      const added = [...running].filter((node) => !nodes.has(node));
      const nowMs = performance.now();
      for (const node of added) nodes.set(node, { calledMs: nowMs, heardMs: nowMs, beats: -1, answered: 0 });
      if (added.length > 0) await wakeUpNodes(mongodb);
    },
    restartClocks(): void {
      for (const asked of nodes.values()) asked.heardMs = performance.now();
    },
    /** Waits for the answers to the n-th batch. Returns the nodes that have answered. */
    async untilAnswered(n: number): Promise<string[]> {
      for (let pauseMs = CHECK_MS_MIN; ; pauseMs = Math.min(CHECK_MS_MAX, 2 * pauseMs)) {
        await readHeartbeats();
        if (![...nodes.values()].some((asked) => isAwaited(asked, n))) break;
        await delay(pauseMs);
      }
      return [...nodes].filter(([, { answered }]) => answered > n).map(([node]) => node);
    },
  };
}

function inBatches(queries: readonly JournalQuery[]): Array<readonly JournalQuery[]> {
  return Array.from({ length: Math.ceil(queries.length / TOGETHER_MAX) }, (_, i) =>
    queries.slice(i * TOGETHER_MAX, (i + 1) * TOGETHER_MAX),
  );
}
