// The machines of a simulation: their folders and the processes on them; and what happens to folders behind the processes' backs.
import { copyOf, type Folder } from './folder.js';
import type { Client } from './network.js';
import { type NodeProcess, type Others, startNodeProcess, type Wrap } from './node-process.js';
import type { World } from './store.js';

export interface Machine {
  readonly name: string;
  folder: Folder;
  process: NodeProcess | undefined;
  /** Its folder is a copy of this one's, and no process has found that out yet. */
  copyOf: Machine | undefined;
}

export interface Machines {
  readonly all: readonly Machine[];
  running(): Array<Machine & { process: NodeProcess }>;
  stopped(): Machine[];
  start(machine: Machine): void;
  /** With what is on its disk left as it is. */
  crash(machine: Machine): void;
  backUp(machine: Machine): void;
  /** From a backup. The old disk is gone; or it is in another machine, which may start at any moment. */
  restore(isOldLost: boolean): void;
  clone(machine: Machine): void;
  forgetBackups(): void;
  /** Forgets clones whose original ends before they have found out that it runs: see `clone`. */
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
     * A copy of a running one. Whether the original lives, the copy can find out only while it does: see the limits in
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
