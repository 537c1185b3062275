// A node's answer to some questions, as it lies in the mailbox: trees in as few documents as hold them, and last what
// they are of.
import type { Collection } from 'mongodb';
import { decode, encode } from '../../counters/codec/codec.js';
import type { Counters } from '../../counters/counters.js';
import { insertOrRead } from '../../store/mongodb/writes.js';
import type { JournalPart } from './port.js';
import { below, type RepairDocument, type SentPart, type SentTree } from './repairs-collection.js';

/** Of a tree, which must fit into one document. */
const TREE_BYTES_MAX = 12 * 1024 * 1024;
/** Of trees that are put into one document together. */
const PIECE_BYTES_MAX = 1024 * 1024;

export interface AnswerWriter {
  /** The answer to the next question. */
  add(parts: readonly JournalPart[]): Promise<void>;
  /** All questions are answered. */
  finish(): Promise<void>;
  /** They cannot be, for this reason. */
  fail(reason: string): Promise<void>;
}

export function createAnswerWriter(repairs: Collection<RepairDocument>, answerId: string): AnswerWriter {
  const sent: SentPart[][] = [];
  let trees: SentTree[] = [];
  let [bytes, pieces] = [0, 0];

  const flush = async (last: Partial<RepairDocument> = {}): Promise<void> => {
    await insertOrRead(repairs, { _id: `${answerId}:${pieces++}`, trees, ...last });
    [trees, bytes] = [[], 0];
  };
  const addPart = async ({ trees: all, firstReceivedMs, ...part }: JournalPart, place: number): Promise<SentPart> => {
    const tooLarge: string[] = [];
    for (const [collection, counters] of all) {
      const tree = encode(counters);
      if (tree.length > TREE_BYTES_MAX) {
        tooLarge.push(collection);
        continue;
      }
      if (bytes > 0 && bytes + tree.length > PIECE_BYTES_MAX) await flush();
      trees.push({ question: sent.length, part: place, collection, tree });
      bytes += tree.length;
    }
    return { ...part, tooLarge, firstReceivedMs: firstReceivedMs ?? null };
  };

  return {
    async add(parts) {
      const added: SentPart[] = [];
      for (const [place, part] of parts.entries()) added.push(await addPart(part, place));
      sent.push(added);
    },
    finish: () => flush({ parts: sent }),
    async fail(failure) {
      trees = [];
      await flush({ failure });
    },
  };
}

/** By question. Throws the reason for which there is none. */
export async function readAnswer(repairs: Collection<RepairDocument>, answerId: string): Promise<JournalPart[][]> {
  const trees = new Map<string, Map<string, Counters>>();
  let sent: RepairDocument['parts'];
  const pieces = repairs.find(below(answerId), { sort: { _id: 1 }, promoteBuffers: true });
  for await (const { trees: some = [], parts, failure } of pieces) {
    if (failure !== undefined) throw new Error(failure);
    sent ??= parts;
    for (const { question, part, collection, tree } of some) {
      const key = `${question}:${part}`;
      trees.set(key, (trees.get(key) ?? new Map()).set(collection, decode(tree)));
    }
  }
  if (sent === undefined) throw new Error('its answer is gone; run this again');
  return sent.map((parts, question) =>
    parts.map(({ firstReceivedMs, ...part }, place) => ({
      ...part,
      firstReceivedMs: firstReceivedMs ?? undefined,
      trees: trees.get(`${question}:${place}`) ?? new Map(),
    })),
  );
}
