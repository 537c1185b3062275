// A process that ends between two writes is a record that cannot be written.
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { type RecordsInMemory, recordsInMemory } from '../../test/fixtures/records.js';
import { createPeople, type People } from './people.js';
import type { Identity } from './person.js';
import { mayUseProvider, verifiedEmail } from './provider.js';
import { endedSessions } from './restored.js';

const ONE: Identity = { issuer: 'https://id.example', subject: 'one' };
const TWO: Identity = { issuer: 'https://id.example', subject: 'two' };

let records: RecordsInMemory;
let people: People;
beforeEach(async () => {
  records = recordsInMemory();
  people = createPeople(records, () => 1);
  await people.directory.add(personOf('anna'));
  await people.directory.add(personOf('bob'));
});
const ownerOf = (identity: Identity) => people.identities.personOf(identity)?.id;
const link = async (id: string, identity: Identity) =>
  people.identities.accept(await people.identities.propose(id, identity, id));

describe('an identity', () => {
  it('belongs to one person, and a person has one', async () => {
    expect(await link('anna', ONE)).toBe('linked');
    expect(await link('bob', ONE)).toBe('taken');
    expect(await link('anna', ONE)).toBe('linked');
    expect(ownerOf(ONE)).toBe('anna');
    expect(await link('anna', TWO)).toBe('linked');
    expect([ownerOf(ONE), ownerOf(TWO), records.records('identity').length]).toEqual([undefined, 'anna', 1]);
    expect(await link('bob', ONE)).toBe('linked');
  });

  it('is of one issuer: the same id at another one is somebody else', async () => {
    await link('anna', ONE);
    expect(ownerOf({ ...ONE, issuer: 'https://id.example/' })).toBeUndefined();
    expect(ownerOf({ issuer: 'https://id.exampleo', subject: 'ne' })).toBeUndefined();
  });

  it('belongs to at most one person when two want it at the same time', async () => {
    for (let time = 0; time < 20; time++) {
      const outcomes = await Promise.all([link('anna', ONE), link('bob', ONE)]);
      const owners = ['anna', 'bob'].filter((id) => people.directory.person(id)?.identity !== undefined);
      expect(owners.length).toBeLessThanOrEqual(1);
      expect(outcomes.filter((outcome) => outcome === 'linked')).toHaveLength(owners.length);
      expect(ownerOf(ONE)).toBe(owners[0]);
      for (const id of owners) await people.directory.change(id, (person) => ({ ...person, identity: undefined }));
    }
  });

  it('can be linked again after a process has ended half-way, or after the account was deleted', async () => {
    const secret = await people.identities.propose('anna', ONE, 'anna');
    const changing = jest.spyOn(records, 'changeRecord').mockRejectedValueOnce(new Error('the process ends'));
    await expect(people.identities.accept(secret)).rejects.toThrow('the process ends');
    changing.mockRestore();
    expect([records.records('identity').length, ownerOf(ONE)]).toEqual([1, undefined]);
    expect(await link('bob', ONE)).toBe('linked');
    await people.directory.change('bob', () => undefined);
    expect(records.records('identity')).toEqual([]);
    expect(await link('anna', ONE)).toBe('linked');
  });

  it('is not linked by a proposal that was replaced, and proposals are not in a restored backup', async () => {
    const replaced = await people.identities.propose('anna', ONE, 'anna');
    const last = await people.identities.propose('anna', TWO, 'anna');
    expect(await people.identities.accept(replaced)).toBe('over');
    expect(JSON.stringify(endedSessions(records.record('person', 'anna') as object))).not.toContain('proposedIdentity');
    expect(await people.identities.accept(last)).toBe('linked');
    expect(endedSessions(records.record('person', 'anna') as object)).toMatchObject({ identity: TWO });
  });

  it('ends the sign-ins of its person when it is unlinked', async () => {
    await link('anna', ONE);
    const anna = people.directory.person('anna');
    if (anna === undefined) throw new Error('there is no Anna');
    const begun = await people.sessions.beginAfterFirstStep(anna, 'Firefox');
    const kept = await people.sessions.begin('anna', 'Firefox');
    const session = people.sessions.find(kept)?.session;
    if (session === undefined) throw new Error('there is no session');
    await people.identities.unlink('anna', session);
    expect([people.sessions.find(begun?.secret ?? ''), people.sessions.find(kept)?.person.id]).toEqual([undefined, 'anna']);
    expect(await people.sessions.beginAfterFirstStep(anna, 'Firefox')).toBeUndefined();
  });
});

describe('an address that a provider has verified', () => {
  const of = (email: string) => verifiedEmail({ identity: ONE, email, isEmailVerified: true });

  it('is compared in lower case', () => {
    expect(of('Anna@Example.com')).toBe('anna@example.com');
    expect(of('jörg@bücher.example')).toBe('jörg@bücher.example');
  });

  it.each([
    '\u212aim@example.com',
    'anna@e\u0301.example',
    'ÅNNA@example.com',
    '',
    'anna',
    'a b@example.com',
    'a@b@c.example',
    'a\0@b.example',
  ])('is ignored if its normal form may be that of somebody else, or if it is none: %j', (email) =>
    expect(of(email)).toBeUndefined(),
  );

  it('may be of the named domains only, and not below them', () => {
    const rules = { domains: ['example.com'] };
    expect(
      ['anna@example.com', 'anna@sub.example.com', 'anna@example.com.evil.example', undefined].map((email) =>
        mayUseProvider(email, rules),
      ),
    ).toEqual([true, false, false, false]);
    expect(mayUseProvider(undefined, { domains: [] })).toBe(true);
  });
});
