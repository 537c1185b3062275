// What happens to the processes of a simulation, beside what they do themselves.
import type { Hit, SimulatedDocument } from './hits.js';
import type { ImportProcess } from './import-process.js';
import type { Machines } from './machines.js';
import type { Event } from './plan.js';
import type { World } from './store.js';
import type { Worker } from './worker-process.js';

const IMPORTS_AT_ONCE = 2;
const WORKERS_AT_ONCE = 2;
/** Pages whose rows are removed; hits often have them. */
const REMOVED_KEYS = 3;

export interface Scene {
  readonly machines: Machines;
  readonly documents: readonly SimulatedDocument[];
  /** All that ever ran. */
  readonly workers: readonly Worker[];
  readonly runs: readonly ImportProcess[];
  newHit(): Hit;
  newWorker(): Worker;
  newRun(): void;
}

export function createEvents(world: World, scene: Scene): (event: Event) => void {
  const { random, network } = world;
  const { machines, documents, workers, runs } = scene;
  const anyOf = <Item>(items: readonly Item[], then: (item: Item) => void): void => {
    if (items.length > 0) then(random.pick(items));
  };
  const started = () => machines.running().filter(({ process }) => process.isStarted);
  const onWorker = (job: (worker: Worker) => void): void => {
    if (alive(workers).length < WORKERS_AT_ONCE) job(scene.newWorker());
  };

  const events: Record<Event, () => void> = {
    hit: () => anyOf(started(), ({ process }) => process.take(scene.newHit())),
    rotate: () => anyOf(started(), ({ process }) => process.rotate()),
    beat: () => anyOf(started(), ({ process }) => process.beat()),
    start: () => anyOf(machines.stopped(), machines.start),
    stop: () => anyOf(started(), ({ process }) => process.stop()),
    crash() {
      const others = [...alive(workers), ...alive(runs)];
      if (others.length > 0 && random.chance(0.3)) network.crash(random.pick(others));
      else anyOf(machines.running(), machines.crash);
    },
    election: () => network.elect(),
    backup: () => anyOf(machines.all, machines.backUp),
    restore: () => machines.restore(true),
    fork: () => machines.restore(false),
    clone() {
      const endedInOrder = machines.stopped().filter(({ process }) => process?.isOver);
      anyOf([...started(), ...endedInOrder], machines.clone);
    },
    import() {
      if (alive(runs).length < IMPORTS_AT_ONCE) scene.newRun();
    },
    tidy: () => onWorker((worker) => worker.tidy(random.pick(documents))),
    'remove row': () => onWorker((worker) => worker.removeRow(random.pick(documents), `/${random.below(REMOVED_KEYS)}`)),
    'remove guards': () =>
      anyOf(world.setOf('nodes/').keys('nodes/'), (key) => {
        const node = key.slice('nodes/'.length);
        if (daysPass(world, scene, node)) onWorker((worker) => worker.removeGuards(documents, node));
      }),
  };
  return (event) => events[event]();
}

/** Longer than journals and backups are kept: nothing of the node is under way any more, and nothing old returns. */
function daysPass({ network, setOf, rules, trace }: World, { machines, runs }: Scene, node: string): boolean {
  if (!rules.removesCountedOnly) return true;
  const isOwed = machines.running().some(({ process }) => process.owes(node));
  if (isOwed || network.hasStrays() || alive(runs).length > 0) return false;
  machines.forgetBackups();
  for (const collection of ['nodes/', 'content/', 'traffic/']) setOf(collection).settle();
  trace(() => 'days pass');
  return true;
}

function alive<Process extends { isAlive: boolean }>(processes: readonly Process[]): Process[] {
  return processes.filter(({ isAlive }) => isAlive);
}
