// Changing the settings of a site: the same for the command line, the page and the API.
import type { Site } from '../../hit/site.js';
import { checkSite, type Problem } from '../../store/account-rules.js';
import type { Accounts } from '../../store/accounts.js';
import type { Ledger } from '../../store/ledger.js';
import { addDays } from '../../time/dates.js';
import { type ZoneChange, zoneChange } from '../../time/zone-change.js';
import { REZONED } from '../repair/received.js';

export interface SettingsParts {
  readonly accounts: Pick<Accounts, 'site' | 'updateSite' | 'refresh'>;
  readonly ledger: Pick<Ledger, 'add'>;
  readonly nowMs: () => number;
}

export type ChangedSite =
  | {
      /** The settings that were replaced. */
      readonly before: Site;
      readonly site: Site;
      /** Undefined if the time zone is the same. */
      readonly zoneChange: ZoneChange | undefined;
    }
  | { readonly problems: readonly Problem[] }
  | 'unknown';

/**
 * `changes` returns settings by their names in `Site`, not checked. Others stay as they are, also if somebody else changes
 * them at the same time; the id and the creation time never change. `unknown`: the site was deleted meanwhile. May reject
 * with an AccountsUnavailable.
 */
export async function changeSite(
  parts: SettingsParts,
  seen: Site,
  changes: (site: Site) => Readonly<Record<string, unknown>>,
): Promise<ChangedSite> {
  const { accounts } = parts;
  let before: Site | undefined = seen;
  while (before !== undefined) {
    const changed = await changeFrom(parts, before, changes(before));
    if (changed !== 'outdated') return changed;
    await accounts.refresh();
    before = accounts.site(seen.id);
  }
  return 'unknown';
}

async function changeFrom(
  { accounts, ledger, nowMs }: SettingsParts,
  before: Site,
  changes: Readonly<Record<string, unknown>>,
): Promise<ChangedSite | 'outdated'> {
  const checked = checkSite({ ...before, ...changes, id: before.id });
  if ('problems' in checked) return checked;
  const site: Site = { ...checked.settings, createdAtMs: before.createdAtMs };
  const change = site.timezone === before.timezone ? undefined : zoneChange(before.timezone, site.timezone, nowMs());
  // Recorded first: the hits of these days may be in either zone, and a rebuild must know that. Pings can still arrive
  // for a view of the last 24 hours, and count for its day.
  if (change !== undefined) {
    await ledger.add(REZONED, site.id, { from: addDays(change.firstDay, -2), to: addDays(change.lastDay, 1) });
  }
  const outcome = await accounts.updateSite(site, before);
  return outcome === 'updated' ? { before, site, zoneChange: change } : outcome;
}
