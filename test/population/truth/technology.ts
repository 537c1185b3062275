import { anything, type Expected, rowsIn } from '../differences.js';
import type { Fact } from './facts.js';
import type { Range } from './ranges.js';
import { listsOf } from './rows.js';

export function technology(facts: readonly Fact[], range: Range): Expected {
  const bare = listsOf(facts, range);
  const list = (keyOf: (fact: Fact) => string) => bare(keyOf, () => ({ title: anything }));
  const versions = bare(({ person: { kind } }) => `${kind.browser} ${kind.version}`);
  const versionsOf = (browser: string) =>
    versions
      .map((row) => ({ ...row, key: row.key.split(' ')[1] as string, browser: row.key.split(' ')[0] }))
      .filter((row) => row.browser === browser)
      .map(({ browser, ...row }) => ({ ...row, title: row.key.replace('-', '.') }));
  const sizes = (place: 0 | 1 | 2) => list(({ person }) => (person.hasScript ? person.screen.counted[place] : 'unknown'));
  return {
    total: { views: facts.length },
    totalRows: rowsIn('browsers', 'platforms', 'devices', 'languages', 'screens', 'windowWidths', 'windowHeights'),
    browsers: list(({ person }) => person.kind.browser).map((row) => ({ ...row, versions: versionsOf(row.key) })),
    platforms: list(({ person }) => person.kind.platform),
    devices: list(({ person }) => person.kind.device),
    languages: list(({ person }) => person.language[1]),
    screens: sizes(0),
    windowWidths: sizes(1),
    windowHeights: sizes(2),
  };
}
