// What the page of all sites shows, as the part of its address after the #: `#sort=views&group=team&search=shop`, or
// `#selected=one,two&rollup=30d;list=content.rows`.
import { type Address, addressOf, readAddress } from '../address.js';

export const SORTS = ['name', 'views', 'visitors', 'online', 'change', 'month'] as const;
export type Sort = (typeof SORTS)[number];
export const GROUPS = ['none', 'team', 'timezone'] as const;
export type Group = (typeof GROUPS)[number];
export interface SitesAddress {
  readonly sort: Sort;
  /** Names begin with the last one, numbers with the smallest. */
  readonly isReversed: boolean;
  readonly group: Group;
  readonly search: string;
  /** From 1. It may be beyond the last page. */
  readonly page: number;
  /** Ids. */
  readonly selected: readonly string[];
  /** What the roll-up shows; undefined while it is closed. */
  readonly rollup: Address | undefined;
}

/** Parts that cannot be read are ignored. */
export function readSitesAddress(hash: string): SitesAddress {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const one = <Name extends string>(name: string, of: readonly Name[]) => of.find((value) => value === parts.get(name));
  return {
    sort: one('sort', SORTS) ?? 'name',
    isReversed: parts.get('order') === 'reversed',
    group: one('group', GROUPS) ?? 'none',
    search: parts.get('search') ?? '',
    page: Math.max(1, Math.floor(Number(parts.get('page')) || 1)),
    selected: (parts.get('selected') ?? '').split(',').filter((id) => id !== ''),
    rollup: rollupIn(hash),
  };
}

/** Empty for the defaults. */
export function sitesAddressOf({ sort, isReversed, group, search, page, selected, rollup }: SitesAddress): string {
  const parts = [
    sort !== 'name' && `sort=${sort}`,
    isReversed && 'order=reversed',
    group !== 'none' && `group=${group}`,
    search !== '' && `search=${encodeURIComponent(search)}`,
    page > 1 && `page=${page}`,
    selected.length > 0 && `selected=${selected.join()}`,
    rollup !== undefined && `rollup=${rollupText(rollup)}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** Its parts are those of a site's page. They are separated by what separates nothing else. */
const [SEPARATOR, SEPARATOR_OF_SITE] = [';', '&'];

function rollupIn(hash: string): Address | undefined {
  const parts = /(?:^#?|&)rollup=([^&]*)/.exec(hash)?.[1];
  return parts === undefined ? undefined : readAddress(parts.replaceAll(SEPARATOR, SEPARATOR_OF_SITE));
}

function rollupText(rollup: Address): string {
  return addressOf(rollup).slice(1).replaceAll(SEPARATOR_OF_SITE, SEPARATOR);
}
