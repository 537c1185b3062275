// Finds the days of an export, by report, table and file. A day of a report is taken from one table only, because two
// tables may contain the same numbers twice, or one half each, and there is no way to know.
import { crc32 } from 'node:zlib';
import { NotImportable } from '../ranges.js';
import type { Entry } from './tool.js';

/** The numbers of one day and report in one table. */
export interface DayShare {
  readonly file: string;
  /** The number of the table in the file, counted from 1. */
  readonly table: number;
  lines: number;
  amount: number;
  /** The sum of the lines' checksums, which does not depend on their order. */
  checksum: number;
}

/** By report and day. */
export type SurveyedDays = ReadonlyMap<string, ReadonlyMap<string, DayShare>>;

export interface Survey {
  add(file: string, table: number, entry: Entry): void;
  /** Throws a NotImportable when two tables have different numbers for the same day and report. */
  days(): SurveyedDays;
}

export function createSurvey(): Survey {
  const reports = new Map<string, Map<string, DayShare[]>>();
  return {
    add(file, table, entry) {
      const days = reports.get(entry.report) ?? new Map<string, DayShare[]>();
      reports.set(entry.report, days);
      const shares = days.get(entry.day) ?? [];
      days.set(entry.day, shares);
      let share = shares.find((candidate) => candidate.file === file && candidate.table === table);
      if (share === undefined) {
        share = { file, table, lines: 0, amount: 0, checksum: 0 };
        shares.push(share);
      }
      share.lines++;
      share.amount += entry.amount;
      share.checksum = addChecksums(share.checksum, checksumOf(entry));
    },
    days: () => new Map([...reports].map(([report, days]) => [report, new Map([...days].map((day) => onlyShare(report, day)))])),
  };
}

export function checksumOf({ text }: Entry): number {
  return crc32(text);
}

export function addChecksums(a: number, b: number): number {
  return (a + b) % 2 ** 32;
}

function onlyShare(report: string, [day, shares]: [string, DayShare[]]): [string, DayShare] {
  const [first, ...others] = shares as [DayShare, ...DayShare[]];
  const other = others.find(({ lines, checksum }) => lines !== first.lines || checksum !== first.checksum);
  if (other === undefined) return [day, first];
  throw new NotImportable(
    `${placeOf(first)} and ${placeOf(other)} have different numbers for ${day} (${report}): ` +
      'give only the one that contains the whole day',
  );
}

function placeOf({ file, table }: DayShare): string {
  return table === 1 ? file : `table ${table} of ${file}`;
}
