// Checks the sites, people and days that are named on the command line.
import type { Site } from '../hit/site.js';
import type { People } from '../people/people.js';
import type { Person } from '../people/person.js';
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

export function namedPerson({ directory }: Pick<People, 'directory'>, email: string): Person {
  const person = directory.byEmail(email);
  if (person === undefined) throw unknownPerson(email);
  return person;
}

export function unknownPerson(email: string): CommandFailure {
  return new CommandFailure(`there is no account for "${email}"; \`hitherto person list\` lists all accounts`);
}

export function checkedDay(day: string): string {
  if (isDay(day)) return day;
  throw new CommandFailure(`"${day}" is not a day; write it as 2026-11-20`);
}
