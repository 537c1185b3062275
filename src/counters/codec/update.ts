// A delta as the update operators of a document database: `$inc` for sums, `$max` for the rest, by field path.
import { Counters } from '../counters.js';
import type { Sketch } from '../sketch.js';
import { sketchName } from './fields.js';
import { escapeKey } from './key.js';

export interface Update {
  $inc: Record<string, number>;
  $max: Record<string, number | string>;
}

/** The update that merges this delta into the tree in a document's field `below`, which need not exist. */
export function updateOf(delta: Counters, below: string): Update {
  const update: Update = { $inc: {}, $max: {} };
  collect(delta, `${below}.`, update);
  return update;
}

function collect(level: Counters, above: string, update: Update): void {
  for (const [key, value] of level.fields) {
    if (typeof value === 'number') update.$inc[above + escapeKey(key)] = value;
    else if (typeof value === 'string') update.$max[above + escapeKey(key)] = value;
    else if (value instanceof Counters) collect(value, `${above}${escapeKey(key)}.`, update);
    else collectSketch(value, above + sketchName(key), update);
  }
}

function collectSketch(sketch: Sketch, path: string, update: Update): void {
  sketch.forEach((register, rank) => {
    update.$max[`${path}.${register}`] = rank;
  });
}
