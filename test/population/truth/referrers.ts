import { anything, type Expected, rowsIn } from '../differences.js';
import type { Fact } from './facts.js';
import type { Range } from './ranges.js';
import { listsOf } from './rows.js';

export function referrers(facts: readonly Fact[], range: Range): Expected {
  const list = listsOf(facts, range);
  const outside = ({ origin }: Fact, key: string) => (origin.source === '' ? undefined : key);
  return {
    total: { views: facts.length, referred: facts.filter(({ origin }) => origin.source !== '').length },
    totalRows: rowsIn('media', 'sources', 'hosts', 'pages'),
    media: list(
      ({ origin }) => origin.medium,
      () => ({ title: anything }),
    ),
    sources: list((fact) => outside(fact, fact.origin.source)),
    hosts: list((fact) => outside(fact, fact.origin.host)),
    pages: list((fact) => outside(fact, fact.origin.host + fact.origin.path)),
  };
}
