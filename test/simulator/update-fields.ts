// Applies a delta's update operators, as production makes them, to the fields of a document, as a server does.

import type { Fields } from '../../src/counters/codec/fields.js';
import { updateOf } from '../../src/counters/codec/update.js';
import { isLarger } from '../../src/counters/counters.js';
import type { Delta } from '../../src/store/documents.js';

interface Change {
  readonly path: readonly string[];
  readonly by: (now: unknown) => unknown;
}

const changes = new WeakMap<Delta, readonly Change[]>();

export function changeOf(delta: Delta): readonly Change[] {
  let change = changes.get(delta);
  if (change === undefined) {
    const { $inc, $max } = updateOf(delta.counters, 'c');
    change = [
      ...Object.entries($inc).map(([path, by]) => ({ path: partsOf(path), by: (now: unknown) => ((now as number) ?? 0) + by })),
      ...Object.entries($max).map(([path, by]) => ({ path: partsOf(path), by: (now: unknown) => larger(now, by) })),
    ];
    changes.set(delta, change);
  }
  return change;
}

function partsOf(path: string): string[] {
  return path.split('.').slice(1);
}

function larger(now: unknown, by: number | string): unknown {
  if (now === undefined) return by;
  return (typeof by === 'string' ? isLarger(by, now as string) : by > (now as number)) ? by : now;
}

/** The fields after the change. These ones stay as they are, because others have read them. */
export function changed(fields: Fields, change: readonly Change[]): Fields {
  const copies = new Set<Fields>();
  const copyOf = (level: Fields | undefined): Fields => {
    if (level !== undefined && copies.has(level)) return level;
    const copy = { ...level };
    copies.add(copy);
    return copy;
  };
  const root = copyOf(fields);
  for (const { path, by } of change) {
    let level = root;
    const last = path.length - 1;
    for (let i = 0; i < last; i++) {
      const name = path[i] as string;
      const below = copyOf(level[name] as Fields | undefined);
      level[name] = below;
      level = below;
    }
    const name = path[last] as string;
    level[name] = by(level[name]);
  }
  return root;
}
