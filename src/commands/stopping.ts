// What commands that take long share: Ctrl-C ends them between two steps. And the site that imports count into.

import type { Site } from '../hit/site.js';
import type { Accounts } from '../store/accounts.js';
import { EXIT_STOPPED } from '../system/exit.js';
import { CommandFailure } from './run.js';

export interface Stoppable {
  isStopped(): boolean;
  /** From now on signals do what they usually do. */
  end(): void;
}

/** The first SIGINT or SIGTERM asks for an end, the second one ends the process. */
export function stoppable(quiet = false): Stoppable {
  let stopped = false;
  const stop = () => {
    if (stopped) process.exit(EXIT_STOPPED);
    stopped = true;
    if (!quiet) process.stderr.write('\nstopping: what is in hand is finished (Ctrl-C again: at once)\n');
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

export function siteToImportInto(accounts: Accounts, id: string): Site {
  const site = accounts.site(id);
  if (site === undefined)
    throw new CommandFailure(`there is no site "${id}"; add it first: hitherto site add ${id} --title … --timezone …`);
  return site;
}
