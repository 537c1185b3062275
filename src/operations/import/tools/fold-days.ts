// Turns ranges of days into deltas: reads the files again and counts the lines that belong to one of the ranges.
import { DOCUMENT_KINDS } from '../../../../collections/documents.js';
import { createFold, type Fold } from '../../../counting/fold.js';
import type { PlannedRange } from '../../../store/imports.js';
import { NotImportable } from '../ranges.js';
import { dayNames, keyOf } from './plan.js';
import { type ReadOptions, readExport } from './read.js';
import type { Tally } from './summary.js';
import { addChecksums, checksumOf, type SurveyedDays } from './survey.js';
import type { Entry } from './tool.js';

export interface Folded {
  readonly range: PlannedRange;
  readonly fold: Fold;
  readonly tally: Tally;
  checksum: number;
}

/**
 * Resolves to the folded ranges in their order, or to undefined when it was stopped. Rejects with a NotImportable when a
 * file has changed since the survey.
 */
export async function foldDays(
  ranges: readonly PlannedRange[],
  files: readonly string[],
  days: SurveyedDays,
  options: Omit<ReadOptions, 'onEntry'>,
): Promise<Folded[] | undefined> {
  const byDay = new Map<string, Folded>();
  const needed = new Set<string>();
  const folded = ranges.map((range): Folded => {
    const { report = '', from, to } = range;
    const names = dayNames(from, to);
    const made: Folded = {
      range,
      fold: createFold(DOCUMENT_KINDS),
      tally: { days: names, lines: 0, amount: 0, refused: {} },
      checksum: 0,
    };
    for (const day of names) {
      byDay.set(keyOf(report, day), made);
      needed.add(days.get(report)?.get(day)?.file ?? '');
    }
    return made;
  });
  for (const file of files.filter((file) => needed.has(file))) {
    const onEntry = (entry: Entry, table: number): void => {
      const into = byDay.get(keyOf(entry.report, entry.day));
      const share = into && days.get(entry.report)?.get(entry.day);
      if (into !== undefined && share?.file === file && share.table === table) countInto(into, entry);
    };
    if ((await readExport(file, { ...options, onEntry })) === undefined) return undefined;
  }
  if (folded.some(({ range, checksum }) => checksum !== range.checksum))
    throw new NotImportable('the files have changed while they were read: give the same command again');
  return folded;
}

function countInto(into: Folded, entry: Entry): void {
  const { range, fold, tally } = into;
  into.checksum = addChecksums(into.checksum, checksumOf(entry));
  const outcome = entry.count(fold, range.receivedAtMs);
  if (outcome === 'counted') {
    tally.lines++;
    tally.amount += entry.amount;
  } else {
    tally.refused[outcome] = (tally.refused[outcome] ?? 0) + 1;
  }
}
