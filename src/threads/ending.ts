// Ends a thread without interrupting it.
import type { Worker } from 'node:worker_threads';

/** The message that asks a thread to close what it has open, and to exit. */
export const STOP = 'stop';

/**
 * Resolves when the thread has ended: by itself, or terminated after `withinMs`. A thread should end by itself, since
 * terminating it within a call of lmdb ends the whole process, without its exit code and its last message.
 */
export async function endThread(thread: Worker, withinMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  if (thread.threadId === -1) return; // it has ended before
  thread.postMessage(STOP);
  const timer = setTimeout(() => void thread.terminate(), withinMs);
  await ended;
  clearTimeout(timer);
}
