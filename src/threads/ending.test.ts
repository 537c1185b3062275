import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { endThread } from './ending.js';

const exitsWhenTold = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (message) => {
    parentPort.postMessage('told ' + message);
    setTimeout(() => process.exit(7), 50);
  });`;

describe('ending a thread', () => {
  it('lets the thread finish its work', async () => {
    const thread = new Worker(exitsWhenTold, { eval: true });
    const told: string[] = [];
    thread.on('message', (message) => told.push(message));
    const exited = once(thread, 'exit');
    await endThread(thread, 10_000);
    expect(await exited).toEqual([7]);
    expect(told).toEqual(['told stop']);
  });

  it('terminates a thread that does not respond', async () => {
    const thread = new Worker('setInterval(() => {}, 1000)', { eval: true });
    await once(thread, 'online');
    await endThread(thread, 1);
    expect(thread.threadId).toBe(-1);
  });

  it('resolves for a thread that has ended, or is ending after an error', async () => {
    const thread = new Worker('throw new Error("broken")', { eval: true });
    await once(thread, 'error');
    await endThread(thread, 10_000);
    await endThread(thread, 10_000);
    expect(thread.threadId).toBe(-1);
  });
});
