// Which process this is, so that a later one on the same machine can be sure that it has ended.
import { readFileSync, readlinkSync } from 'node:fs';

/** One process, among all that ever run under one start of one system. Empty texts where the system does not say. */
export interface ProcessMark {
  readonly pid: number;
  /** When it was started, by the kernel's own clock ticks, and which start of the system that was. */
  readonly started: string;
  /** Within which numbers of processes are counted: containers on one machine have some of their own. */
  readonly space: string;
}

export function thisProcess(): ProcessMark {
  return { pid: process.pid, started: startOf(process.pid), space: spaceOf() };
}

/**
 * False where that cannot be told for certain: it ran on another machine, before the system's last start, or in
 * another container.
 */
export function hasSurelyEnded({ pid, started, space }: ProcessMark): boolean {
  const own = thisProcess();
  if (started === '' || space === '' || space !== own.space || bootOf(started) !== bootOf(own.started)) return false;
  return !isThere(pid) || !['', started].includes(startOf(pid));
}

/**
 * When a process was started, by the kernel's own clock ticks and boot; empty where there is no /proc. A zombie,
 * which has ended and only waits for its parent to notice, says so and is nobody's start.
 */
export function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'zombie' : `${boot} ${fields[19]}`;
  } catch {
    return '';
  }
}

/** Also one of another user. */
export function isThere(pid: number): boolean {
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

function spaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
