// Checks the sites and days that are named on the command line.
import type { Site } from '../hit/site.js';
import type { Accounts } from '../store/accounts.js';
import { isDay } from '../time/dates.js';
import { CommandFailure } from './run.js';

export function namedSite(accounts: Accounts, id: string): Site {
  const site = accounts.site(id);
  if (site !== undefined) return site;
  const damaged = accounts.damagedSites().find((one) => one.id === id);
  throw damaged === undefined ? unknownSite(id) : new CommandFailure(damaged.problem);
}

/** The site that an import counts into. */
export function siteToImportInto(accounts: Accounts, id: string): Site {
  const site = accounts.site(id);
  if (site === undefined)
    throw new CommandFailure(`there is no site "${id}"; add it first: hitherto site add ${id} --title … --timezone …`);
  return site;
}

export function unknownSite(id: string): CommandFailure {
  return new CommandFailure(`there is no site "${id}"; \`hitherto site list\` lists all sites`);
}

export function checkedDay(day: string): string {
  if (isDay(day)) return day;
  throw new CommandFailure(`"${day}" is not a day; write it as 2026-11-20`);
}
