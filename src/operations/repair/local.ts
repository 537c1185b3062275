// Reads the journal of the embedded mode from the folder beside the store, while a service may be writing to it.
import { existsSync } from 'node:fs';
import type { DocumentKind } from '../../../collections/document-kind.js';
import { openDayFolder } from './fold-day.js';
import type { JournalExtract, JournalQuery, Journals } from './port.js';

/** Nothing is packed while a journal is read; but a packing that began earlier may still remove what it has packed. */
const TRIES_MAX = 20;
const RETRY_MS = 250;

export function openLocalJournals(folder: string, kinds: readonly DocumentKind[]): Journals {
  const journal = openDayFolder(folder, kinds);

  const queryOne = async (query: JournalQuery): Promise<readonly JournalExtract[]> => {
    for (let tries = 1; ; tries++) {
      try {
        return existsSync(folder) ? await journal.fold(query, async () => {}) : [];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === TRIES_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  return {
    async query(queries) {
      const answers: Array<readonly JournalExtract[]> = [];
      for (const query of queries) answers.push(await queryOne(query));
      return answers;
    },
    queryNow: (query) => (existsSync(folder) ? journal.foldNow(query) : []),
    // the embedded store has one writer at a time, and rewrites in one transaction
    async pauseCounting() {},
    async resumeCounting() {},
    async close() {},
  };
}
