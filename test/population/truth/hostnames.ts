import { type Expected, rowsIn } from '../differences.js';
import type { Fact } from './facts.js';
import type { Range } from './ranges.js';
import { listsOf } from './rows.js';

export function hostnames(facts: readonly Fact[], range: Range): Expected {
  return {
    total: { views: facts.length },
    totalRows: rowsIn('rows'),
    rows: listsOf(facts, range)(({ host }) => host),
  };
}
