// Work that takes minutes: how far it is stands on stderr, and Ctrl-C stops it where it can go on from.

import { EXIT_STOPPED } from '../system/exit.js';
import { createShareProgress } from './share-progress.js';
import { stoppable } from './stopping.js';

export interface LongWork {
  isStopped(): boolean;
  /** So much more is done. */
  onProgress(count: number): void;
}

/** `total`: how much there is to do. Prints what `act` gives; a work that was stopped ends with 130. */
export async function longWork(what: string, total: number, act: (work: LongWork) => Promise<string>): Promise<void> {
  const stopping = stoppable();
  const progress = createShareProgress(process.stderr, () => performance.now());
  let done = 0;
  const onProgress = (count: number): void => {
    done += count;
    if (!stopping.isStopped()) progress.update(what, total === 0 ? 1 : done / total);
  };
  try {
    const summary = await act({ isStopped: stopping.isStopped, onProgress }).finally(() => progress.end());
    process.stdout.write(stopping.isStopped() ? 'stopped; the same command goes on from there\n' : summary);
  } finally {
    stopping.end();
  }
  if (stopping.isStopped()) process.exitCode = EXIT_STOPPED;
}
