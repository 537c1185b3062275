// Removes a deleted site from people, teams and invitations, and its share links and annotations.
import type { RecordKind } from '../store/accounts.js';
import type { PeopleRecords } from './reservations.js';

/** Of these records only `sites` and, of invitations, what else they grant is read. A later version may have more. */
interface WithSites {
  readonly sites?: Readonly<Record<string, unknown>>;
  readonly isOperator?: unknown;
  readonly sitesMax?: unknown;
  readonly teams?: Readonly<Record<string, unknown>>;
}

export type SiteRecords = Pick<PeopleRecords, 'records' | 'changeRecord' | 'refresh'>;

/**
 * May be repeated. Call it when no process knows the site any more, so that nobody receives a role on it afterwards. May
 * reject with an AccountsUnavailable.
 */
export async function removeSiteFromPeople(records: SiteRecords, site: string): Promise<void> {
  await records.refresh();
  // invitations first: one that is accepted later no longer contains the site
  await removeFrom(records, 'invitation', site);
  await removeFrom(records, 'person', site);
  for (const [id, value] of records.records('team')) {
    if (!teamHas(value, site)) continue;
    await records.changeRecord('team', id, (value) =>
      teamHas(value, site) ? { ...value, sites: value.sites.filter((one) => one !== site) } : (value as object),
    );
  }
  await records.changeRecord('annotations', site, () => undefined);
  for (const [id, value] of records.records('share')) {
    if ((value as { readonly site?: unknown } | null)?.site === site) await records.changeRecord('share', id, () => undefined);
  }
}

async function removeFrom(records: SiteRecords, kind: RecordKind, site: string): Promise<void> {
  for (const [id, value] of records.records(kind)) {
    if (!hasSite(value, site)) continue;
    await records.changeRecord(kind, id, (value) => {
      if (!hasSite(value, site)) return value as object;
      const without = { ...value, sites: Object.fromEntries(Object.entries(value.sites).filter(([id]) => id !== site)) };
      return kind === 'invitation' && grantsNothing(without) ? undefined : without;
    });
  }
}

function hasSite(value: unknown, site: string): value is WithSites & Required<Pick<WithSites, 'sites'>> {
  const sites = (value as WithSites | null)?.sites;
  return typeof sites === 'object' && sites !== null && Object.hasOwn(sites, site);
}

function teamHas(value: unknown, site: string): value is { readonly sites: readonly unknown[] } {
  const sites = (value as { readonly sites?: unknown } | null)?.sites;
  return Array.isArray(sites) && sites.includes(site);
}

function grantsNothing({ sites = {}, isOperator, sitesMax, teams = {} }: WithSites): boolean {
  return Object.keys(sites).length === 0 && isOperator === false && sitesMax === 0 && Object.keys(teams).length === 0;
}
