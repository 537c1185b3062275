// Which days an export has in which reports, and in which table of which file. A day of a report comes from one table
// only: what two say of it may be the same said twice, or two halves, and nobody can tell.
import { crc32 } from 'node:zlib';
import { NotImportable } from '../ranges.js';
import type { Entry } from './tool.js';

/** What a table has of a day in a report. */
export interface DayShare {
  readonly file: string;
  /** Which of its tables, from 1. */
  readonly table: number;
  lines: number;
  amount: number;
  /** The sum of the lines' checksums: that of the same lines in any order. */
  checksum: number;
}

/** By report and day. */
export type SurveyedDays = ReadonlyMap<string, ReadonlyMap<string, DayShare>>;

export interface Survey {
  add(file: string, table: number, entry: Entry): void;
  /** Throws a NotImportable where two tables say different things of the same. */
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
    `${placeOf(first)} and ${placeOf(other)} say different things of ${day} (${report}): give only the one that has all of that day`,
  );
}

function placeOf({ file, table }: DayShare): string {
  return table === 1 ? file : `table ${table} of ${file}`;
}
