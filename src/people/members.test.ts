import { describe, expect, it } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { INVITATIONS_MAX, INVITATIONS_OF_PERSON_MAX, INVITATIONS_OF_SITE_MAX, TooMany } from '../store/too-many.js';
import type { Directory } from './directory.js';
import type { Invitation, Invitations, NewInvitation } from './invitations.js';
import { createMembers } from './members.js';
import type { Person } from './person.js';

/** One of several processes: it sees the changes of the others when it is refreshed. */
function startProcess(stored: Map<string, Person>) {
  const seen = new Map(stored);
  const directory = {
    person: (id: string) => seen.get(id),
    all: () => [...seen.values()],
    async change(id: string, change: (person: Person) => Person) {
      const person = stored.get(id);
      if (person === undefined) return 'unknown';
      for (const people of [stored, seen]) people.set(id, change(person));
      return 'changed';
    },
  } as unknown as Directory;
  const refresh = async () => {
    for (const [id, person] of stored) seen.set(id, person);
  };
  return createMembers(directory, {} as Invitations, { refresh });
}

const owners = () => new Map(['anna', 'bob'].map((id) => [id, personOf(id, { sites: { garden: 'owner', moon: 'viewer' } })]));

describe('the members of a site', () => {
  it('keep an owner although two owners remove each other in two processes', async () => {
    const people = owners();
    const [one, other] = [startProcess(people), startProcess(people)];
    const outcomes = await Promise.all([one.change('garden', 'anna', undefined), other.change('garden', 'bob', 'viewer')]);
    expect(outcomes).toContain('last-owner');
    expect([...people.values()].map(({ sites }) => sites.garden)).toContain('owner');
    expect([...people.values()].map(({ sites }) => sites.moon)).toEqual(['viewer', 'viewer']);
  });

  it('include a person who was added by another process', async () => {
    const people = owners();
    const members = startProcess(people);
    people.set('carl', personOf('carl', { sites: { garden: 'viewer' } }));
    expect(await members.change('garden', 'carl', 'editor')).toBe('changed');
    expect(people.get('carl')?.sites.garden).toBe('editor');
  });

  it('of a site called constructor are only those who have a role on it', async () => {
    const people = owners();
    const members = startProcess(people);
    expect(members.of('constructor')).toEqual([]);
    expect(await members.change('constructor', 'anna', 'owner')).toBe('unknown');
    expect(people).toEqual(owners());
  });
});

describe('invitations to a site', () => {
  function start() {
    const people = [personOf('anna', { isOperator: true }), personOf('bob', { sites: { garden: 'owner' } }), personOf('carl')];
    const pending: Invitation[] = [];
    const directory = { person: (id: string) => people.find((person) => person.id === id) } as unknown as Directory;
    const invitations = {
      pending: () => pending,
      find: () => undefined,
      async create(invitation: NewInvitation) {
        pending.push({ ...invitation, id: '', untilMs: 1 });
        return 'secret';
      },
    } as unknown as Invitations;
    const members = createMembers(directory, invitations, { refresh: async () => {} });
    const invite = (site: string, inviterId?: string) =>
      members.invite(site, { email: 'x@example.com', role: 'viewer', invitedBy: '', inviterId });
    const inviteMany = async (count: number, siteOf: (i: number) => string, inviterId?: string) => {
      for (let i = 0; i < count; i++) await invite(siteOf(i), inviterId);
    };
    return { invite, inviteMany };
  }

  it('are limited by site, also those of operators', async () => {
    const { invite, inviteMany } = start();
    await inviteMany(INVITATIONS_OF_SITE_MAX, () => 'garden', 'bob');
    for (const sender of ['anna', 'bob', undefined]) await expect(invite('garden', sender)).rejects.toThrow(TooMany);
    await invite('moon', 'bob');
  });

  it('are limited by person, except those of operators', async () => {
    const { invite, inviteMany } = start();
    for (const sender of ['anna', 'bob']) await inviteMany(INVITATIONS_OF_PERSON_MAX, (i) => `${sender}-${i}`, sender);
    await expect(invite('moon', 'bob')).rejects.toThrow(TooMany);
    for (const sender of ['anna', 'carl', undefined]) await invite('moon', sender);
  });

  it('are limited in all, except those of operators', async () => {
    const { invite, inviteMany } = start();
    await inviteMany(INVITATIONS_MAX, (i) => `site-${i}`);
    for (const sender of ['carl', undefined]) await expect(invite('moon', sender)).rejects.toThrow('Ask an operator');
    await invite('moon', 'anna');
  });
});
