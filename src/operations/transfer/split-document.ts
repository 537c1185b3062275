// Splits a large document into chunks that give the same document when they are added one after the other. An update
// of a database has a field for every counter, and databases limit the number of fields in one update.
import { Counters } from '../../counters/counters.js';
import { Sketch } from '../../counters/sketch.js';

/** A single capped map may have more. It is then written as a whole document (store/mongodb/protocol.ts). */
const COUNTERS_MAX = 10_000;

/**
 * A capped map stays in one chunk, because its floors and credits are meaningless without its rows. Everything else can
 * be split, because counters are added individually. A tree without counters has no chunk.
 */
export function* splitDocument(tree: Counters, cappedMaps: readonly string[], countersMax = COUNTERS_MAX): Generator<Counters> {
  let chunk = new Counters();
  let size = 0;
  for (const { path, value } of leavesOf(tree, [], new Set(cappedMaps))) {
    const more = counterCount(value);
    if (more === 0) continue;
    if (size > 0 && size + more > countersMax) {
      yield chunk;
      chunk = new Counters();
      size = 0;
    }
    const above = path.slice(0, -1).reduce((level, key) => level.at(key), chunk);
    above.fields.set(path.at(-1) as string, value);
    size += more;
  }
  if (size > 0) yield chunk;
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

/** `whole` are the keys of the first level that are not split. */
function* leavesOf(level: Counters, above: readonly string[], whole: ReadonlySet<string>): Generator<Leaf> {
  for (const [key, value] of level.fields) {
    const path = [...above, key];
    const isWhole = above.length === 0 && whole.has(key);
    if (value instanceof Counters && !isWhole) yield* leavesOf(value, path, whole);
    else yield { path, value };
  }
}
