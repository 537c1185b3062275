// The list of people and invitations that `hitherto person list` prints.
import type { Grant, Invitation } from '../people/invitations.js';
import { passkeysOf } from '../people/passkeys.js';
import type { Person } from '../people/person.js';
import { ownedSites } from '../people/rights.js';
import { stateOfHits } from '../people/usage.js';
import { utcDay } from '../time/dates.js';
import { table } from './run.js';

export interface ListedPerson {
  readonly person: Person;
  /** Of the person's own sites this month. Undefined: they are not known, or the person is an operator. */
  readonly hits: number | undefined;
}

export interface ListedPeople {
  readonly people: readonly ListedPerson[];
  readonly invitations: readonly Invitation[];
}

export function peopleTable({ people, invitations }: ListedPeople): string {
  return table([...people.map(personRow), ...invitations.map(invitationRow)]);
}

export function peopleAsJson({ people, invitations }: ListedPeople): string {
  const dateOf = (ms: number) => new Date(ms).toISOString();
  const listed = people.map(({ person, hits }) => {
    const { email, name, isOperator, sitesMax, hitsMax, sites, language, sessions, twoStep, createdAtMs } = person;
    return {
      email,
      name,
      isOperator,
      sitesMax,
      hitsMax,
      hitsThisMonth: hits,
      sites,
      language,
      twoStep: twoStep !== undefined,
      provider: person.identity !== undefined,
      passkeys: passkeysOf(person).length,
      sessions: sessions.length,
      lastUsedDay: lastUsedDay(person),
      createdAt: dateOf(createdAtMs),
    };
  });
  const invited = invitations.map(({ email, invitedBy, isOperator, sitesMax, hitsMax, sites, untilMs }) => {
    return { email, invitedBy, isOperator, sitesMax, hitsMax, sites, until: dateOf(untilMs) };
  });
  return `${JSON.stringify({ people: listed, invitations: invited })}\n`;
}

function personRow({ person, hits }: ListedPerson): string[] {
  return [person.email, person.name, rightsText(person), lastUsedDay(person) ?? 'never', hitsText({ person, hits })];
}

function hitsText({ person, hits }: ListedPerson): string {
  const hasLimit = person.hitsMax !== undefined;
  if (person.isOperator || (!hasLimit && ownedSites(person).length === 0)) return '';
  if (hits === undefined) return 'hits not known';
  const isReached = stateOfHits(hits, person.hitsMax) === 'reached';
  return `${hits}${hasLimit ? ` of ${person.hitsMax}` : ''} hits this month${isReached ? ', limit reached' : ''}`;
}

function invitationRow({ email, untilMs, ...grant }: Invitation): string[] {
  return [email, `(invited until ${utcDay(untilMs)})`, rightsText(grant), ''];
}

/** Such as "owner of garden, viewer of shop, up to 3 own sites". */
function rightsText({ isOperator, sitesMax, sites }: Grant): string {
  if (isOperator) return 'operator';
  const roles = Object.entries(sites).map(([site, role]) => `${role} of ${site}`);
  return (
    [...roles, ...(sitesMax > 0 ? [`up to ${sitesMax} own ${sitesMax === 1 ? 'site' : 'sites'}`] : [])].join(', ') || 'nothing'
  );
}

function lastUsedDay({ sessions }: Person): string | undefined {
  return sessions
    .map((session) => session.lastUsedDay)
    .sort()
    .at(-1);
}
