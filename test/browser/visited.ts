// Computes the numbers that reports must contain, from the pages of each visit alone.
import type { ExpectedNumbers } from './counting.js';

export interface Visited {
  /** The pages of each visit, in order. */
  readonly visits: ReadonlyArray<readonly string[]>;
  /** From the first to the last view of each visit, all together. */
  readonly seconds: number;
  /** Views with at least one ping, by path; by default all. */
  readonly read?: Readonly<Record<string, number>>;
  /** Pings after the first one of a view. */
  readonly morePings?: number;
}

/** Of one browser, on one day. How long pages were read is not known from the visits. */
export function expectedNumbersOf({ visits, seconds, read, morePings = 0 }: Visited): Omit<ExpectedNumbers, 'readSeconds'> {
  const views = visits.flat();
  const paths = [...new Set(views)];
  const times = (path: string, among: readonly string[]) => among.filter((other) => other === path).length;
  const known = read ?? Object.fromEntries(paths.map((path) => [path, times(path, views)]));
  const steps = visits.flatMap((visit) => visit.slice(1).map((to, i) => ({ from: visit[i] as string, to })));
  const bounces = visits.filter(({ length }) => length === 1);
  return {
    received: views.length + Object.values(known).reduce((a, b) => a + b, 0) + morePings,
    refused: {},
    views: views.length,
    visitors: 1,
    minutes: { views: views.length, online: 1 },
    visits: { visits: visits.length, recorded: visits.length, bounces: bounces.length, views: views.length, seconds },
    pages: Object.fromEntries(
      paths.map((path) => [
        path,
        {
          views: times(path, views),
          visitors: 1,
          entries: times(
            path,
            visits.map(([first]) => first as string),
          ),
          bounces: times(path, bounces.flat()),
          exits: times(
            path,
            visits.map((visit) => visit.at(-1) as string),
          ),
        },
      ]),
    ),
    next: Object.fromEntries(
      paths.map((path) => {
        const after = steps.filter(({ from }) => from === path).map(({ to }) => to);
        return [path, Object.fromEntries([...new Set(after)].map((to) => [to, times(to, after)]))];
      }),
    ),
    read: known,
  };
}
