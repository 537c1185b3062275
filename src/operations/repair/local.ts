// The journal of the embedded mode: the folder beside the store, read beside the process that writes it.
import { existsSync } from 'node:fs';
import type { Collection } from '../../../collections/collection.js';
import { openDayFolder } from './fold-day.js';
import type { JournalPart, Journals, Question } from './port.js';

/** Nothing is packed while a journal is read; but a packing that was under way may still remove what it has packed. */
const TRIES_MAX = 20;
const RETRY_MS = 250;

export function openLocalJournals(folder: string, collections: readonly Collection[]): Journals {
  const journal = openDayFolder(folder, collections);

  const ask = async (question: Question): Promise<readonly JournalPart[]> => {
    for (let tries = 1; ; tries++) {
      try {
        return existsSync(folder) ? await journal.fold(question, async () => {}) : [];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === TRIES_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  return {
    async ask(questions) {
      const answers: Array<readonly JournalPart[]> = [];
      for (const question of questions) answers.push(await ask(question));
      return answers;
    },
    askNow: (question) => (existsSync(folder) ? journal.foldNow(question) : []),
    // there is one writer at a time in the embedded store, and a rewriting is one transaction
    async hold() {},
    async release() {},
    async close() {},
  };
}
