import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { hasSurelyEnded, processExists, processStart, thisProcess } from './process.js';

const hasProc = existsSync('/proc/self/ns/pid');
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process, and returns its own mark. */
async function another() {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  const pid = child.pid as number;
  return {
    mark: { ...thisProcess(), pid, started: processStart(pid) },
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

(hasProc ? describe : describe.skip)('a process', () => {
  it('has certainly ended once it was killed, and not before', async () => {
    const { mark, kill } = await another();
    expect(processExists(mark.pid)).toBe(true);
    expect(hasSurelyEnded(mark)).toBe(false);
    expect(hasSurelyEnded(thisProcess())).toBe(false);
    await kill();
    expect(hasSurelyEnded(mark)).toBe(true);
  });

  it('has certainly ended if another process now has its id', () => {
    const { started, ...mark } = thisProcess();
    const [boot, ticks] = started.split(' ');
    expect(hasSurelyEnded({ ...mark, started: `${boot} ${Number(ticks) - 1}` })).toBe(true);
  });

  it('may be running if it was on another machine, in an earlier boot, or in another container', async () => {
    const { mark, kill } = await another();
    await kill();
    expect(hasSurelyEnded({ ...mark, started: `0b5c5ad7-0000-4000-8000-000000000000 ${mark.started.split(' ')[1]}` })).toBe(
      false,
    );
    expect(hasSurelyEnded({ ...mark, space: 'pid:[1]' })).toBe(false);
    expect(hasSurelyEnded({ ...mark, started: '' })).toBe(false);
    expect(hasSurelyEnded({ ...mark, space: '' })).toBe(false);
    expect(hasSurelyEnded({ pid: Number.NaN, started: 'undefined', space: 'undefined' })).toBe(false);
  });
});
