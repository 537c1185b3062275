// Documents on MongoDB say which segments of each node they hold. What they say of a node that has ended is of use
// only as long as something can come that is older than its end: its journal, or a backup of the store.
import { type DocumentCollections, type DocumentRewriting, partsOfName } from '../store/documents.js';
import type { Ledger } from '../store/ledger.js';
import type { NodeRegistry, RegisteredNode } from '../store/nodes.js';
import { utcDay } from '../time/dates.js';

export const FORGET = 'forget';

const IDS_AT_ONCE = 500;

/**
 * The ledger has an entry for each node that is forgotten: the UTC day of its end, so that one that came back is due
 * once more.
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

/** May be stopped and repeated: nothing is written down before all documents are done. */
export async function forgetNodes(
  { documents, nodes, ledger }: ForgetParts,
  { nowMs, keepMs }: { readonly nowMs: number; readonly keepMs: number },
  isStopped: () => boolean,
): Promise<void> {
  const due = nodesToForget(await nodes.list('all'), await ledger.all(FORGET), nowMs, keepMs);
  if (due.length === 0) return;
  const forgotten = due.map(({ id }) => id);
  for (const collection of await documents.collections()) {
    if (partsOfName(collection)?.year === undefined) continue; // summaries hold none
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
