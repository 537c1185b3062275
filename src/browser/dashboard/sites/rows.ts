// Which sites the page shows, in which order, and what they add up to.
import type { z } from 'zod';
import type { overviewAnswer } from '../../../web/api/overview.js';
import { partChanged, type SoFar } from '../change.js';
import type { Group, SitesAddress, Sort } from './address.js';

export type Overview = z.infer<typeof overviewAnswer>;
export type Site = Overview['sites'][number];

const collator = new Intl.Collator(LANGUAGE, { numeric: true, sensitivity: 'base' });

function searched(sites: readonly Site[], search: string): Site[] {
  const words = search.toLowerCase().split(/\s+/);
  return sites.filter(({ site, title, timezone }) => {
    const text = `${title} ${site} ${timezone}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The sites whose title, id or time zone contains every word of the search, sorted within their groups. */
export function arranged(
  sites: readonly Site[],
  { search, sort, isReversed }: Pick<SitesAddress, 'search' | 'sort' | 'isReversed'>,
  groupOf: (site: Site) => string,
): Site[] {
  const found = searched(sites, search);
  const direction = isReversed ? -1 : 1;
  const compare = comparing[sort];
  const rankOf = ranks(sites);
  const byRank = (a: Site, b: Site): number => (rankOf.get(a) as number) - (rankOf.get(b) as number);
  return found.sort((a, b) => byGroup(groupOf(a), groupOf(b)) || direction * (compare ?? byRank)(a, b) || byRank(a, b));
}

/** The sites that are added up: the selected ones, or else all that the search has found. */
export function summedSites(
  { sites }: Pick<Overview, 'sites'>,
  { search, selected }: Pick<SitesAddress, 'search' | 'selected'>,
): readonly Site[] {
  const chosen = new Set(selected);
  const those = sites.filter(({ site }) => chosen.has(site));
  return those.length > 0 ? those : searched(sites, search);
}

function byGroup(a: string, b: string): number {
  return a === b ? 0 : collator.compare(a, b);
}

const ranked = new WeakMap<readonly Site[], ReadonlyMap<Site, number>>();

/** The place of each site by its title. Found once for each answer: comparing titles takes longer than all the rest. */
function ranks(sites: readonly Site[]): ReadonlyMap<Site, number> {
  let found = ranked.get(sites);
  if (found === undefined) {
    const sorted = [...sites].sort((a, b) => collator.compare(a.title, b.title) || (a.site < b.site ? -1 : 1));
    found = new Map(sorted.map((site, i) => [site, i]));
    ranked.set(sites, found);
  }
  return found;
}

const descending =
  (numberOf: (site: Site) => number) =>
  (a: Site, b: Site): number =>
    numberOf(b) - numberOf(a);

const comparing: Readonly<Record<Sort, ((a: Site, b: Site) => number) | undefined>> = {
  name: undefined, // by rank
  views: descending(({ today }) => today.views),
  visitors: descending(({ today }) => today.visitors),
  online: descending(({ online }) => online?.visitors ?? -1),
  month: descending(({ days }) => days.reduce((sum, views) => sum + views, 0)),
  // without a percentage, a site is at the end
  change: descending((site) => {
    const compared = comparedOf(site, 'views');
    return (compared && partChanged(compared)) ?? -2;
  }),
};

/** Undefined where nothing can be compared. */
export function comparedOf({ sameHours }: Pick<Site, 'sameHours'>, counter: 'views' | 'visitors'): SoFar | undefined {
  return sameHours === null ? undefined : { now: sameHours.today[counter], before: sameHours.yesterday[counter] };
}

/** The name of a site's group: all of its teams, or its time zone. Empty where sites are not grouped. */
export function groupNames({ teams }: Pick<Overview, 'teams'>, group: Group, noTeam: string): (site: Site) => string {
  if (group === 'none') return () => '';
  if (group === 'timezone') return ({ timezone }) => timezone;
  const names = new Map<string, string[]>();
  for (const { name, sites } of teams) for (const site of sites) names.set(site, [...(names.get(site) ?? []), name]);
  return ({ site }) => names.get(site)?.join(', ') ?? noTeam;
}

/** Several sites as one. Visitors of different sites add up. */
export type Totals = Pick<Site, 'today' | 'yesterday' | 'sameHours' | 'online' | 'days'> & { readonly count: number };

export function totalsOf(sites: readonly Site[]): Totals {
  const sum = (of: (site: Site) => number) => sites.reduce((total, site) => total + of(site), 0);
  const compared = sites.filter(({ sameHours }) => sameHours !== null);
  const sumOf = (day: 'today' | 'yesterday') => ({
    views: compared.reduce((total, { sameHours }) => total + (sameHours?.[day].views ?? 0), 0),
    visitors: compared.reduce((total, { sameHours }) => total + (sameHours?.[day].visitors ?? 0), 0),
  });
  const hours = new Set(compared.map(({ sameHours }) => sameHours?.until));
  const isOnlineKnown = sites.some(({ online }) => online !== null);
  const variance = sum(({ today: { error = 0 } }) => error ** 2); // estimates of different sites are independent
  return {
    count: sites.length,
    today: {
      views: sum(({ today }) => today.views),
      visitors: sum(({ today }) => today.visitors),
      ...(variance > 0 && { error: Math.ceil(Math.sqrt(variance)) }),
    },
    yesterday: { views: sum(({ yesterday }) => yesterday.views), visitors: sum(({ yesterday }) => yesterday.visitors) },
    sameHours:
      compared.length === 0
        ? null
        : { until: hours.size === 1 ? ([...hours][0] as string) : '', today: sumOf('today'), yesterday: sumOf('yesterday') },
    online: isOnlineKnown
      ? { visitors: sum(({ online }) => online?.visitors ?? 0), views: sum(({ online }) => online?.views ?? 0) }
      : null,
    days: (sites[0]?.days ?? []).map((_, i) => sum(({ days }) => days[i] ?? 0)),
  };
}
