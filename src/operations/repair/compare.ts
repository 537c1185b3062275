// Compares a document with what it should be.
import { CREDIT, DETAIL, errorOf, ROWS, VIEWS } from '../../counters/cap.js';
import { type Counter, Counters, isLarger } from '../../counters/counters.js';
import { Sketch } from '../../counters/sketch.js';
import { RESERVED } from '../../store/document-metadata.js';
import type { Caps } from '../../store/documents.js';

export interface Difference {
  /** The keys from the top of the document to the counter. */
  readonly path: readonly string[];
  readonly is: string;
  readonly shouldBe: string;
}

const ABSENT = 'nothing';

/**
 * Counters must be equal. Rows of capped maps must be within their bounds: count ≤ true value ≤ count + error. With
 * `rows` false the rows are not compared, because two merges of the same hits need not keep the same rows.
 */
export function differences(is: Counters | undefined, shouldBe: Counters | undefined, caps: Caps, rows = true): Difference[] {
  const found: Difference[] = [];
  const [now, right] = [is ?? new Counters(), shouldBe ?? new Counters()];
  for (const key of keysOf(now, right)) {
    if (RESERVED.includes(key)) continue;
    if (!Object.hasOwn(caps, key)) compare([key], now.fields.get(key), right.fields.get(key), found);
    else if (rows) compareRows(key, now.below(key), right.below(key).below(ROWS), found);
  }
  return found;
}

function compare(path: readonly string[], is: Counter | undefined, shouldBe: Counter | undefined, found: Difference[]): void {
  if (isLevel(is) && isLevel(shouldBe)) {
    const [now, right] = [is ?? new Counters(), shouldBe ?? new Counters()] as [Counters, Counters];
    for (const key of keysOf(now, right)) compare([...path, key], now.fields.get(key), right.fields.get(key), found);
  } else if (is instanceof Sketch && shouldBe instanceof Sketch) {
    const registers = differingRegisters(is, shouldBe);
    if (registers > 0) found.push({ path, is: `${textOf(is)}, ${registers} of them wrong`, shouldBe: textOf(shouldBe) });
  } else if (textOf(is) !== textOf(shouldBe)) {
    found.push({ path, is: textOf(is), shouldBe: textOf(shouldBe) });
  }
}

/** `right` contains every row that was ever counted; none was evicted. */
function compareRows(map: string, is: Counters, right: Counters, found: Difference[]): void {
  const rows = is.below(ROWS);
  for (const key of keysOf(rows, right)) {
    const [row, should] = [rows.below(key), right.below(key)];
    const wasEvicted = errorOf(is, key, VIEWS) > 0;
    for (const counter of keysOf(row, should)) {
      if (counter === CREDIT) continue;
      const path = [map, ROWS, key, counter];
      const value = should.fields.get(counter) ?? row.fields.get(counter);
      if (typeof value === 'number') {
        const [count, error, truth] = [row.get(counter), errorOf(is, key, counter), should.get(counter)];
        // the details of an evicted row have no error bound
        if (count <= truth && (truth <= count + error || (wasEvicted && counter.startsWith(DETAIL)))) continue;
        found.push({ path, is: error === 0 ? `${count}` : `${count} to ${count + error}`, shouldBe: `${truth}` });
      } else if (typeof value === 'string' && wasEvicted) {
        // the text may have been larger before the row was evicted
        if (isLarger(row.text(counter), should.text(counter)))
          found.push({ path, is: row.text(counter), shouldBe: should.text(counter) });
      } else if (value instanceof Counters && wasEvicted) {
        compareRest(path, row.below(counter), should.below(counter), found);
      } else {
        compare(path, row.fields.get(counter), should.fields.get(counter), found);
      }
    }
  }
}

/** Compares a level of a row that was evicted and returned: it must not exceed the right values. */
function compareRest(path: readonly string[], is: Counters, shouldBe: Counters, found: Difference[]): void {
  for (const [key, value] of is.fields) {
    if (value instanceof Counters) compareRest([...path, key], value, shouldBe.below(key), found);
    else if (typeof value === 'number' && value > shouldBe.get(key))
      found.push({ path: [...path, key], is: `${value}`, shouldBe: `${shouldBe.get(key)}` });
  }
}

function keysOf(a: Counters, b: Counters): Set<string> {
  return new Set([...a.fields.keys(), ...b.fields.keys()]);
}

function isLevel(value: Counter | undefined): boolean {
  return value === undefined || value instanceof Counters;
}

/** A sum of 0, an empty text and an empty sketch are equal to an absent counter. */
function textOf(value: Counter | undefined): string {
  if (value === undefined || value === 0 || value === '') return ABSENT;
  if (value instanceof Counters) return 'a level';
  if (!(value instanceof Sketch)) return typeof value === 'number' ? `${value}` : JSON.stringify(value);
  return value.size === 0 ? ABSENT : `a sketch of ${value.size} registers`;
}

function differingRegisters(a: Sketch, b: Sketch): number {
  const ranks = new Map<number, number>();
  a.forEach((register, rank) => {
    ranks.set(register, rank);
  });
  let differing = 0;
  b.forEach((register, rank) => {
    if (ranks.get(register) !== rank) differing++;
    ranks.delete(register);
  });
  return differing + ranks.size;
}
