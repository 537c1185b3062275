// A process that ends between two writes is a record that cannot be written.
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { type RecordsInMemory, recordsInMemory } from '../../test/fixtures/records.js';
import { FIRST_ID } from './directory.js';
import { createPeople, type People } from './people.js';
import type { Person } from './person.js';
import { endedSessions } from './restored.js';

const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };

let records: RecordsInMemory;
let people: People;
let nowMs: number;
beforeEach(async () => {
  records = recordsInMemory();
  nowMs = 1;
  people = createPeople(records, () => nowMs);
  await people.setUp(ANNA);
  await people.directory.add(personOf('bob'));
});
const idOf = (email: string) => people.directory.byEmail(email)?.id;
const addresses = () => records.records('address').map(([email]) => email);

describe('changing an address', () => {
  it('frees the former one, and ends a link that was sent there', async () => {
    const link = await people.passwordChanges.createLink(FIRST_ID);
    expect(await people.changeEmail(FIRST_ID, 'new@example.com')).toBe('changed');
    expect([idOf('new@example.com'), idOf(ANNA.email)]).toEqual([FIRST_ID, undefined]);
    expect(addresses()).toEqual(['bob@example.com', 'new@example.com']);
    expect(people.passwordChanges.personOfLink(link)).toBeUndefined();
    expect(await people.sessions.signIn('new@example.com', ANNA.password, 'Firefox')).toBeDefined();
    expect(await people.changeEmail('bob', ANNA.email)).toBe('changed');
    expect(idOf(ANNA.email)).toBe('bob');
  });

  it('to the same address, or to that of somebody else, changes nothing', async () => {
    const before = JSON.stringify([...records.stored]);
    expect(await people.changeEmail(FIRST_ID, ANNA.email)).toBe('changed');
    expect(await people.changeEmail(FIRST_ID, 'bob@example.com')).toBe('taken');
    expect(await people.changeEmail('nobody', 'new@example.com')).toBe('unknown');
    expect(JSON.stringify([...records.stored])).toBe(before);
  });

  it('gives an address to one of two people who want it at the same time', async () => {
    const outcomes = await Promise.all([FIRST_ID, 'bob'].map((id) => people.changeEmail(id, 'new@example.com')));
    expect(outcomes.filter((outcome) => outcome === 'changed').length).toBeLessThanOrEqual(1);
    for (const { id, email } of people.directory.all()) expect(idOf(email)).toBe(id);
    expect(new Set(people.directory.all().map(({ email }) => email)).size).toBe(2);
  });

  it('keeps an address that two requests give to the same person at the same time', async () => {
    const outcomes = await Promise.all([1, 2].map(() => people.changeEmail(FIRST_ID, 'new@example.com')));
    expect(outcomes).toEqual(['changed', 'changed']);
    expect([idOf('new@example.com'), idOf(ANNA.email)]).toEqual([FIRST_ID, undefined]);
  });

  it.each([1, 2, 3])('leaves the person with one address that works if the process ends before write %s', async (last) => {
    const writes = [jest.spyOn(records, 'addRecord'), jest.spyOn(records, 'changeRecord')];
    let count = 0;
    for (const write of writes) {
      const real = write.getMockImplementation() as (...given: unknown[]) => Promise<unknown>;
      write.mockImplementation((async (...given: unknown[]) => {
        if (++count >= last) throw new Error('killed');
        return real(...given);
      }) as never);
    }
    await expect(people.changeEmail(FIRST_ID, 'new@example.com')).rejects.toThrow('killed');
    for (const write of writes) write.mockRestore();

    const { email } = people.directory.person(FIRST_ID) as Person;
    const other = email === ANNA.email ? 'new@example.com' : ANNA.email;
    expect([idOf(email), idOf(other)]).toEqual([FIRST_ID, undefined]);
    // the person can try again, and somebody else can have the other address
    expect(await people.changeEmail('bob', other)).toBe('changed');
    expect([idOf(email), idOf(other)]).toEqual([FIRST_ID, 'bob']);
    expect(await people.changeEmail(FIRST_ID, 'third@example.com')).toBe('changed');
  });
});

describe('confirming an address', () => {
  const anna = () => people.directory.person(FIRST_ID) as Person;
  const begin = async (email = 'new@example.com') => (await people.emailChanges.begin(FIRST_ID, email)) as string;

  it('changes it once, also with two requests at the same time', async () => {
    const secret = await begin();
    expect([people.emailChanges.pendingOf(anna()), idOf('new@example.com')]).toEqual(['new@example.com', undefined]);
    const outcomes = await Promise.all([1, 2].map(() => people.emailChanges.confirm(anna(), secret)));
    expect(outcomes.sort()).toEqual(['changed', 'over']);
    expect([idOf('new@example.com'), idOf(ANNA.email)]).toEqual([FIRST_ID, undefined]);
    expect(addresses()).toEqual(['bob@example.com', 'new@example.com']);
    expect(people.emailChanges.pendingOf(anna())).toBeUndefined();
  });

  it('is over after a day, after a new password, and after a restore', async () => {
    const secret = await begin();
    expect(await people.emailChanges.confirm(people.directory.person('bob') as Person, secret)).toBe('over');
    nowMs += 86_400_000;
    expect(await people.emailChanges.confirm(anna(), secret)).toBe('over');
    const again = await begin();
    const before = anna();
    await people.passwordChanges.useLink(await people.passwordChanges.createLink(FIRST_ID), 'another long password');
    // the request has read the person before
    expect(await people.emailChanges.confirm(before, again)).toBe('over');
    await begin();
    await records.changeRecord('person', FIRST_ID, (value) => endedSessions(value as object));
    expect(people.emailChanges.pendingOf(anna())).toBeUndefined();
    expect([idOf(ANNA.email), idOf('new@example.com')]).toEqual([FIRST_ID, undefined]);
  });

  it('is refused for an address that somebody else has, or has by then', async () => {
    expect(await begin('bob@example.com')).toBe('taken');
    const secret = await begin();
    await people.changeEmail('bob', 'new@example.com');
    expect(await people.emailChanges.confirm(anna(), secret)).toBe('taken');
    expect([idOf('new@example.com'), idOf(ANNA.email)]).toEqual(['bob', FIRST_ID]);
  });
});
