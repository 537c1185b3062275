// Documents on MongoDB contain, for each node, the number of its last segment that they contain. For a node that has
// ended, that number is needed only as long as its segments can arrive again: from its journal, or from a backup.
import { type DocumentCollections, type DocumentRewriting, partsOfName } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import type { NodeRegistry, RegisteredNode } from '../store/nodes.js';
import { utcDay } from '../time/dates.js';

export const FORGET = 'forget';

const IDS_AT_ONCE = 500;

/**
 * For each node that is forgotten, the ledger contains the UTC day of its end, so that a node that ran again becomes
 * due again. `keepMs`: how long after its end a node is needed.
 */
export function nodesToForget(
  nodes: readonly RegisteredNode[],
  forgotten: ReadonlyMap<string, string>,
  nowMs: number,
  keepMs: number,
): Array<{ id: string; ended: string }> {
  return nodes.flatMap(({ id, endedAtMs }) => {
    if (endedAtMs === undefined || nowMs - endedAtMs <= keepMs) return [];
    const ended = utcDay(endedAtMs);
    return (forgotten.get(id) ?? '') >= ended ? [] : [{ id, ended }];
  });
}

interface ForgetParts {
  readonly documents: DocumentCollections & Pick<DocumentRewriting, 'forgetNodes'>;
  readonly nodes: Pick<NodeRegistry, 'list'>;
  readonly ledger: Ledger;
}

/** May be stopped and repeated: the ledger is written after all documents are done. */
export async function forgetNodes(
  { documents, nodes, ledger }: ForgetParts,
  { nowMs, keepMs }: { readonly nowMs: number; readonly keepMs: number },
  isStopped: () => boolean,
): Promise<void> {
  const due = nodesToForget(await nodes.list('all'), await ledger.all(FORGET), nowMs, keepMs);
  if (due.length === 0) return;
  const forgotten = due.map(({ id }) => id);
  for (const collection of await documents.collections()) {
    if (partsOfName(collection)?.year === undefined) continue; // summaries contain no numbers of segments
    let ids: string[] = [];
    for await (const id of documents.ids(collection)) {
      if (isStopped()) return;
      ids.push(id);
      if (ids.length < IDS_AT_ONCE) continue;
      await documents.forgetNodes(collection, ids, forgotten);
      ids = [];
    }
    await documents.forgetNodes(collection, ids, forgotten);
  }
  for (const { id, ended } of due) await ledger.done(FORGET, id, ended);
}
