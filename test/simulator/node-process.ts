// A process that writes hits to its journal folder and counts them, as src/process/web.ts and
// src/process/counter-thread.ts do.
import type { Segment } from '../../src/store/documents.js';
import { checksumOf, type Folder, type JournalSegment, type NodeStart, setAsideFrom, startNode } from './folder.js';
import { fold, type Hit } from './hits.js';
import type { Client } from './network.js';
import { protocolFor } from './protocols.js';
import { createStore, nameOf, type Store, type World } from './store.js';

export type Wrap = (store: Store) => Store;

export interface NodeProcess extends Client {
  readonly folder: Folder;
  /** The node as which it runs or has claimed to run; undefined before. */
  node: string | undefined;
  isStarted: boolean;
  /** It ended cleanly. */
  isOver: boolean;
  /** Writes a hit to the journal and acknowledges it. */
  take(hit: Hit): void;
  /** Closes the open segment, so that it is counted. */
  rotate(): void;
  beat(): void;
  /** Ends cleanly: everything is counted first. */
  stop(): void;
  /** Whether it still has to count anything of this node. */
  owes(node: string): boolean;
}

/** What a process must know about the others. */
export interface Others {
  /** Whether another process runs as the node, or is about to. Its heartbeats are assumed to arrive. */
  runAs(node: string, except: Client): boolean;
  newId(): string;
}

/** The store has forgotten what it had confirmed, as store/documents.ts describes. */
class StoreRestored extends Error {}

/** The store has another history of the segment's node than the folder. */
class Parted extends Error {}

export interface Counting {
  /** As mongodb.ts does it. */
  apply(segment: JournalSegment): Promise<void>;
}

/** Starts immediately. A failure ends the process. */
export function startNodeProcess(world: World, folder: Folder, boot: string, others: Others, wrap: Wrap): NodeProcess {
  const { network, rules, trace } = world;
  let open: JournalSegment | undefined;
  let nextNumber = 0;
  let isStopping = false;
  let isCounting = false;
  let queue: JournalSegment[] = [];
  let over: Array<NodeStart['over'][number]> = [];

  const life = {
    name: `${folder.name}/${boot}`,
    isAlive: true,
    folder,
    node: undefined as string | undefined,
    isStarted: false,
    isOver: false,
  };
  const store = wrap(createStore(world, life));
  const counting = createCounting(world, store);

  const die = (reason: unknown): void => {
    if (!life.isAlive) return;
    trace(() => `${life.name}: ends: ${reason instanceof Error ? reason.message : reason}`);
    network.crash(life);
  };

  const start = async (): Promise<void> => {
    const registry = {
      node: store.node,
      async isRunning(id: string, seen: Awaited<ReturnType<Store['node']>>) {
        const before = rules.listensToWhatItSaw ? seen : await store.node(id);
        if (before?.boot === undefined || before.ended !== undefined) return false;
        await network.pause(life);
        return others.runAs(id, life) || (await store.node(id))?.boot !== before.boot;
      },
      claim(id: string, boot: string, seen: Awaited<ReturnType<Store['node']>>) {
        life.node = id;
        return store.claim(id, boot, seen);
      },
    };
    const begun = await startNode(folder, boot, registry, rules, others.newId);
    life.node = begun.node;
    nextNumber = begun.number;
    queue = [...begun.left];
    over = [...begun.over];
    life.isStarted = true;
    trace(() => `${life.name}: runs as ${life.node} from ${begun.number}, left: ${queue.map(nameOf).join(' ') || 'nothing'}`);
    count();
  };

  const count = (): void => {
    if (isCounting) return;
    isCounting = true;
    void countAll().then(() => {
      isCounting = false;
    }, die);
  };

  const countAll = async (): Promise<void> => {
    while (queue.length > 0 || over.length > 0) {
      const segment = rules.inOrder ? queue[0] : queue.at(-1);
      if (segment === undefined) {
        // the next start tries again
        for (const { id, boot } of over.splice(0)) await store.end(id, boot, 'given up').catch(() => {});
        continue;
      }
      if (segment.state === 'open') segment.state = 'sealed';
      try {
        await counting.apply(segment);
        queue = queue.filter((other) => other !== segment);
      } catch (error) {
        if (error instanceof StoreRestored) throw error;
        if (error instanceof Parted) {
          setAsideFrom(folder, segment);
          queue = queue.filter(({ state }) => state !== 'set aside');
        } else await network.pause(life);
      }
    }
    if (!isStopping) return;
    await store.end(life.node as string, boot, 'in order');
    life.isOver = true;
    die('in order');
  };

  const rotate = (): void => {
    if (open === undefined) return;
    const closed = open;
    trace(() => `${life.name}: closes ${nameOf(closed)}: ${closed.hits.map(({ name }) => name)}`);
    queue.push(closed);
    open = undefined;
    count();
  };

  void start().catch(die);

  return Object.assign(life, {
    take(hit: Hit) {
      if (isStopping) return;
      if (open === undefined) {
        open = { node: life.node as string, number: nextNumber++, hits: [], state: 'open' };
        folder.segments.push(open);
      }
      open.hits.push(hit);
    },
    rotate,
    beat() {
      void store.beat(life.node as string, boot).then(
        (outcome) => outcome === 'lost' && die('another process runs as its node'),
        () => {},
      );
    },
    stop() {
      isStopping = true;
      rotate();
      count();
    },
    owes: (id: string) => queue.some((segment) => segment.node === id) || open?.node === id || !life.isStarted,
  });
}

export function createCounting({ rules }: World, store: Store): Counting {
  const { protocol, suffix } = protocolFor(store);
  const finished = new Map<string, number>();
  return {
    async apply(journalSegment) {
      const { node, number, hits } = journalSegment;
      const segment: Segment = { node, number, checksum: checksumOf(journalSegment) };
      const state = await store.node(node);
      const known = state?.number ?? 0;
      if (rules.begins && known === number && state?.checksum !== segment.checksum) throw new Parted();
      if (known < (finished.get(node) ?? 0)) throw new StoreRestored('the store has forgotten what it had confirmed');
      finished.set(node, known);
      if (known >= number) return;
      if (rules.begins && (await store.begin(segment)) === 'another') throw new Parted();
      if (!rules.finishesLast) await store.finish(segment, 0);
      await protocol.apply(segment, fold(hits, suffix), 0);
      finished.set(node, number);
    },
  };
}
