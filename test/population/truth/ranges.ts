// Which views a range contains, and of which whole periods it consists.
import { daysFrom } from '../local-time.js';

export interface Range {
  /** Local days, both inclusive. */
  readonly from: string;
  readonly to: string;
}

export function isIn(day: string, { from, to }: Range): boolean {
  return day >= from && day <= to;
}

export function daysOf({ from, to }: Range): string[] {
  return daysFrom(from, (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1);
}

export function monthRange(month: string): Range {
  const end = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0));
  return { from: `${month}-01`, to: end.toISOString().slice(0, 10) };
}

export function yearRange(year: string): Range {
  return { from: `${year}-01-01`, to: `${year}-12-31` };
}

/** Ranges whose visitors are known exactly. */
export function isWhole(range: Range): boolean {
  return [range.from, range.from.slice(0, 7), range.from.slice(0, 4)].some((key) => isSame(periodRange(key), range));
}

function periodRange(key: string): Range {
  return key.length === 10 ? { from: key, to: key } : key.length === 7 ? monthRange(key) : yearRange(key);
}

function isSame(a: Range, b: Range): boolean {
  return a.from === b.from && a.to === b.to;
}

/** The whole years in it, the whole months outside these, and the days outside both. */
export function periodsOf(range: Range): string[] {
  const keys = daysOf(range).map((day) => {
    const isWithin = (key: string) => periodRange(key).from >= range.from && periodRange(key).to <= range.to;
    return [day.slice(0, 4), day.slice(0, 7)].find(isWithin) ?? day;
  });
  return [...new Set(keys)];
}

export function distinct<Item>(items: Iterable<Item>): number {
  const different = new Set(items);
  different.delete(undefined as Item);
  return different.size;
}
