// A node's answer to some queries, as documents of the collection `repairs`. The trees are in as few documents as
// possible. The last document describes the extracts that the trees belong to.
import type { Collection } from 'mongodb';
import { decode, encode } from '../../counters/codec/codec.js';
import type { Counters } from '../../counters/counters.js';
import { insertOrRead } from '../../store/mongodb/writes.js';
import type { JournalExtract } from './port.js';
import { below, type RepairDocument, type SentExtract, type SentTree } from './repairs-collection.js';

/** The largest tree, because a tree must fit into one document. */
const TREE_BYTES_MAX = 12 * 1024 * 1024;
/** The size up to which trees share a document. */
const CHUNK_BYTES_MAX = 1024 * 1024;

export interface AnswerWriter {
  /** Adds the answer to the next query. */
  add(extracts: readonly JournalExtract[]): Promise<void>;
  /** Call this when all queries are answered. */
  finish(): Promise<void>;
  /** Call this if the queries cannot be answered. */
  fail(reason: string): Promise<void>;
}

export function createAnswerWriter(repairs: Collection<RepairDocument>, answerId: string): AnswerWriter {
  const sent: SentExtract[][] = [];
  let trees: SentTree[] = [];
  let [bytes, chunks] = [0, 0];

  const flush = async (last: Partial<RepairDocument> = {}): Promise<void> => {
    await insertOrRead(repairs, { _id: `${answerId}:${chunks++}`, trees, ...last });
    [trees, bytes] = [[], 0];
  };
  const addExtract = async ({ trees: all, firstReceivedMs, ...extract }: JournalExtract, index: number): Promise<SentExtract> => {
    const tooLarge: string[] = [];
    for (const [collection, counters] of all) {
      const tree = encode(counters);
      if (tree.length > TREE_BYTES_MAX) {
        tooLarge.push(collection);
        continue;
      }
      if (bytes > 0 && bytes + tree.length > CHUNK_BYTES_MAX) await flush();
      trees.push({ question: sent.length, part: index, collection, tree });
      bytes += tree.length;
    }
    return { ...extract, tooLarge, firstReceivedMs: firstReceivedMs ?? null };
  };

  return {
    async add(extracts) {
      const added: SentExtract[] = [];
      for (const [index, extract] of extracts.entries()) added.push(await addExtract(extract, index));
      sent.push(added);
    },
    finish: () => flush({ parts: sent }),
    async fail(failure) {
      trees = [];
      await flush({ failure });
    },
  };
}

/** Returns the extracts for each query. Rejects with the node's reason if it could not answer. */
export async function readAnswer(repairs: Collection<RepairDocument>, answerId: string): Promise<JournalExtract[][]> {
  const trees = new Map<string, Map<string, Counters>>();
  let sent: RepairDocument['parts'];
  const chunks = repairs.find(below(answerId), { sort: { _id: 1 }, promoteBuffers: true });
  for await (const { trees: some = [], parts, failure } of chunks) {
    if (failure !== undefined) throw new Error(failure);
    sent ??= parts;
    for (const { question, part, collection, tree } of some) {
      const key = `${question}:${part}`;
      trees.set(key, (trees.get(key) ?? new Map()).set(collection, decode(tree)));
    }
  }
  if (sent === undefined) throw new Error('its answer was removed; run this command again');
  return sent.map((extracts, query) =>
    extracts.map(({ firstReceivedMs, ...extract }, index) => ({
      ...extract,
      firstReceivedMs: firstReceivedMs ?? undefined,
      trees: trees.get(`${query}:${index}`) ?? new Map(),
    })),
  );
}
