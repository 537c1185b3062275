import { isLarger } from '../../../src/counters/counters.js';
import { anything, type Expected, rowsIn } from '../differences.js';
import { capped } from './capped.js';
import type { Fact } from './facts.js';
import { distinct, type Range } from './ranges.js';
import { deciding, groups, listed, rowVisitors } from './rows.js';

const ROWS_MAX = 1000;

export function content(facts: readonly Fact[], range: Range, capsDividedBy: number): Expected {
  const hasVisitors = facts.some(({ record }) => record !== undefined);
  const decided = new Map(
    groups(
      deciding(facts, range, ({ remembered }) => remembered),
      ({ path }) => path,
    ),
  );
  // A view is followed where the browser knows it. The browser may know the page without its parameters only, which
  // is another row.
  const followed = new Map(groups(facts, ({ next }) => next?.knownBefore));
  const rows = groups(facts, ({ path }) => path).map(([key, views]) => {
    const browsers = distinct((decided.get(key) ?? []).map(({ remembered }) => remembered));
    return { key, title: newestTitle(views), ...visitsOf(views, followed.get(key) ?? []), views: views.length, browsers };
  });
  const totalRows = rowsIn('rows', 'entries', 'exits', 'titles');
  const total = {
    views: facts.length,
    ...visitsOf(
      facts,
      facts.filter(({ next }) => next !== undefined),
    ),
  };
  if (capsDividedBy > 1) {
    const least = ['entries', 'bounces', 'exits', 'recorded'];
    const list = (of: number) => capped(rows, { ranking: 'views', least, total: of, rowsMax: ROWS_MAX / capsDividedBy });
    // The other two lists are not checked for missing rows: rows are kept by their views.
    return {
      total,
      totalRows,
      rows: list(facts.length),
      entries: list(Number.POSITIVE_INFINITY),
      exits: list(Number.POSITIVE_INFINITY),
      titles: anything, // pages that were dropped are missing in their titles
    };
  }
  const all = rows.map(({ browsers, ...row }) => ({ ...row, ...(hasVisitors && rowVisitors(browsers, range)) }));
  return {
    total,
    totalRows,
    rows: listed(all),
    entries: listed(
      all.filter(({ entries }) => entries > 0),
      ({ entries }) => entries,
    ),
    exits: listed(
      all.filter(({ exits }) => exits > 0),
      ({ exits }) => exits,
    ),
    titles: listed(
      groups(
        rows.filter(({ title }) => title !== ''),
        ({ title }) => title,
      ).map(([key, pages]) => ({ key, views: pages.reduce((sum, { views }) => sum + views, 0), pages: pages.length })),
    ),
  };
}

function visitsOf(views: readonly Fact[], followed: readonly Fact[]) {
  const recorded = views.filter(({ record }) => record !== undefined);
  const entries = recorded.filter(({ pageNumber }) => pageNumber === 1);
  const continued = followed.filter(({ pageNumber }) => pageNumber === 1);
  return {
    entries: entries.length,
    bounces: Math.max(0, entries.length - continued.length),
    exits: Math.max(0, recorded.length - followed.length),
    recorded: recorded.length,
  };
}

function newestTitle(views: readonly Fact[]): string {
  // Titles of the same five minutes are equally new: the larger one wins.
  const momentOf = ({ ms }: (typeof views)[number]) => Math.floor(ms / 300_000);
  const titled = views.filter(({ title }) => title !== '');
  const newest = Math.max(...titled.map(momentOf));
  const titles = titled.filter((view) => momentOf(view) === newest).map(({ title }) => title);
  return titles.sort((a, b) => (isLarger(a, b) ? -1 : 1))[0] ?? '';
}
