// What nodes share besides the store. A new backend is one folder whose open.ts returns this.
import type { ChangeNotifier } from '../store/change-notifier.js';
import type { Feed } from './feed.js';
import type { Jobs } from './jobs.js';
import type { Limits } from './limits.js';
import type { Salts } from './salts.js';

/** A process opens the parts that it needs, each of them once. */
export interface Sharing {
  readonly notifier: ChangeNotifier;
  openJobs(): Promise<Jobs>;
  openSalts(): Promise<Salts>;
  openLimits(): Promise<Limits>;
  openFeed(): Promise<Feed>;
  /** Closes everything that was opened. */
  close(): Promise<void>;
}
