// One simulation: what is planned happens, then all faults stop, everything is counted, and the documents are
// compared with the hits.
import { createEvents } from './events.js';
import type { JournalSegment } from './folder.js';
import { createDocuments, createHit, type Hit } from './hits.js';
import { type ImportProcess, startImport } from './import-process.js';
import { createMachines } from './machines.js';
import { createNetwork, NO_FAULTS } from './network.js';
import type { Wrap } from './node-process.js';
import { violationsOf } from './oracle.js';
import { createPlan, type Plan, pickEvent } from './plan.js';
import { forgetProtocols } from './protocols.js';
import { createRandom } from './random.js';
import { createReplicaSet, type ReplicaSet } from './replica-set.js';
import { RULES, type Rules } from './rules.js';
import type { World } from './store.js';
import { type Removal, startWorker, type Worker } from './worker-process.js';

export interface Options {
  /** Rules that are changed: mutants. */
  readonly rules?: Partial<Rules>;
  readonly wrap?: Wrap;
  readonly plan?: (plan: Plan) => Plan;
  readonly trace?: (line: string) => void;
}

export interface Result {
  readonly violations: readonly string[];
  readonly steps: number;
}

/** No simulation needs this number of steps. A process that has not finished by then never will. */
const STEPS_MAX = 30_000;
/** More turns than any process needs after an answer. With too few turns, a process would only be one step slower. */
const TURNS = 16;

export async function simulate(seed: number, options: Options = {}): Promise<Result> {
  forgetProtocols();
  const random = createRandom(seed);
  const made = createPlan(random);
  const plan = options.plan?.(made) ?? made;
  const wrap = options.wrap ?? ((store) => store);
  const trace = (line: () => string): void => options.trace?.(line());
  const sets = Array.from({ length: plan.shards }, createReplicaSet);
  const setOf = (key: string): ReplicaSet => sets[shardOf(key) % sets.length] as ReplicaSet;
  const network = createNetwork(random, sets, { ...plan.faults }, trace);
  const world: World = { random, setOf, network, rules: { ...RULES, ...options.rules }, trace };

  const documents = createDocuments(random);
  const machines = createMachines(world, plan.nodes, plan.keepsAllBackups, wrap);
  const removals: Removal[] = [];
  const hits: Hit[] = [];
  const workers: Worker[] = [];
  const runs: ImportProcess[] = [];
  const newHit = (): Hit => {
    const hit = createHit(random, `h${hits.length}`, documents, random.chance(plan.refused));
    hits.push(hit);
    return hit;
  };
  const newRange = (_: unknown, i: number): JournalSegment => ({
    node: 'i1',
    number: i + 1,
    hits: [newHit(), newHit()],
    state: 'sealed',
  });
  const ranges = Array.from({ length: plan.ranges }, newRange);
  const newWorker = (): Worker => {
    const worker = startWorker(world, `worker ${workers.length + 1}`, removals, wrap);
    workers.push(worker);
    return worker;
  };
  const newRun = (): void => {
    runs.push(startImport(world, `import ${runs.length + 1}`, ranges, wrap));
  };
  const happen = createEvents(world, { machines, documents, workers, runs, newHit, newWorker, newRun });

  let steps = 0;
  const step = async (): Promise<void> => {
    steps++;
    if (!network.step()) return;
    await drained();
    machines.dropOrphans();
  };
  /** Until nothing is under way and no process waits for anything. */
  const settle = async (isDone: () => boolean): Promise<boolean> => {
    while (steps < STEPS_MAX) {
      if (!network.isQuiet()) await step();
      else if (isDone()) return true;
      else await drained();
    }
    return false;
  };

  for (const machine of machines.all) machines.start(machine);
  for (let events = 0; events < plan.events; ) {
    if (!network.isQuiet() && !random.chance(plan.pace)) await step();
    else {
      events++;
      happen(pickEvent(random, plan));
      await drained();
      machines.dropOrphans();
    }
  }

  trace(() => 'from now on nothing fails');
  Object.assign(network.faults, NO_FAULTS);
  const isCounted = (): boolean => {
    for (const machine of machines.stopped()) machines.start(machine);
    for (const { process } of machines.running()) process.rotate();
    if (ranges.length > 0 && runs.every(({ isAlive, isComplete }) => !isAlive && !isComplete)) newRun();
    return network.isQuiet();
  };
  if (!(await settle(isCounted))) return { violations: ['it never comes to an end'], steps };
  for (const document of documents) newWorker().tidy(document);
  if (!(await settle(() => true))) return { violations: ['tidying never comes to an end'], steps };
  const folders = machines.all.map(({ folder }) => folder);
  return { violations: violationsOf({ setOf, documents, hits, removals, folders, ranges }), steps };
}

/** By collection, so that a write to a document implies nothing about one to its node. */
function shardOf(key: string): number {
  if (key.startsWith('nodes')) return 0;
  return key.startsWith('content') ? 1 : 2;
}

/** Waits until everything that an answer has started waits again. A turn of the event loop would also do, but is slower. */
async function drained(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await undefined;
}
