// Shows the progress of a long command on stderr, and lets Ctrl-C stop it.
import { createShareProgress } from './share-progress.js';
import { stoppable } from './stopping.js';

export interface LongWork {
  isStopped(): boolean;
  /** Shows the progress of a step. `share` is from 0 to 1; undefined if it is unknown. */
  show(step: string, share?: number): void;
  /** For operations that report their progress by themselves. */
  watch(step: string): { onShare(share: number): void; isStopped(): boolean };
}

/** With `quiet` no progress is shown. */
export async function longWork<Result>(quiet: boolean, act: (work: LongWork) => Promise<Result>): Promise<Result> {
  const { isStopped, end } = stoppable(quiet);
  const progress = createShareProgress(process.stderr, () => performance.now());
  const show = (step: string, share = 0): void => {
    if (!quiet && !isStopped()) progress.update(step, share);
  };
  const watch = (step: string) => ({ onShare: (share: number) => show(step, share), isStopped });
  try {
    return await act({ isStopped, show, watch });
  } finally {
    if (!quiet) progress.end();
    end();
  }
}
