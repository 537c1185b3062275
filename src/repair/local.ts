// The journal of the embedded mode: the folder beside the store, read beside the process that writes it.
import type { Collection } from '../../collections/collection.js';
import { existsSync } from 'node:fs';
import { foldDay } from './fold-day.js';
import type { Journals, Part, Question } from './port.js';

export function openLocalJournals(folder: string, collections: readonly Collection[]): Journals {
  const askNow = (question: Question): readonly Part[] => {
    if (!existsSync(folder)) return [];
    const folding = foldDay(folder, collections, question);
    for (;;) {
      const { done, value } = folding.next();
      if (done) return value;
    }
  };
  return {
    ask: async (question) => askNow(question),
    askNow,
    // there is one writer at a time in the embedded store, and a rewriting is one transaction
    async hold() {},
    async release() {},
    async close() {},
  };
}
