// The first month in which a site was viewed: where its whole history begins.
import type { DocumentKind } from '../../collections/document-kind.js';
import { viewsByDay } from '../../collections/traffic/report.js';
import { type Documents, partsOfName, yearsName } from '../store/documents.js';
import { firstDayOf, monthOf } from '../time/dates.js';
import type { DayRange } from '../time/day-range.js';
import { FIRST_DAY } from '../time/period.js';
import { readPeriods } from './read-range.js';

/** It changes only when older hits are imported or deleted. */
const KNOWN_FOR_MS = 60_000;
/** More sites than anybody looks at within that time. */
const KNOWN_MAX = 10_000;

export type FirstDayOf = (site: string) => Promise<string | undefined>;

/**
 * Returns the first day of that month; undefined where nothing was viewed. All reports begin with the same month, that of the
 * traffic, which is kept longest. What was found is used again for a minute.
 */
export function createFirstDayOf(
  documents: Pick<Documents, 'read' | 'lateYears' | 'collections'>,
  kinds: readonly DocumentKind[],
): FirstDayOf {
  const known = new Map<string, { readonly untilMs: number; readonly day: Promise<string | undefined> }>();
  const kind = kinds.find(({ reports }) => reports.some(({ name }) => name === 'traffic'));

  /** The years that may have documents of the site, sorted. */
  const yearsOf = async (site: string, name: string): Promise<string[]> => {
    const parts = (await documents.collections()).map(partsOfName);
    const years = new Set(parts.flatMap((one) => (one?.name === name ? (one.year ?? []) : [])));
    const last = Math.max(new Date().getUTCFullYear(), ...[...years].map(Number));
    const first = Number(FIRST_DAY.slice(0, 4));
    const possible = Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
    const summaries = await documents.read(possible.map((year) => ({ collection: yearsName(name), id: `${site}:${year}` })));
    return possible.filter((year, i) => years.has(year) || summaries[i] !== undefined);
  };

  const find: FirstDayOf = async (site) => {
    if (kind === undefined) return undefined;
    for (const year of await yearsOf(site, kind.name)) {
      const found = await readPeriods(documents, kind.name, site, [{ grain: 'year', key: year }]);
      const [first] = found.flatMap((one) => [...viewsByDay(one)].flatMap(([day, { views }]) => (views > 0 ? day : []))).sort();
      if (first !== undefined) return firstDayOf(monthOf(first));
    }
    return undefined;
  };

  return (site) => {
    const before = known.get(site);
    if (before !== undefined && before.untilMs > Date.now()) return before.day;
    if (known.size >= KNOWN_MAX) known.clear();
    const day = find(site);
    known.set(site, { untilMs: Date.now() + KNOWN_FOR_MS, day });
    day.catch(() => known.delete(site)); // the next query tries again
    return day;
  };
}

/** From the first month of the site until `to`; where nothing was viewed, the month of `to`. */
export async function wholeRange(
  firstDayOfSite: FirstDayOf,
  { site, to }: { readonly site: string; readonly to: string },
): Promise<DayRange> {
  const from = (await firstDayOfSite(site)) ?? firstDayOf(monthOf(to));
  return { from: [from, to].sort()[0] as string, to };
}
