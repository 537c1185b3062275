// A large document in pieces that, added one after the other, make it again: an update of a database has a field for
// every counter, and there are limits to how many it takes at once.
import { Counters } from '../../counters/counters.js';
import { Sketch } from '../../counters/sketch.js';

/** Counters in one piece; a capped map alone may be more, and is then written as a whole document (store/mongodb/protocol.ts). */
const COUNTERS_MAX = 10_000;

/**
 * A capped map stays in one piece: its floors and credits say something only together with its rows. All else may be
 * parted, since counters are added one by one. A tree without counters has no piece.
 */
export function* splitDocument(tree: Counters, cappedMaps: readonly string[], countersMax = COUNTERS_MAX): Generator<Counters> {
  let piece = new Counters();
  let size = 0;
  for (const { path, value } of leavesOf(tree, [], new Set(cappedMaps))) {
    const more = counterCount(value);
    if (more === 0) continue;
    if (size > 0 && size + more > countersMax) {
      yield piece;
      piece = new Counters();
      size = 0;
    }
    const above = path.slice(0, -1).reduce((level, key) => level.at(key), piece);
    above.fields.set(path.at(-1) as string, value);
    size += more;
  }
  if (size > 0) yield piece;
}

export function counterCount(value: number | string | Sketch | Counters): number {
  if (value instanceof Sketch) return value.size;
  if (!(value instanceof Counters)) return 1;
  let sum = 0;
  for (const below of value.fields.values()) sum += counterCount(below);
  return sum;
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: number | string | Sketch | Counters;
}

/** `whole`: first-level keys that are not looked into. */
function* leavesOf(level: Counters, above: readonly string[], whole: ReadonlySet<string>): Generator<Leaf> {
  for (const [key, value] of level.fields) {
    const path = [...above, key];
    const isWhole = above.length === 0 && whole.has(key);
    if (value instanceof Counters && !isWhole) yield* leavesOf(value, path, whole);
    else yield { path, value };
  }
}
