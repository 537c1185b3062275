// A backup of a MongoDB database as what it holds, for the embedded store. That has no guards in its documents, only
// how far each node is counted: so the backup must have been made while nothing was counted, or a node's next segment
// would be in some documents already.
import { keptOf } from './dump-entries.js';
import type { Kept } from './kept.js';
import type { Manifest } from './manifest.js';
import type { Watch } from './port.js';
import { entriesIn } from './read-lines.js';

/** Nodes come last. Throws when the backup was made while hits were being counted. */
export async function* keptInDump(folder: string, { files }: Manifest, watch: Watch): AsyncGenerator<Kept> {
  const nodes = new Map<string, Kept & { kind: 'node' }>();
  for await (const kept of keptIn(
    folder,
    files.filter(({ collection }) => collection === 'nodes'),
  )) {
    if (kept.kind === 'node') nodes.set(kept.id, kept);
  }
  const all = files.reduce((sum, { lines = 0 }) => sum + lines, 0);
  let done = 0;
  for await (const kept of keptIn(
    folder,
    files.filter(({ collection }) => collection !== 'nodes'),
  )) {
    if (kept.kind === 'document') refuseCounting(kept, nodes);
    yield kept;
    watch.onShare(Math.min(1, ++done / all));
  }
  yield* nodes.values();
}

async function* keptIn(folder: string, files: Manifest['files']): AsyncGenerator<Kept> {
  for (const file of files) {
    for await (const { collection, entry } of entriesIn(folder, file)) yield* keptOf(collection, entry);
  }
}

function refuseCounting(document: Kept & { kind: 'document' }, nodes: ReadonlyMap<string, Kept & { kind: 'node' }>): void {
  for (const [node, number] of Object.entries(document.guards)) {
    if (node === 'rev' || number <= (nodes.get(node)?.state.number ?? 0)) continue;
    throw new Error(
      'this backup was made while hits were being counted, which only MongoDB can take: stop all webs and imports (they end when everything is counted), make another backup, and restore that',
    );
  }
}
