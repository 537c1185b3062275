// Sharing within a single process.
import { createClosing } from '../../system/closing.js';
import type { Sharing } from '../sharing.js';
import { openLocalFeed } from './feed.js';
import { openLocalJobs } from './jobs.js';
import { openLocalLimits } from './limits.js';
import { localNotifiers } from './notifier.js';
import { openLocalSalts } from './salts.js';

export function openLocalSharing(dataDir: string, nowMs: () => number = Date.now): Sharing {
  const closing = createClosing();
  return {
    notifier: closing.add(localNotifiers()()),
    openJobs: async () => closing.add(openLocalJobs({ nowMs })),
    openSalts: async () => closing.add(openLocalSalts(dataDir, nowMs)),
    openLimits: async () => closing.add(openLocalLimits()),
    openFeed: async () => closing.add(openLocalFeed()),
    close: closing.close,
  };
}
