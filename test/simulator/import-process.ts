// One run of an import. The log is the journal, divided into ranges that are the same for every run.
import type { JournalSegment } from './folder.js';
import type { Client } from './network.js';
import { createCounting, type Wrap } from './node-process.js';
import { createStore, type World } from './store.js';

export interface ImportProcess extends Client {
  readonly isComplete: boolean;
}

/** Ends when everything is counted, and with every failure: then the command must be repeated. */
export function startImport(world: World, name: string, ranges: readonly JournalSegment[], wrap: Wrap): ImportProcess {
  const life = { name, isAlive: true, isComplete: false };
  const store = wrap(createStore(world, life));
  const counting = createCounting(world, store);
  const run = async (): Promise<void> => {
    const { node } = ranges[0] as JournalSegment;
    const number = (await store.node(node))?.number ?? 0;
    const rest = ranges.filter((range) => range.number > number);
    for (const range of world.rules.inOrder ? rest : rest.reverse()) await counting.apply(range);
    await store.end(node, undefined, 'in order');
    life.isComplete = true;
  };
  world.trace(() => `${name}: begins`);
  void run()
    .catch((error: Error) => world.trace(() => `${name}: ${error.message}`))
    .then(() => world.network.crash(life));
  return life;
}
