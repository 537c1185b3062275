// A month without some of its days, or a year without some of its months: made anew of the parts that stay, where
// these are all there. Sketches and capped maps cannot be subtracted, and sums that are subtracted could not be
// checked; a merge of what stays is exact.
import { compact, rowsThatFit, sizeOf } from '../../counters/cap.js';
import { Counters } from '../../counters/counters.js';
import { merge } from '../../counters/merge.js';
import { Sketch } from '../../counters/sketch.js';
import type { Caps } from '../../store/documents.js';

/** What documents say about themselves, not of what was counted: it stays as it is. */
const MARKS: ReadonlySet<string> = new Set(['@', '#']);

export interface PartOf {
  readonly counters: Counters;
  readonly stays: boolean;
}

/**
 * `keep`: what does not stay is out already. `incomplete`: the document is not the merge of these parts, since some
 * have expired; nothing can be taken out of it. `instead` comes in for parts of which something stays.
 */
export function rebuildWithout(
  whole: Counters,
  parts: readonly PartOf[],
  caps: Caps,
  instead: readonly Counters[] = [],
): Counters | 'keep' | 'remove' | 'incomplete' {
  const staying = merge([...parts.filter(({ stays }) => stays).map(({ counters }) => counters), ...instead]);
  if (isSame(whole, staying, caps)) return 'keep';
  if (!isSame(whole, merge(parts.map(({ counters }) => counters)), caps)) return 'incomplete';
  if (staying.fields.size === 0) return 'remove';
  for (const [map, rowsMax] of Object.entries(caps)) {
    const size = sizeOf(staying.below(map));
    const rows = rowsThatFit(size, rowsMax);
    if (size.entries > rows) compact(staying.at(map), rows);
  }
  for (const mark of MARKS) {
    const value = whole.fields.get(mark);
    if (value === undefined) staying.fields.delete(mark);
    else staying.fields.set(mark, value);
  }
  return staying;
}

/** Capped maps may have dropped other rows, so they are left out: totals stand beside them. */
function isSame(a: Counters, b: Counters, caps: Caps): boolean {
  const isCompared = (key: string) => !MARKS.has(key) && !(key in caps);
  const keys = new Set([...a.fields.keys(), ...b.fields.keys()]);
  return [...keys].filter(isCompared).every((key) => equals(a.fields.get(key), b.fields.get(key)));
}

type Field = number | string | Sketch | Counters | undefined;

function equals(a: Field, b: Field): boolean {
  if (a instanceof Counters && b instanceof Counters) {
    return a.fields.size === b.fields.size && [...a.fields].every(([key, value]) => equals(value, b.fields.get(key)));
  }
  if (a instanceof Sketch && b instanceof Sketch) return registersOf(a) === registersOf(b);
  return a === b;
}

function registersOf(sketch: Sketch): string {
  const pairs: Array<[number, number]> = [];
  sketch.forEach((register, rank) => {
    pairs.push([register, rank]);
  });
  return JSON.stringify(pairs.sort(([a], [b]) => a - b));
}
