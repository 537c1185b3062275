// The journals of the distributed mode: the nodes that run are asked, through what mailbox.ts describes.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { decode } from '../counters/codec.js';
import type { Counters } from '../counters/counters.js';
import type { Mongodb } from '../connections/mongodb.js';
import type { Documents } from '../documents/port.js';
import { HOLD, QUESTION, type RepairDocument, repairsOf } from './mailbox.js';
import type { Journals, Part } from './port.js';

const LOOK_EVERY_MS = 200;
/** A node that has not taken up a question by then does not run; one that was at work and is silent for so long has ended. */
const TAKE_UP_MS_MAX = 8_000;
const SILENT_MS_MAX = 30_000;
/** Nodes see within this time that their counting is held. */
const HELD_AFTER_MS = 2_500;

export function openMongodbJournals(mongodb: Mongodb, documents: Pick<Documents, 'nodes'>): Journals {
  const repairs = repairsOf(mongodb);

  const answersOf = async (id: string, nodes: ReadonlySet<string>): Promise<RepairDocument[]> => {
    const heard = new Map<string, { beats: number; atMs: number }>();
    const began = Date.now();
    for (;;) {
      await delay(LOOK_EVERY_MS);
      const asked = await repairs.findOne({ _id: QUESTION });
      if (asked?.id !== id) throw new Error('another command has asked the nodes meanwhile; run this one again');
      const answers = await repairs.find({ _id: { $in: [...nodes].map((node) => `${id}:${node}`) } }).toArray();
      const done = answers.filter(({ parts, failure }) => parts !== undefined || failure !== undefined);
      for (const { _id, beats = 0 } of answers) {
        if (heard.get(_id)?.beats !== beats) heard.set(_id, { beats, atMs: Date.now() });
      }
      const working = [...heard.values()].filter(({ atMs }) => Date.now() - atMs < SILENT_MS_MAX).length - done.length;
      if (done.length === nodes.size) return done;
      if (Date.now() - began > TAKE_UP_MS_MAX && working <= 0) return done;
    }
  };

  const partsOf = async ({ _id, parts = [] }: RepairDocument): Promise<Part[]> => {
    const read: Part[] = [];
    for (const { trees: names, firstReceivedMs, ...part } of parts) {
      const trees = new Map<string, Counters>();
      for (const name of names) {
        const found = await repairs.findOne({ _id: `${_id}:${part.node}/${name}` }, { promoteBuffers: true });
        if (found?.tree === undefined) throw new Error(`the answer of node ${part.node} is gone; run this again`);
        trees.set(name, decode(found.tree));
      }
      read.push({ ...part, trees, firstReceivedMs: firstReceivedMs ?? undefined });
    }
    return read;
  };

  return {
    async ask(question) {
      const id = randomBytes(8).toString('hex');
      const { site, day } = question;
      const upTo = [...question.upTo].map(([name, nodes]) => [name, [...nodes]] as const);
      const sent = { id, question: { site, day, upTo } };
      await repairs.deleteMany({ _id: { $nin: [QUESTION, HOLD] } }); // what nobody has read
      await repairs.replaceOne({ _id: QUESTION }, sent, { upsert: true });
      try {
        const nodes = new Set((await documents.nodes('open')).map(({ id }) => id));
        const answers = await answersOf(id, nodes);
        const failed = answers.find(({ failure }) => failure !== undefined);
        if (failed !== undefined) throw new Error(`node ${failed._id.slice(id.length + 1)}: ${failed.failure}`);
        return (await Promise.all(answers.map(partsOf))).flat();
      } finally {
        await repairs.deleteMany({ $or: [{ _id: QUESTION, id }, { _id: { $gte: `${id}:`, $lt: `${id};` } }] });
      }
    },

    askNow: () => undefined,

    async hold() {
      await repairs.replaceOne({ _id: HOLD }, { id: randomBytes(8).toString('hex') }, { upsert: true });
      await delay(HELD_AFTER_MS);
    },

    async release() {
      await repairs.deleteOne({ _id: HOLD });
    },

    async close() {},
  };
}
