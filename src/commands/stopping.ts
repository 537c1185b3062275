// Lets Ctrl-C stop a long command between two steps.
import { EXIT_STOPPED } from '../system/exit.js';

export interface Stoppable {
  isStopped(): boolean;
  /** Restores the usual effect of signals. */
  end(): void;
}

/** The first SIGINT or SIGTERM requests a stop, the second one ends the process immediately. */
export function stoppable(quiet = false): Stoppable {
  let stopped = false;
  const stop = () => {
    if (stopped) process.exit(EXIT_STOPPED);
    stopped = true;
    if (!quiet) process.stderr.write('\nstopping after the present step (press Ctrl-C again to stop immediately)\n');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    isStopped: () => stopped,
    end() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
