// Checks the list of free pages in the embedded store's file. Each record belongs to a transaction and lists the
// pages that it freed. lmdb overwrites these pages without checking them, so none of them may be in use.
import { DamagedPage, type PageFile } from './page-file.js';
import type { PageRecord, UsedPages } from './page-tree.js';

const NUMBER_BYTES = 8;

export interface FreeRun {
  readonly page: number;
  readonly count: number;
}

/** Throws a DamagedPage if a page is listed as free but is in `used`. */
export function checkFreePages(file: PageFile, record: PageRecord, used: UsedPages): void {
  for (const { page, count } of freeRuns(file, record)) used.addFree(page, count);
}

/** The pages that a record lists. Throws a DamagedPage if the record is not valid. */
export function* freeRuns(file: PageFile, record: PageRecord): Generator<FreeRun> {
  const value = record.value();
  const numbers = value.length < NUMBER_BYTES ? -1 : Number(value.readBigInt64LE(0));
  const isInside = numbers >= 0 && (numbers + 1) * NUMBER_BYTES <= value.length;
  if (!isInside)
    throw new DamagedPage(`a list of free pages has ${value.length} bytes but states that it has ${numbers} numbers`);
  const list = value.subarray(0, (numbers + 1) * NUMBER_BYTES); // space for more numbers may follow
  for (let at = NUMBER_BYTES; at < list.length; at += NUMBER_BYTES) {
    let count = 1;
    let page = Number(list.readBigInt64LE(at));
    if (page === 0) continue; // a gap that lmdb leaves for growth
    if (page < 0) {
      // a run of pages: the next number is the first of them
      count = -page;
      at += NUMBER_BYTES;
      if (at === list.length) throw new DamagedPage('a list of free pages ends in the middle');
      page = Number(list.readBigInt64LE(at));
    }
    if (page < 2 || page + count > file.meta.pages) throw new DamagedPage('a list of free pages contains pages outside the file');
    yield { page, count };
  }
}
