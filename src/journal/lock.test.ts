import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from './lock.js';

let folder: string;
let owner: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => {
  owner?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The lock of a process on another machine. `touched`: its file is updated, as by a running process. */
async function lockOfAnotherHost(touched: boolean): Promise<void> {
  const path = join(folder, 'lock.1');
  writeFileSync(path, JSON.stringify({ pid: process.pid, host: 'another-machine', started: '' }));
  if (!touched) return;
  const update = `require('fs').utimesSync(${JSON.stringify(path)}, new Date(), new Date())`;
  const touch = `setInterval(() => ${update}, 500); console.log('on')`;
  owner = spawn(process.execPath, ['-e', touch], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => owner?.stdout?.once('data', resolve));
}

describe('the lock of a folder', () => {
  it('has one owner at a time, and can be acquired again after its release', () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`in use by process ${process.pid}`);
    lock.release();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from a running owner on another machine', async () => {
    await lockOfAnotherHost(true);
    expect(() => lockFolder(folder)).toThrow('on another-machine');
  });

  it('is taken from an owner on another machine that has exited', async () => {
    await lockOfAnotherHost(false);
    lockFolder(folder).release();
  });
});
