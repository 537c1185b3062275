// Ends a thread in its own time.
import type { Worker } from 'node:worker_threads';

/** What a thread is told; it closes what it has open, and exits. */
export const STOP = 'stop';

/**
 * Resolves when the thread has ended, by itself or, after `withinMs`, not. A thread that is ended from outside, by
 * this or by the end of the process, while it is within a call of lmdb takes the whole process with it, which then
 * has neither its exit code nor its one line.
 */
export async function endThread(thread: Worker, withinMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  if (thread.threadId === -1) return; // it has ended before
  thread.postMessage(STOP);
  const timer = setTimeout(() => void thread.terminate(), withinMs);
  await ended;
  clearTimeout(timer);
}
