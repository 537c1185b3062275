// Identifies a process, so that a later process on the same machine can tell for certain that it has ended.
import { readFileSync, readlinkSync } from 'node:fs';

/** Identifies a process of a machine. Texts are empty if the system does not provide them. */
export interface ProcessMark {
  readonly pid: number;
  /** The id of the machine's boot, and the time of the process's start in clock ticks of the kernel since then. */
  readonly started: string;
  /** The namespace of process ids. Each container has its own. */
  readonly space: string;
}

export function thisProcess(): ProcessMark {
  return { pid: process.pid, started: processStart(process.pid), space: pidNamespace() };
}

/**
 * False if this cannot be known for certain, because the process ran on another machine, before this machine was
 * booted, or in another container.
 */
export function hasSurelyEnded({ pid, started, space }: ProcessMark): boolean {
  const own = thisProcess();
  if (started === '' || space === '' || space !== own.space || bootOf(started) !== bootOf(own.started)) return false;
  return !processExists(pid) || !['', started].includes(processStart(pid));
}

/**
 * The start of a process, as in `ProcessMark.started`; empty if there is no /proc. `zombie` if the process has ended
 * but its parent has not collected its exit status yet.
 */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'zombie' : `${boot} ${fields[19]}`;
  } catch {
    return '';
  }
}

/** True for processes of other users as well. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function bootOf(started: string): string {
  return started.slice(0, Math.max(0, started.indexOf(' ')));
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
