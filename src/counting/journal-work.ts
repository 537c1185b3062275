// Work on journal files that are counted: they are packed, cleaned of deleted data, and removed. The tasks run one
// after the other, in parallel with counting. A task that fails is logged once for each reason and runs again the next
// time.
import type { JournalCleaner } from '../journal/cleaner.js';
import type { NodeDeletions } from './deleted/node-deletions.js';

export interface JournalWorkParts {
  readonly cleaner: Pick<JournalCleaner, 'pack' | 'removeExpired' | 'freeSpace'>;
  readonly deletions: Pick<NodeDeletions, 'cleanOld'>;
  /** Overwrites what the store's file still contains of earlier versions of documents. */
  scrub(): Promise<void>;
  log(message: string): void;
}

export interface JournalWork {
  pack(): Promise<void>;
  removeExpired(): Promise<void>;
  freeSpace(): Promise<void>;
  cleanDeleted(): Promise<void>;
}

export function createJournalWork({ cleaner, deletions, scrub, log }: JournalWorkParts): JournalWork {
  let last: Promise<void> = Promise.resolve();
  const failures = new Map<string, string>();
  const enqueue = (failure: string, task: () => Promise<void>): Promise<void> => {
    last = last.then(task).then(
      () => void failures.delete(failure),
      (error: Error) => {
        if (failures.get(failure) !== error.message) log(`${failure}: ${error.message}`);
        failures.set(failure, error.message);
      },
    );
    return last;
  };
  return {
    async pack() {
      await enqueue('counted hits cannot be packed, and remain unpacked', () => cleaner.pack());
      await enqueue('earlier values of counters cannot be overwritten in the store', scrub);
    },
    removeExpired: () => enqueue('old hits cannot be removed from the journal', () => cleaner.removeExpired()),
    freeSpace: () => enqueue('the journal cannot free space on the disk', () => cleaner.freeSpace()),
    cleanDeleted: () => enqueue('deleted hits are still in the journal', () => deletions.cleanOld()),
  };
}
