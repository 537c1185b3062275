import { describe, expect, it } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import type { Directory } from './directory.js';
import type { Invitations } from './invitations.js';
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
