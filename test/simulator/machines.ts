// The machines of a simulation, their folders and processes, and what happens to folders without the processes
// knowing.
import { copyOf, type Folder } from './folder.js';
import type { Client } from './network.js';
import { type NodeProcess, type Others, startNodeProcess, type Wrap } from './node-process.js';
import type { World } from './store.js';

export interface Machine {
  readonly name: string;
  folder: Folder;
  process: NodeProcess | undefined;
  /** The original of this folder's copy, if no process has noticed yet. */
  copyOf: Machine | undefined;
}

export interface Machines {
  readonly all: readonly Machine[];
  running(): Array<Machine & { process: NodeProcess }>;
  stopped(): Machine[];
  start(machine: Machine): void;
  /** Its disk stays as it is. */
  crash(machine: Machine): void;
  backUp(machine: Machine): void;
  /** From a backup. The old disk is lost, or it is in another machine, which may start at any time. */
  restore(isOldLost: boolean): void;
  clone(machine: Machine): void;
  forgetBackups(): void;
  /** Forgets clones whose original ended before they noticed it: see `clone`. */
  dropOrphans(): void;
}

export function createMachines(world: World, count: number, keepsAll: boolean, wrap: Wrap): Machines {
  const { random, network, trace } = world;
  const all: Machine[] = [];
  let backups: Array<{ machine: Machine; folder: Folder }> = [];
  let boots = 0;
  let ids = 0;
  let names = 0;

  const add = (folder: (name: string) => Folder, original?: Machine): Machine => {
    const name = `m${++names}`;
    const machine: Machine = { name, folder: folder(name), process: undefined, copyOf: original };
    all.push(machine);
    return machine;
  };
  const isRunning = (machine: Machine): machine is Machine & { process: NodeProcess } => machine.process?.isAlive === true;

  const others: Others = {
    runAs: (node, except: Client) => all.some(({ process }) => process?.isAlive && process !== except && process.node === node),
    newId: () => `n${++ids}`,
  };

  const start = (machine: Machine): void => {
    machine.process = startNodeProcess(world, machine.folder, `b${++boots}`, others, wrap);
  };

  const crash = (machine: Machine): void => {
    if (!isRunning(machine)) return;
    trace(() => `${machine.process?.name} crashes`);
    network.crash(machine.process as NodeProcess);
  };

  for (let i = 0; i < count; i++) add((name) => ({ name, id: undefined, ran: undefined, segments: [] }));

  return {
    all,
    running: () => all.filter(isRunning),
    stopped: () => all.filter((machine) => !isRunning(machine)),
    start,
    crash,
    backUp(machine) {
      if (machine.copyOf !== undefined) return;
      trace(() => `${machine.name} is backed up`);
      backups = backups.filter((backup) => keepsAll || backup.machine !== machine);
      backups.push({ machine, folder: copyOf(machine.folder, '') });
    },
    restore(isOldLost) {
      if (backups.length === 0) return;
      const { machine, folder } = random.pick(backups);
      trace(() => `${machine.name} is restored from a backup of ${folder.id}${isOldLost ? '' : '; its old disk is still there'}`);
      crash(machine);
      if (!isOldLost) add((name) => copyOf(machine.folder, name));
      machine.folder = copyOf(folder, machine.name);
    },
    /**
     * A copy of a running machine. The copy can notice the original only while that runs: see the limits in
     * simulator.test.ts.
     */
    clone(machine) {
      trace(() => `${machine.name} is cloned`);
      const copy = add((name) => copyOf(machine.folder, name), isRunning(machine) ? machine : undefined);
      if (isRunning(machine)) start(copy);
    },
    forgetBackups() {
      backups = [];
    },
    dropOrphans() {
      for (const machine of all.filter(({ copyOf: original }) => original !== undefined)) {
        if (machine.process?.isStarted) machine.copyOf = undefined;
        else if (!machine.copyOf?.process?.isAlive) {
          crash(machine);
          all.splice(all.indexOf(machine), 1);
        }
      }
    },
  };
}
