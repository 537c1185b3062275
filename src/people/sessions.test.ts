import { describe, expect, it, jest } from '@jest/globals';
import { recordsInMemory } from '../../test/fixtures/records.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/units.js';
import { FIRST_ID } from './directory.js';
import { createPasswordChanges } from './password-changes.js';
import { createPasswords, type Passwords } from './passwords.js';
import { createPeople } from './people.js';
import type { Person } from './person.js';
import { createSessions, SESSION_DAYS, type Sessions, type SignedIn } from './sessions.js';

const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
const BROWSER = 'Firefox on Linux';

async function setUp() {
  const records = recordsInMemory();
  const clock = { nowMs: Date.parse('2026-11-20T12:00:00Z') };
  const people = createPeople(records, () => clock.nowMs);
  await people.setUp(ANNA);
  const anna = () => people.directory.person(FIRST_ID) as Person;
  const signIn = async () => (await people.sessions.signIn(ANNA.email, ANNA.password, BROWSER))?.secret ?? '';
  return { records, clock, anna, signIn, ...people };
}

/** Uses a session. Returns its new secret, if there is one. */
function useOf(sessions: Sessions, secret: string): Promise<string | undefined> {
  const signedIn = sessions.find(secret);
  if (signedIn === undefined) throw new Error('the session is over');
  return sessions.used(signedIn, secret);
}

describe('signing in', () => {
  it('begins a session, which its secret finds', async () => {
    const { sessions, signIn, anna } = await setUp();
    const secret = await signIn();
    expect(secret).toMatch(/^ses_first\.[A-Za-z0-9_-]{43}$/);
    expect(sessions.find(secret)).toEqual({ person: anna(), session: anna().sessions[0] });
    expect(anna().sessions[0]).toMatchObject({ browser: BROWSER, lastUsedDay: '2026-11-20' });
  });

  it.each([
    ['a wrong password', ANNA.email, 'correct horse batterY'],
    ['an unknown address', 'nobody@example.com', ANNA.password],
    ['an empty password', ANNA.email, ''],
    ['an empty address', '', ANNA.password],
    ['the hash as the password', ANNA.email, '$argon2id$v=19'],
    ['a name of an object property as the address', '__proto__', ANNA.password],
  ])('fails with %s, and with the same answer', async (_, email, password) => {
    const { sessions, anna } = await setUp();
    expect(await sessions.signIn(email, password, BROWSER)).toBeUndefined();
    expect(anna().sessions).toEqual([]);
  });

  it('ignores the case of the address and spaces around it, but not of the password', async () => {
    const { sessions } = await setUp();
    expect(await sessions.signIn(' Anna@EXAMPLE.com ', ANNA.password, BROWSER)).toBeDefined();
    expect(await sessions.signIn(ANNA.email, ` ${ANNA.password}`, BROWSER)).toBeUndefined();
  });

  it('compares a password for an unknown address too, so that the time of the answer is the same', async () => {
    const { directory, pendingSignIns } = await setUp();
    const compared: Array<string | undefined> = [];
    const real = createPasswords();
    const passwords: Passwords = {
      hash: real.hash,
      isRight: async (password, stored, of) => {
        compared.push(stored);
        return real.isRight(password, stored, of);
      },
    };
    const sessions = createSessions(directory, passwords, pendingSignIns, Date.now);
    await sessions.signIn('nobody@example.com', 'a long password', BROWSER);
    await sessions.signIn(ANNA.email, 'a long password', BROWSER);
    expect(compared).toEqual([undefined, expect.stringMatching(/^\$argon2id\$/)]);
  });
});

describe('a session', () => {
  it('is found only by its whole secret', async () => {
    const { sessions, signIn } = await setUp();
    const secret = await signIn();
    const [id, random] = secret.split('.') as [string, string];
    for (const wrong of [
      '',
      secret.slice(0, -1),
      `${secret}x`,
      `${id}.`,
      random,
      `ses_other.${random}`,
      `first.${random}`,
      `ses___proto__.${random}`,
      `${id}.${'A'.repeat(43)}`,
    ]) {
      expect(sessions.find(wrong)).toBeUndefined();
    }
  });

  it(`ends after ${SESSION_DAYS} days without use`, async () => {
    const { sessions, signIn, clock } = await setUp();
    const secret = await signIn();
    clock.nowMs += SESSION_DAYS * DAY_MS;
    expect(sessions.find(secret)).toBeDefined();
    clock.nowMs += DAY_MS;
    expect(sessions.find(secret)).toBeUndefined();
  });

  it('continues while it is used, which is recorded once a day', async () => {
    const { sessions, signIn, clock, records } = await setUp();
    let secret = await signIn();
    const changes = jest.spyOn(records, 'changeRecord');
    for (let days = 0; days < 5; days++) {
      clock.nowMs += 90 * DAY_MS;
      for (let times = 0; times < 4; times++) secret = (await useOf(sessions, secret)) ?? secret;
    }
    // once with the old secret, and once with the new one
    expect(changes).toHaveBeenCalledTimes(10);
  });

  it('gets a new secret on the first use of a day, and the old one is over soon after the new one was used', async () => {
    const { sessions, signIn, clock, anna } = await setUp();
    const old = await signIn();
    expect(await useOf(sessions, old)).toBeUndefined();
    clock.nowMs += DAY_MS;
    const renewed = (await useOf(sessions, old)) as string;
    expect(renewed).toMatch(/^ses_first\.[A-Za-z0-9_-]{43}$/);
    clock.nowMs += HOUR_MS;
    expect(sessions.find(old)?.session.hash).toBe(anna().sessions[0]?.hash); // the answer may have been lost
    expect(await useOf(sessions, renewed)).toBeUndefined();
    expect(sessions.find(old)).toBeDefined(); // a request under way
    clock.nowMs += 5 * MINUTE_MS;
    expect(sessions.find(old)).toBeUndefined();
    expect(sessions.find(renewed)?.session.hash).toBe(anna().sessions[0]?.hash);
    expect(anna().sessions).toHaveLength(1);
  });

  it('gets another new secret the next day if the first answer was lost, and that one replaces both', async () => {
    const { sessions, signIn, clock } = await setUp();
    const old = await signIn();
    clock.nowMs += DAY_MS;
    const lost = (await useOf(sessions, old)) as string;
    clock.nowMs += DAY_MS;
    const received = (await useOf(sessions, old)) as string;
    expect([old, lost, received].map((secret) => sessions.find(secret) !== undefined)).toEqual([true, false, true]);
    await useOf(sessions, received);
    clock.nowMs += HOUR_MS;
    expect([old, lost, received].map((secret) => sessions.find(secret) !== undefined)).toEqual([false, false, true]);
  });

  it('gets one new secret when two requests are the first ones of a day', async () => {
    const { sessions, signIn, clock } = await setUp();
    const secret = await signIn();
    clock.nowMs += DAY_MS;
    const signedIn = sessions.find(secret) as SignedIn;
    const offered = await Promise.all([sessions.used(signedIn, secret), sessions.used(signedIn, secret)]);
    expect(offered.filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('whose cookie was copied is over for one of the two who use it', async () => {
    const { sessions, signIn, clock } = await setUp();
    const stolen = await signIn();
    clock.nowMs += DAY_MS;
    const owned = (await useOf(sessions, stolen)) as string; // the one who comes first
    await useOf(sessions, owned);
    clock.nowMs += HOUR_MS;
    expect(sessions.find(stolen)).toBeUndefined();
  });

  it('ends when it is ended, and the others continue', async () => {
    const { sessions, signIn, anna } = await setUp();
    const [one, two] = [await signIn(), await signIn()];
    const hash = anna().sessions[0]?.hash;
    await sessions.end(FIRST_ID, (session) => session.hash === hash);
    expect([sessions.find(one), sessions.find(two)]).toEqual([undefined, expect.anything()]);
  });

  it('ends when the person has begun twenty others; one that is over takes no place', async () => {
    const { sessions, clock, anna } = await setUp();
    const unused = await sessions.begin(FIRST_ID, BROWSER);
    clock.nowMs += (SESSION_DAYS + 1) * DAY_MS;
    const secrets: string[] = [];
    for (let i = 0; i < 20; i++) secrets.push(await sessions.begin(FIRST_ID, BROWSER));
    expect(sessions.find(unused)).toBeUndefined();
    expect(anna().sessions).toHaveLength(20);
    expect(sessions.find(secrets[0] as string)).toBeDefined();
    await sessions.begin(FIRST_ID, BROWSER);
    expect(anna().sessions).toHaveLength(20);
    expect(secrets.map((secret) => sessions.find(secret) !== undefined)).toEqual([false, ...Array(19).fill(true)]);
  });

  it('of a person who was removed is not found', async () => {
    const { sessions, signIn, directory } = await setUp();
    const secret = await signIn();
    await directory.change(FIRST_ID, () => undefined);
    expect(sessions.find(secret)).toBeUndefined();
  });
});

describe('changing a password', () => {
  it('needs the current one, and ends all sessions and links', async () => {
    const { sessions, signIn, passwordChanges, anna } = await setUp();
    const secret = await signIn();
    const link = await passwordChanges.createLink(FIRST_ID);
    expect(await passwordChanges.change(anna(), 'a wrong password', 'another password')).toBe('wrong');
    expect(sessions.find(secret)).toBeDefined();
    expect(await passwordChanges.change(anna(), ANNA.password, 'another password')).toBe('changed');
    expect(sessions.find(secret)).toBeUndefined();
    expect(passwordChanges.personOfLink(link)).toBeUndefined();
    expect(await sessions.signIn(ANNA.email, ANNA.password, BROWSER)).toBeUndefined();
    expect(await sessions.signIn(ANNA.email, 'another password', BROWSER)).toBeDefined();
  });

  it('accepts a password however its letters are composed', async () => {
    const { sessions, passwordChanges, anna } = await setUp();
    await passwordChanges.change(anna(), ANNA.password, 'cafe\u0301 cafe\u0301');
    expect(await sessions.signIn(ANNA.email, 'caf\u00e9 caf\u00e9', BROWSER)).toBeDefined();
  });
});

describe('a link for a new password', () => {
  it('works once, and ends all sessions', async () => {
    const { sessions, signIn, passwordChanges } = await setUp();
    const secret = await signIn();
    const link = await passwordChanges.createLink(FIRST_ID);
    expect(passwordChanges.personOfLink(link)?.email).toBe(ANNA.email);
    expect(sessions.find(secret)).toBeDefined(); // the link alone changes nothing
    expect(await passwordChanges.useLink(link, 'another password')).toMatchObject({ id: FIRST_ID, sessions: [] });
    expect(sessions.find(secret)).toBeUndefined();
    expect(passwordChanges.personOfLink(link)).toBeUndefined();
    expect(await passwordChanges.useLink(link, 'a third password')).toBeUndefined();
    expect(await sessions.signIn(ANNA.email, 'another password', BROWSER)).toBeDefined();
  });

  it('sets one password when it is used twice at the same time', async () => {
    const { passwordChanges } = await setUp();
    const link = await passwordChanges.createLink(FIRST_ID);
    const used = await Promise.all(['first password', 'second password'].map((next) => passwordChanges.useLink(link, next)));
    expect(used.filter((person) => person !== undefined)).toHaveLength(1);
  });

  it('is over after a day', async () => {
    const { passwordChanges, clock } = await setUp();
    const link = await passwordChanges.createLink(FIRST_ID);
    clock.nowMs += 24 * HOUR_MS - 1;
    expect(passwordChanges.personOfLink(link)).toBeDefined();
    clock.nowMs += 1;
    expect(passwordChanges.personOfLink(link)).toBeUndefined();
    expect(await passwordChanges.useLink(link, 'another password')).toBeUndefined();
  });

  it('is replaced by a later one', async () => {
    const { passwordChanges } = await setUp();
    const [first, second] = [await passwordChanges.createLink(FIRST_ID), await passwordChanges.createLink(FIRST_ID)];
    expect([first, second].map((link) => passwordChanges.personOfLink(link)?.id)).toEqual([undefined, FIRST_ID]);
  });

  it('is not the secret of a session, nor the other way round', async () => {
    const { passwordChanges, sessions, signIn } = await setUp();
    expect(passwordChanges.personOfLink(await signIn())).toBeUndefined();
    expect(sessions.find(await passwordChanges.createLink(FIRST_ID))).toBeUndefined();
  });
});

describe('a password that is changed while somebody signs in with the old one', () => {
  const NEXT = 'a new long password';

  it('begins no session', async () => {
    const { records, clock, anna, passwordChanges } = await setUp();
    const { directory, pendingSignIns } = createPeople(records, () => clock.nowMs);
    const link = await passwordChanges.createLink(FIRST_ID);
    const passwords: Passwords = {
      ...createPasswords(),
      async isRight() {
        await passwordChanges.useLink(link, NEXT); // before the hash was compared
        return true;
      },
    };
    const sessions = createSessions(directory, passwords, pendingSignIns, () => clock.nowMs);
    expect(await sessions.signIn(ANNA.email, ANNA.password, BROWSER)).toBeUndefined();
    expect(anna().sessions).toEqual([]);
  });

  it('begins none after a code either', async () => {
    const { anna, sessions, passwordChanges } = await setUp();
    const before = anna();
    await passwordChanges.change(before, ANNA.password, NEXT);
    expect(await sessions.beginAfterCode(before, BROWSER)).toBeUndefined();
    expect(await sessions.beginAfterCode(anna(), BROWSER)).toMatch(/^ses_first/);
  });

  it('is not confirmed by the old one', async () => {
    const { anna, passwordChanges } = await setUp();
    const before = anna();
    expect(await passwordChanges.isRight(before, ANNA.password)).toBe(true);
    await passwordChanges.useLink(await passwordChanges.createLink(FIRST_ID), NEXT);
    expect(await passwordChanges.isRight(before, ANNA.password)).toBe(false);
    expect(await passwordChanges.isRight(anna(), NEXT)).toBe(true);
  });

  it('cannot be replaced by somebody who knows only the old one', async () => {
    const { records, clock, anna, passwordChanges, sessions } = await setUp();
    const { directory } = createPeople(records, () => clock.nowMs);
    const link = await passwordChanges.createLink(FIRST_ID);
    const passwords: Passwords = {
      ...createPasswords(),
      async isRight() {
        await passwordChanges.useLink(link, NEXT); // before the hash was compared
        return true;
      },
    };
    const meanwhile = createPasswordChanges({ directory, passwords, identities: { release: async () => {} } }, () => clock.nowMs);
    expect(await meanwhile.change(anna(), ANNA.password, 'chosen by another')).toBe('wrong');
    expect(await sessions.signIn(ANNA.email, NEXT, BROWSER)).toBeDefined();
  });
});

it('two-step sign-in that is switched on while somebody signs in is asked for', async () => {
  const { records, clock, anna, directory, pendingSignIns } = await setUp();
  const passwords: Passwords = {
    ...createPasswords(),
    async isRight() {
      const twoStep = { secret: 'A'.repeat(32), lastStep: 0, recoveryHashes: [] };
      await directory.change(FIRST_ID, (person) => ({ ...person, twoStep, sessions: [] }));
      return true;
    },
  };
  const sessions = createSessions(createPeople(records, Date.now).directory, passwords, pendingSignIns, () => clock.nowMs);
  expect(await sessions.signIn(ANNA.email, ANNA.password, BROWSER)).toMatchObject({ kind: 'pending' });
  expect(anna().sessions).toEqual([]);
});
