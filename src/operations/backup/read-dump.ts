// Reads a backup of a MongoDB database as records, for the embedded store. Documents there have no guards; the store
// only knows up to which segment each node is counted. So nothing may have been counted while the backup was made.
// Otherwise some documents would already contain the next segment of a node.
import { recordsOf } from './dump-entries.js';
import type { Manifest } from './manifest.js';
import { entriesIn } from './read-lines.js';
import type { StoreRecord } from './store-record.js';
import type { Watch } from './watch.js';

/** The records of nodes come last. Rejects if hits were counted while the backup was made. */
export async function* recordsInDump(folder: string, { files }: Manifest, watch: Watch): AsyncGenerator<StoreRecord> {
  const nodes = new Map<string, StoreRecord & { kind: 'node' }>();
  const isOfNodes = ({ collection }: Manifest['files'][number]) => collection === 'nodes';
  for await (const record of recordsIn(folder, files.filter(isOfNodes))) {
    if (record.kind === 'node') nodes.set(record.id, record);
  }
  const all = files.reduce((sum, { lines = 0 }) => sum + lines, 0);
  let done = 0;
  const others = files.filter((file) => !isOfNodes(file));
  for await (const record of recordsIn(folder, others)) {
    if (record.kind === 'document') refuseCounting(record, nodes);
    yield record;
    watch.onShare(Math.min(1, ++done / all));
  }
  yield* nodes.values();
}

async function* recordsIn(folder: string, files: Manifest['files']): AsyncGenerator<StoreRecord> {
  for (const file of files) {
    for await (const { collection, entry } of entriesIn(folder, file)) yield* recordsOf(collection, entry);
  }
}

function refuseCounting(
  document: StoreRecord & { kind: 'document' },
  nodes: ReadonlyMap<string, StoreRecord & { kind: 'node' }>,
): void {
  for (const [node, number] of Object.entries(document.guards)) {
    if (node === 'rev' || number <= (nodes.get(node)?.state.number ?? 0)) continue;
    throw new Error(
      'this backup was made while hits were being counted, so it can only be restored into MongoDB: stop all webs and ' +
        'imports (they exit when everything is counted), make another backup, and restore that one',
    );
  }
}
