// A delta as the update operators of a document database: `$inc` for sums, `$max` for the rest, by field path.
import { Counters } from './counters.js';
import { escapeKey } from './key.js';
import type { Sketch } from './sketch.js';

export interface Update {
  $inc: Record<string, number>;
  $max: Record<string, number | string>;
}

/** What applies this delta to a document, whether it exists or not. Registers are fields named by their number. */
export function updateOf(delta: Counters): Update {
  const update: Update = { $inc: {}, $max: {} };
  collect(delta, '', update);
  return update;
}

function collect(level: Counters, above: string, update: Update): void {
  for (const [key, value] of level.fields) {
    const path = above + escapeKey(key);
    if (typeof value === 'number') update.$inc[path] = value;
    else if (typeof value === 'string') update.$max[path] = value;
    else if (value instanceof Counters) collect(value, `${path}.`, update);
    else collectSketch(value, path, update);
  }
}

function collectSketch(sketch: Sketch, path: string, update: Update): void {
  sketch.forEach((register, rank) => {
    update.$max[`${path}.${register}`] = rank;
  });
}
