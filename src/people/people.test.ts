// The directory and the first set-up, in memory and on the stores of both modes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import { createAuthenticator } from '../../test/fixtures/authenticator.js';
import { recordsInMemory } from '../../test/fixtures/records.js';
import { describeWith, dropDatabase, mongodbUri } from '../../test/fixtures/servers.js';
import { localNotifiers } from '../sharing/local/notifier.js';
import { openLmdbStore } from '../store/lmdb/open.js';
import { openMongodbAccounts } from '../store/mongodb/accounts.js';
import { openMongodb } from '../store/mongodb/connection.js';
import { FIRST_ID } from './directory.js';
import { newCodeSecret } from './one-time-codes.js';
import { createPeople, type People } from './people.js';
import type { Person } from './person.js';
import type { PeopleRecords } from './reservations.js';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
const BERT = { name: 'Bert', email: 'bert@example.com', password: 'another long password' };

const person = (id: string, email: string): Person => ({
  ...{ id, name: id, email, password: 'hash', isOperator: false, sitesMax: 0, sites: {}, sessions: [], createdAtMs: 1 },
});

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** `open` returns two views of the same empty store, as two nodes have. */
function cases(open: () => Promise<readonly [PeopleRecords, PeopleRecords]>): void {
  const opened = async (): Promise<[People, People, PeopleRecords, PeopleRecords]> => {
    const [records, others] = await open();
    return [createPeople(records, () => NOW_MS), createPeople(others, () => NOW_MS), records, others];
  };

  it('can be set up once, by an operator with the id of the first person', async () => {
    const [people] = await opened();
    expect(people.directory.hasOperator()).toBe(false);
    expect(await people.setUp(ANNA)).toMatchObject({ id: FIRST_ID, name: 'Anna', isOperator: true, sites: {} });
    expect(people.directory.hasOperator()).toBe(true);
    expect(await people.setUp(BERT)).toBe('over');
    expect(people.directory.all().map(({ email }) => email)).toEqual(['anna@example.com']);
    expect(await people.sessions.signIn(ANNA.email, ANNA.password, 'Firefox')).toBeDefined();
    expect(await people.sessions.signIn(BERT.email, BERT.password, 'Firefox')).toBeUndefined();
  });

  it('are set up by one person when two try at the same time', async () => {
    const [people, others, records] = await opened();
    const outcomes = await Promise.all([people.setUp(ANNA), others.setUp(BERT)]);
    expect(outcomes.filter((outcome) => outcome === 'over')).toHaveLength(1);
    await records.refresh();
    const [only, ...more] = people.directory.all();
    expect(more).toEqual([]);
    expect(people.directory.byEmail(only?.email ?? '')).toEqual(only);
  });

  it('can be set up by the same person again if the first try was killed between two writes', async () => {
    const [people, , records] = await opened();
    await records.addRecord('address', ANNA.email, { person: FIRST_ID });
    expect(await people.setUp(ANNA)).toMatchObject({ email: ANNA.email });
  });

  it('have one address each', async () => {
    const [{ directory }, others] = await opened();
    expect(await directory.add(person('a', 'anna@example.com'))).toBe('added');
    expect(await others.directory.add(person('b', 'anna@example.com'))).toBe('taken');
    expect(directory.byEmail(' ANNA@example.com ')?.id).toBe('a');
    expect(directory.all().map(({ id }) => id)).toEqual(['a']);
  });

  it('are added once when two people with the same address are added at the same time', async () => {
    const [{ directory }, others, records] = await opened();
    const outcomes = await Promise.all([
      directory.add(person('a', 'anna@example.com')),
      others.directory.add(person('b', 'anna@example.com')),
    ]);
    await records.refresh();
    expect(outcomes.filter((outcome) => outcome === 'added').length).toBe(directory.all().length);
    expect(directory.all().length).toBeLessThanOrEqual(1);
    for (const { id, email } of directory.all()) expect(directory.byEmail(email)?.id).toBe(id);
  });

  it('free their address when they are removed, and only their own', async () => {
    const [{ directory }, , records] = await opened();
    await directory.add(person('a', 'anna@example.com'));
    expect(await directory.change('a', () => undefined)).toBe('changed');
    expect(records.record('address', 'anna@example.com')).toBeUndefined();
    expect(await directory.change('a', (before) => before)).toBe('unknown');
    expect(await directory.add(person('b', 'anna@example.com'))).toBe('added');
    expect(directory.byEmail('anna@example.com')?.id).toBe('b');
  });

  it('can add a passkey at one node and use it at another, with each answer once', async () => {
    const [people, others, , otherRecords] = await opened();
    await people.setUp(ANNA);
    const party = { id: 'example.com', origin: 'https://example.com' };
    const authenticator = createAuthenticator(party.origin);
    const adding = { secret: 'a'.repeat(43), beganAtMs: NOW_MS - 2_000 };
    const anna = people.directory.person(FIRST_ID) as Person;
    const options = people.passkeys.creationOptions(anna, adding, party) as never;
    const answer = authenticator.create(options);
    expect(await people.passkeys.add(FIRST_ID, { ceremony: adding, answer, party }, 'Firefox')).toBe('added');
    await otherRecords.refresh();
    const ceremony = { secret: 'b'.repeat(43), beganAtMs: NOW_MS - 1_000 };
    const used = { ceremony, answer: authenticator.get(people.passkeys.requestOptions(ceremony, party) as never), party };
    const uses = await Promise.all([others, people].map(({ passkeys }) => passkeys.use(used)));
    expect(uses.flatMap((use) => (use === undefined ? [] : [use.person.id]))).toEqual([FIRST_ID]);
    await otherRecords.refresh();
    const use = { person: anna, passkeyId: authenticator.id };
    expect(await others.sessions.beginAfterPasskey(use, 'Firefox')).toBeDefined();
  });

  it('can begin a sign-in with two steps at one node and finish it at another, with each code once', async () => {
    const [people, others, records, otherRecords] = await opened();
    await people.setUp(ANNA);
    await people.sessions.begin(FIRST_ID, 'Firefox');
    const [session] = people.directory.person(FIRST_ID)?.sessions ?? [];
    if (session === undefined) throw new Error('there is no session');
    const secret = newCodeSecret();
    const code = (steps: number) => new TOTP({ secret }).generate({ timestamp: NOW_MS + steps * 30_000 });
    expect(await people.twoSteps.switchOn(FIRST_ID, { secret, code: code(-1), session })).toHaveLength(10);
    const pending = [];
    for (const node of [people, people, others]) {
      await otherRecords.refresh();
      pending.push((await node.sessions.signIn(ANNA.email, ANNA.password, 'Firefox'))?.secret ?? '');
    }
    await Promise.all([records.refresh(), otherRecords.refresh()]);
    const outcomes = await Promise.all([
      people.pendingSignIns.finish(pending[0] as string, code(0)),
      others.pendingSignIns.finish(pending[1] as string, code(0)),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(1);
    await otherRecords.refresh();
    expect(await others.pendingSignIns.finish(pending[2] as string, code(1))).toMatchObject({ id: FIRST_ID });
    await others.twoSteps.switchOff(FIRST_ID);
    expect(await others.sessions.signIn(ANNA.email, ANNA.password, 'Firefox')).toMatchObject({ kind: 'session' });
  });

  it('can have another address, which only one of two gets', async () => {
    const [people, others, records, otherRecords] = await opened();
    await people.directory.add(person('a', 'anna@example.com'));
    await others.directory.add(person('b', 'bert@example.com'));
    await Promise.all([records.refresh(), otherRecords.refresh()]);
    const outcomes = await Promise.all([people.changeEmail('a', 'new@example.com'), others.changeEmail('b', 'new@example.com')]);
    expect(outcomes.filter((outcome) => outcome === 'changed').length).toBeLessThanOrEqual(1);
    await records.refresh();
    for (const { id, email } of people.directory.all()) expect(people.directory.byEmail(email)?.id).toBe(id);
    expect(new Set(people.directory.all().map(({ email }) => email)).size).toBe(2);
    expect(await people.changeEmail('a', 'third@example.com')).toBe('changed');
    expect(records.record('address', 'anna@example.com')).toBeUndefined();
  });

  it('can sign in after a password was changed and after it was reset', async () => {
    const [people] = await opened();
    await people.setUp(ANNA);
    const anna = () => people.directory.byEmail(ANNA.email) as Person;
    expect(await people.passwordChanges.change(anna(), ANNA.password, 'the second password')).toBe('changed');
    expect(await people.sessions.signIn(ANNA.email, 'the second password', 'Firefox')).toBeDefined();
    await people.passwordChanges.useLink(await people.passwordChanges.createLink(FIRST_ID), 'the third password');
    expect(await people.sessions.signIn(ANNA.email, 'the third password', 'Firefox')).toBeDefined();
  });
}

describe('people', () => {
  describe('in memory', () => {
    cases(async () => {
      const records = recordsInMemory();
      return [records, records];
    });

    it('are found beside one whose record is damaged', async () => {
      const records = recordsInMemory();
      const people = createPeople(records, () => NOW_MS);
      await people.setUp(ANNA);
      await people.directory.add(person('b', 'bert@example.com'));
      records.stored.set('person/first', '{"name":7}');
      expect(people.directory.all().map(({ id }) => id)).toEqual(['b']);
      expect(people.directory.hasOperator()).toBe(true); // so that nobody sets it up again
      expect(people.directory.byEmail(ANNA.email)).toBeUndefined();
      expect(await people.sessions.signIn(ANNA.email, ANNA.password, 'Firefox')).toBeUndefined();
      expect(await people.setUp(BERT)).toBe('over');
      await expect(people.directory.change(FIRST_ID, () => undefined)).rejects.toThrow(/"first" is damaged/);
      expect(records.stored.get('person/first')).toBe('{"name":7}');
      expect(await people.directory.add(person('c', ANNA.email))).toBe('added'); // invited again
      expect(people.directory.byEmail(ANNA.email)?.id).toBe('c');
    });

    it('store no password and no secret', async () => {
      const records = recordsInMemory();
      const people = createPeople(records, () => NOW_MS);
      await people.setUp(ANNA);
      const secrets = [
        ANNA.password,
        await people.sessions.begin(FIRST_ID, 'Firefox on Linux'),
        (await people.sessions.signIn(ANNA.email, ANNA.password, 'Firefox on Linux'))?.secret ?? '',
        await people.passwordChanges.createLink(FIRST_ID),
        await people.invitations.create({
          ...{ email: BERT.email, invitedBy: 'Anna', sites: { garden: 'viewer' }, isOperator: false, sitesMax: 1 },
        }),
      ];
      const stored = JSON.stringify([...records.stored]);
      for (const secret of secrets) expect(stored).not.toContain(secret.split('.').at(-1));
      expect(records.record('person', FIRST_ID)).toMatchObject({
        password: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
      });
    });
  });

  describe('in lmdb', () => {
    const opened = async () => {
      const folder = mkdtempSync(join(tmpdir(), 'hitherto-people-'));
      const store = openLmdbStore(folder);
      closers.push(() => rmSync(folder, { recursive: true }), store.close);
      const accounts = await store.openAccounts({ notify() {}, onChange: () => () => {}, async close() {} });
      return [accounts, accounts] as const;
    };
    cases(opened);

    it('are not found by a text that is too long for a key', async () => {
      const [accounts] = await opened();
      const people = createPeople(accounts, () => NOW_MS);
      expect(people.directory.byEmail(`${'x'.repeat(32_000)}@example.com`)).toBeUndefined();
      expect(await people.sessions.signIn('\u0000'.repeat(5000), 'password', 'Firefox')).toBeUndefined();
    });
  });

  describeWith('MONGODB_URI')('on MongoDB', () => {
    cases(async () => {
      const openNotifier = localNotifiers();
      const uri = mongodbUri() as string;
      const [mongodb, another] = [await openMongodb(uri), await openMongodb(uri)];
      closers.push(mongodb.close, another.close, () => dropDatabase(mongodb.db));
      const accounts = [
        await openMongodbAccounts(mongodb, openNotifier()),
        await openMongodbAccounts(another, openNotifier()),
      ] as const;
      closers.push(accounts[0].close, accounts[1].close);
      return accounts;
    });
  });
});
