// A site and a day as they are named on the command line.

import type { Site } from '../hit/site.js';
import type { Accounts } from '../store/accounts.js';
import { CommandFailure } from './run.js';

export function namedSite(accounts: Accounts, id: string): Site {
  const site = accounts.site(id);
  if (site !== undefined) return site;
  const damaged = accounts.damagedSites().find((one) => one.id === id);
  throw new CommandFailure(damaged?.problem ?? `there is no site "${id}"; \`hitherto site list\` shows those that there are`);
}

export function checkedDay(day: string): string {
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(day)) return day;
  throw new CommandFailure(`"${day}" is no day; expected one such as 2026-11-20`);
}
