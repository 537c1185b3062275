// A node of the distributed mode answers for its journal, and lets others hold its counting for a while (see mailbox.ts). It is asked in the
// thread that counts: between two segments of an answer there is always room for one to be counted.
import { setTimeout as delay } from 'node:timers/promises';
import type { Collection } from '../../collections/collection.js';
import { encode } from '../counters/codec.js';
import type { Mongodb } from '../connections/mongodb.js';
import { openDayFolder } from './fold-day.js';
import { HOLD, QUESTION, type SentPart, type SentQuestion, repairsOf } from './mailbox.js';
import type { Answering, Part, Question } from './port.js';

const LOOK_EVERY_MS = 1_000;
/** Whoever holds the counting and has ended holds it no longer than this. */
const HOLD_MS_MAX = 20_000;
/** So long at a time. */
const TURN_MS = 20;
/** Of a tree in one document. */
const TREE_BYTES_MAX = 12 * 1024 * 1024;

export function startAnswering(mongodb: Mongodb, node: string, folder: string, collections: readonly Collection[]): Answering {
  const repairs = repairsOf(mongodb);
  const journal = openDayFolder(folder, collections);
  let answered: string | undefined;
  let hold: { readonly id: string; readonly sinceMs: number } | undefined;
  let isHeld = false;
  let isLooking = false;
  let closed = false;

  const answer = async (id: string, sent: SentQuestion): Promise<void> => {
    const _id = `${id}:${node}`;
    let beats = 0;
    const say = (fields: object) => repairs.updateOne({ _id }, { $set: { beats: ++beats, ...fields } }, { upsert: true });
    await say({});
    try {
      let [saidMs, turnMs] = [performance.now(), performance.now()];
      const pause = async (): Promise<void> => {
        if (performance.now() - turnMs < TURN_MS) return;
        await delay(1);
        turnMs = performance.now();
        if (turnMs - saidMs > LOOK_EVERY_MS) {
          await say({});
          saidMs = turnMs;
        }
      };
      const parts = await journal.fold(questionOf(sent), pause);
      if (!closed) await say({ parts: await sendTrees(_id, parts) });
    } catch (error) {
      await say({ failure: (error as Error).message });
    }
  };

  const sendTrees = async (answerId: string, parts: readonly Part[]): Promise<SentPart[]> => {
    const sent: SentPart[] = [];
    for (const { trees, firstReceivedMs, ...part } of parts) {
      const [names, tooLarge]: [string[], string[]] = [[], []];
      for (const [name, counters] of trees) {
        const tree = encode(counters);
        if (tree.length > TREE_BYTES_MAX) {
          tooLarge.push(name);
          continue;
        }
        await repairs.replaceOne({ _id: `${answerId}:${part.node}/${name}` }, { tree }, { upsert: true });
        names.push(name);
      }
      sent.push({ ...part, trees: names, tooLarge, firstReceivedMs: firstReceivedMs ?? null });
    }
    return sent;
  };

  const look = async (): Promise<void> => {
    const found = await repairs.find({ _id: { $in: [QUESTION, HOLD] } }).toArray();
    const held = found.find(({ _id }) => _id === HOLD);
    if (held?.id !== undefined && held.id !== hold?.id) hold = { id: held.id, sinceMs: performance.now() };
    isHeld = held !== undefined && hold !== undefined && performance.now() - hold.sinceMs < HOLD_MS_MAX;
    const { id, question } = found.find(({ _id }) => _id === QUESTION) ?? {};
    if (id === undefined || question === undefined || id === answered) return;
    answered = id;
    void answer(id, question).catch(() => {}); // whoever asked hears no more of this node, and says so
  };

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look()
      .catch(() => {
        isHeld = false; // counting goes on, as soon as it can
      })
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_EVERY_MS);

  return {
    async notHeld() {
      while (isHeld && !closed && performance.now() - (hold?.sinceMs ?? 0) < HOLD_MS_MAX) await delay(20);
    },
    async close() {
      closed = true;
      clearInterval(timer);
    },
  };
}

function questionOf({ upTo, ...question }: SentQuestion): Question {
  return { ...question, upTo: new Map(upTo.map(([name, nodes]) => [name, new Map(nodes)])) };
}
