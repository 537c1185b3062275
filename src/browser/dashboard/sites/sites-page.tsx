// The page of all sites: a table with the numbers of today, and their totals.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { changeText, partChanged } from '../change.js';
import { basePath } from '../fetch.js';
import { estimate, hourName, number } from '../format.js';
import { UNKNOWN } from '../texts.js';
import { GROUPS, SORTS, type Sort } from './address.js';
import { Rollup } from './rollup.js';
import type { RollupState } from './rollup-state.js';
import { arranged, comparedOf, groupNames, type Overview, type Site, type Totals, totalsOf } from './rows.js';
import { Sparkline } from './sparkline.js';
import type { SitesState } from './state.js';
import { SITES } from './texts.js';

interface Props {
  readonly state: SitesState;
  readonly rollup: RollupState;
  /** How many sites are shown at once. */
  readonly rowsOnPage: number;
}

export function SitesPage({ state, rollup, rowsOnPage }: Props) {
  const overview = state.overview.value as Overview;
  const address = state.address.value;
  const groupOf = groupNames(overview, address.group, SITES.noTeam);
  const found = arranged(overview.sites, address, groupOf);
  const chosen = new Set(address.selected);
  const selected = overview.sites.filter(({ site }) => chosen.has(site));
  const pages = Math.max(1, Math.ceil(found.length / rowsOnPage));
  const page = Math.min(address.page, pages);
  const shown = found.slice((page - 1) * rowsOnPage, page * rowsOnPage);
  const summed = rollup.sites.value;
  const totals = totalsOf(summed);
  const csv = csvAddress(overview, summed);
  return (
    <>
      <Toolbar state={state} hasTeams={overview.teams.length > 0} />
      <div class="card sites-card">
        <table class="sites-table">
          <Head state={state} found={found} />
          <tbody>
            <Numbers totals={totals} class="totals">
              <td class="select" />
              <th scope="row">
                <span class="site-cell">
                  <strong>{totalsName(overview, found, selected)}</strong>
                  <Sparkline days={totals.days} />
                </span>
              </th>
            </Numbers>
          </tbody>
          {groupsOf(shown, groupOf).map(([name, sites]) => (
            <tbody key={name}>
              {name !== '' && <GroupRow name={name} sites={found.filter((site) => groupOf(site) === name)} />}
              {sites.map((site) => (
                <SiteRow key={site.site} site={site} isSelected={chosen.has(site.site)} state={state} />
              ))}
            </tbody>
          ))}
        </table>
        {found.length === 0 && <p class="empty">{SITES.none}</p>}
        <div class="sites-foot">
          {summed.length > 0 && (
            <a class="small-button" href={rollup.openHref.value}>
              {SITES.rollup}
            </a>
          )}
          {csv !== undefined && (
            <a class="small-button" href={csv} download="" title={SITES.csvTitle}>
              {SITES.csv}
            </a>
          )}
          {selected.length > 0 && (
            <button type="button" class="quiet" onClick={() => state.choose({ page, selected: [] }, false)}>
              {SITES.clear}
            </button>
          )}
          <Pages rowsOnPage={rowsOnPage} page={page} pages={pages} found={found.length} go={(page) => state.choose({ page })} />
        </div>
      </div>
      {overview.damaged && <p class="problem">{SITES.damaged(overview.damaged.join(', '))}</p>}
      <p class="hint">{SITES.addUp}</p>
      <Rollup state={rollup} />
    </>
  );
}

function totalsName({ sites }: Overview, found: readonly Site[], selected: readonly Site[]): string {
  if (selected.length > 0) return SITES.selected(number(selected.length));
  if (found.length < sites.length) return SITES.found(number(found.length));
  return SITES.all(sites.length, number(sites.length));
}

/** The call takes no more names, nor does an address have room for them. */
const NAMED_MAX = 500;

function csvAddress({ sites }: Overview, summed: readonly Site[]): string | undefined {
  const address = `${basePath()}/api/v1/overview?format=csv`;
  if (summed.length === sites.length) return address;
  if (summed.length === 0 || summed.length > NAMED_MAX) return undefined;
  return `${address}&sites=${summed.map(({ site }) => site).join()}`;
}

function groupsOf(sites: readonly Site[], groupOf: (site: Site) => string): Array<[name: string, sites: Site[]]> {
  const groups = new Map<string, Site[]>();
  for (const site of sites) groups.set(groupOf(site), [...(groups.get(groupOf(site)) ?? []), site]);
  return [...groups];
}

function Toolbar({ state, hasTeams }: { state: SitesState; hasTeams: boolean }) {
  const { search, group, sort } = state.address.value;
  const groups = GROUPS.filter((name) => name !== 'team' || hasTeams);
  return (
    <div class="sites-toolbar">
      <input
        type="search"
        id="search-sites"
        aria-label={SITES.search}
        placeholder={SITES.search}
        value={search}
        onInput={({ currentTarget }) => state.choose({ search: currentTarget.value }, false)}
      />
      <label class="compare sort-choice">
        {SITES.sort}{' '}
        <select value={sort} onChange={({ currentTarget }) => sortBy(state, currentTarget.value as Sort)}>
          {SORTS.map((name) => (
            <option key={name} value={name}>
              {SITES.sorts[name]}
            </option>
          ))}
        </select>
      </label>
      <label class="compare">
        {SITES.group}{' '}
        <select
          value={group}
          onChange={({ currentTarget }) => state.choose({ group: GROUPS.find((name) => name === currentTarget.value) ?? 'none' })}
        >
          {groups.map((name) => (
            <option key={name} value={name}>
              {SITES.groups[name]}
            </option>
          ))}
        </select>
      </label>
      <span class="hint" id="sites-status" role="status">
        {state.status}
      </span>
    </div>
  );
}

/** A second click sorts in the other direction. */
function sortBy({ address, choose }: SitesState, sort: Sort): void {
  const { sort: now, isReversed } = address.peek();
  choose({ sort, isReversed: sort === now && !isReversed });
}

function Head({ state, found }: { state: SitesState; found: readonly Site[] }) {
  const { sort, isReversed, selected } = state.address.value;
  const box = useRef<HTMLInputElement>(null);
  const count = found.filter(({ site }) => selected.includes(site)).length;
  const isAll = count > 0 && count === found.length;
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = count > 0 && !isAll;
  }, [count, isAll]);
  const columns: ReadonlyArray<readonly [Sort, string]> = [
    ['name', SITES.site],
    ['views', SITES.views],
    ['visitors', SITES.visitors],
    ['online', SITES.online],
  ];
  const descends = (name: Sort): boolean => (name === 'name') === isReversed;
  return (
    <thead>
      <tr>
        <td class="select">
          <label>
            <input
              ref={box}
              type="checkbox"
              aria-label={SITES.selectAll(number(found.length))}
              checked={isAll}
              onChange={() => state.choose({ ...keepPage(state), selected: isAll ? [] : found.map(({ site }) => site) }, false)}
            />
          </label>
        </td>
        {columns.map(([name, text]) => (
          <th key={name} scope="col" aria-sort={sort === name ? (descends(name) ? 'descending' : 'ascending') : undefined}>
            <span class={name === 'name' ? 'site-cell' : undefined}>
              <button type="button" class="sort" onClick={() => sortBy(state, name)}>
                {text}
              </button>
              {name === 'name' && (
                <span class="days-head" aria-hidden="true">
                  {SITES.days}
                </span>
              )}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function keepPage({ address }: SitesState): { page: number } {
  return { page: address.peek().page };
}

function GroupRow({ name, sites }: { name: string; sites: readonly Site[] }) {
  return (
    <Numbers totals={totalsOf(sites)} class="group">
      <th scope="rowgroup" colSpan={2}>
        <bdi>{name}</bdi> <span class="hint">{SITES.all(sites.length, number(sites.length))}</span>
      </th>
    </Numbers>
  );
}

function SiteRow({ site, isSelected, state }: { site: Site; isSelected: boolean; state: SitesState }) {
  const { site: id, title, timezone, days } = site;
  const { selected } = state.address.value;
  const toggled = isSelected ? selected.filter((one) => one !== id) : [...selected, id];
  return (
    <Numbers totals={site}>
      <td class="select">
        <label>
          <input
            type="checkbox"
            aria-label={SITES.select(title)}
            checked={isSelected}
            onChange={() => state.choose({ ...keepPage(state), selected: toggled }, false)}
          />
        </label>
      </td>
      <th scope="row">
        <span class="site-cell">
          <a class="site-link" href={`${basePath()}/sites/${id}`}>
            <strong>
              <bdi>{title}</bdi>
            </strong>
            <span>
              {id}
              <span class="zone-of-site"> · {timezone}</span>
            </span>
          </a>
          <Sparkline days={days} />
        </span>
      </th>
    </Numbers>
  );
}

interface NumbersProps {
  readonly totals: Omit<Totals, 'count'>;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A row with its first cells. */
function Numbers({ totals, class: name, children }: NumbersProps) {
  const { today, yesterday, sameHours, online } = totals;
  const isOnlineKnown = online !== null && (online.visitors > 0 || online.views === 0);
  const [views, visitors] = (['views', 'visitors'] as const).map((counter) => comparedOf(totals, counter));
  const until = sameHours?.until ?? '';
  const titleOf = (counter: 'views' | 'visitors', text: typeof SITES.viewsTitle): string => {
    const compared = counter === 'views' ? views : visitors;
    const all = number(yesterday[counter]);
    // the sites of a total may have different hours
    return compared && until !== ''
      ? text(hourName(until), number(compared.now), number(compared.before), all)
      : SITES.yesterdayTitle(all);
  };
  return (
    <tr class={name}>
      {children}
      <td title={titleOf('views', SITES.viewsTitle)}>
        <span class="value">{number(today.views)}</span>
        <Change compared={views} />
      </td>
      <td title={titleOf('visitors', SITES.visitorsTitle)}>
        <span class="value">{estimate(today.visitors, today.error)}</span>
        <Change compared={visitors} />
      </td>
      <td title={online === null ? undefined : SITES.onlineTitle(number(online.views))}>
        <span class="value">{isOnlineKnown ? number(online.visitors) : UNKNOWN}</span>
      </td>
    </tr>
  );
}

function Change({ compared }: { compared: ReturnType<typeof comparedOf> }) {
  const part = compared && partChanged(compared);
  const direction = part === undefined || Math.round(part * 100) === 0 ? undefined : part > 0 ? 'up' : 'down';
  return (
    <span class="before" data-direction={direction}>
      {compared && changeText(compared)}
    </span>
  );
}

interface PagesProps {
  readonly rowsOnPage: number;
  readonly page: number;
  readonly pages: number;
  readonly found: number;
  readonly go: (page: number) => void;
}

function Pages({ rowsOnPage, page, pages, found, go }: PagesProps) {
  if (pages === 1) return null;
  const first = (page - 1) * rowsOnPage + 1;
  return (
    <div class="steps">
      <button type="button" class="step" aria-disabled={page === 1} onClick={() => page > 1 && go(page - 1)}>
        {SITES.previous}
      </button>
      <span class="range" role="status">
        {SITES.rows(number(first), number(Math.min(found, first + rowsOnPage - 1)), number(found))}
      </span>
      <button type="button" class="step" aria-disabled={page === pages} onClick={() => page < pages && go(page + 1)}>
        {SITES.next}
      </button>
    </div>
  );
}
