import { beforeEach, describe, expect, it } from '@jest/globals';
import { TOTP } from 'otpauth';
import { type RecordsInMemory, recordsInMemory } from '../../test/fixtures/records.js';
import { FIVE_MINUTES_MS } from '../time/units.js';
import { FIRST_ID } from './directory.js';
import { newCodeSecret } from './one-time-codes.js';
import { WRONG_CODES_MAX } from './pending-sign-ins.js';
import { createPeople, type People } from './people.js';
import type { Person } from './person.js';
import { endedSessions } from './restored.js';

const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
const STEP_MS = 30_000;
const secret = newCodeSecret();

let records: RecordsInMemory;
let clock: { nowMs: number };
let people: People;
let recoveryCodes: readonly string[];

const anna = () => people.directory.person(FIRST_ID) as Person;
const codeNow = () => new TOTP({ secret }).generate({ timestamp: clock.nowMs });
const wrongCode = () => String((Number(codeNow()) + 500_000) % 1_000_000).padStart(6, '0');
const signIn = async () => {
  const begun = await people.sessions.signIn(ANNA.email, ANNA.password, 'Firefox');
  expect(begun?.kind).toBe('pending');
  return begun?.secret as string;
};
const switchOn = async () => {
  const [session] = anna().sessions;
  if (session === undefined) throw new Error('Anna has no session');
  const codes = await people.twoSteps.switchOn(FIRST_ID, { secret, code: codeNow(), session });
  if (codes === 'wrong-code') throw new Error('the code is wrong');
  return codes;
};

beforeEach(async () => {
  records = recordsInMemory();
  clock = { nowMs: Date.parse('2026-11-20T12:00:00Z') };
  people = createPeople(records, () => clock.nowMs);
  await people.setUp(ANNA);
  await people.sessions.begin(FIRST_ID, 'Firefox');
  await people.sessions.begin(FIRST_ID, 'Safari');
  recoveryCodes = await switchOn();
  clock.nowMs += STEP_MS;
});

describe('switching on two-step sign-in', () => {
  it('ends the other sessions, and stores the recovery codes as hashes', () => {
    expect(anna().sessions.map(({ browser }) => browser)).toEqual(['Firefox']);
    const stored = JSON.stringify([...records.stored]);
    for (const code of recoveryCodes) {
      expect(stored).not.toContain(code);
      expect(stored).not.toContain(code.replaceAll('-', ''));
    }
  });

  it('needs a right code and a secret of the usual form', async () => {
    const [session] = anna().sessions;
    if (session === undefined) throw new Error('Anna has no session');
    const before = anna();
    for (const choice of [
      { secret, code: wrongCode() },
      { secret: '', code: codeNow() },
      { secret: `${secret}AAAA`, code: codeNow() },
    ]) {
      expect(await people.twoSteps.switchOn(FIRST_ID, { ...choice, session })).toBe('wrong-code');
    }
    expect(anna()).toEqual(before);
  });

  it('again with the same secret does not make used codes valid again', async () => {
    const used = codeNow();
    expect(await people.pendingSignIns.finish(await signIn(), used)).toMatchObject({ id: FIRST_ID });
    clock.nowMs -= STEP_MS;
    await switchOn();
    clock.nowMs += STEP_MS;
    expect(await people.pendingSignIns.finish(await signIn(), used)).toBe('wrong');
  });
});

describe('a pending sign-in', () => {
  it('is no session, and finishes with a code once', async () => {
    const pending = await signIn();
    const code = codeNow();
    expect(people.sessions.find(pending)).toBeUndefined();
    expect(people.sessions.find(`ses_${pending}`)).toBeUndefined();
    expect(people.pendingSignIns.personOf(pending)?.id).toBe(FIRST_ID);
    expect(await people.pendingSignIns.finish(pending, code)).toMatchObject({ id: FIRST_ID });
    expect(people.pendingSignIns.personOf(pending)).toBeUndefined();
    expect(await people.pendingSignIns.finish(pending, recoveryCodes[0] as string)).toBe('over');
  });

  it('accepts no code that was used, also by two requests at the same time', async () => {
    const [one, other] = [await signIn(), await signIn()];
    const outcomes = await Promise.all([one, other].map((pending) => people.pendingSignIns.finish(pending, codeNow())));
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(1);
    clock.nowMs += STEP_MS;
    expect(await people.pendingSignIns.finish(await signIn(), codeNow())).toMatchObject({ id: FIRST_ID });
  });

  it('accepts each recovery code once', async () => {
    for (const code of recoveryCodes) {
      expect(await people.pendingSignIns.finish(await signIn(), code)).toMatchObject({ id: FIRST_ID });
      expect(await people.pendingSignIns.finish(await signIn(), code)).toBe('wrong');
    }
    expect(anna().twoStep?.recoveryHashes).toEqual([]);
  });

  it('ends after five minutes', async () => {
    const pending = await signIn();
    clock.nowMs += FIVE_MINUTES_MS - 1;
    expect(people.pendingSignIns.personOf(pending)).toBeDefined();
    clock.nowMs += 1;
    expect(people.pendingSignIns.personOf(pending)).toBeUndefined();
    expect(await people.pendingSignIns.finish(pending, codeNow())).toBe('over');
  });

  it('ends after wrong codes, and a right one comes too late', async () => {
    const pending = await signIn();
    for (let guess = 1; guess < WRONG_CODES_MAX; guess++) {
      expect(await people.pendingSignIns.finish(pending, wrongCode())).toBe('wrong');
    }
    expect(await people.pendingSignIns.finish(pending, wrongCode())).toBe('over');
    expect(await people.pendingSignIns.finish(pending, codeNow())).toBe('over');
    expect(await people.pendingSignIns.finish(await signIn(), codeNow())).toMatchObject({ id: FIRST_ID });
  });

  it('is one of five', async () => {
    const all = [];
    for (let time = 0; time < 7; time++) all.push(await signIn());
    expect(all.map((pending) => people.pendingSignIns.personOf(pending) !== undefined)).toEqual([
      ...[false, false],
      ...[true, true, true, true, true],
    ]);
    expect(anna().pendingSignIns).toHaveLength(5);
  });

  it.each(['', 'first.', `first.${'A'.repeat(43)}`, `nobody.${'A'.repeat(43)}`, `__proto__.${'A'.repeat(43)}`, 'x'.repeat(1e5)])(
    'is not found by %.40j',
    async (guess) => {
      await signIn();
      const stored = JSON.stringify([...records.stored]);
      expect(people.pendingSignIns.personOf(guess)).toBeUndefined();
      expect(await people.pendingSignIns.finish(guess, codeNow())).toBe('over');
      expect(JSON.stringify([...records.stored])).toBe(stored);
    },
  );

  it('ends with a change of the password, and when two-step sign-in is switched off', async () => {
    const first = await signIn();
    await people.passwordChanges.change(anna(), ANNA.password, ANNA.password);
    expect(people.pendingSignIns.personOf(first)).toBeUndefined();
    const second = await signIn();
    await people.twoSteps.switchOff(FIRST_ID);
    expect(await people.pendingSignIns.finish(second, codeNow())).toBe('over');
    expect((await people.sessions.signIn(ANNA.email, ANNA.password, 'Firefox'))?.kind).toBe('session');
  });
});

it('a new password by a link does not switch two-step sign-in off', async () => {
  const person = await people.passwordChanges.useLink(await people.passwordChanges.createLink(FIRST_ID), 'a new password');
  if (person === undefined) throw new Error('the link does not work');
  expect((await people.sessions.beginAfterFirstStep(person, 'Firefox'))?.kind).toBe('pending');
});

it('a restore keeps two-step sign-in, and ends pending sign-ins', async () => {
  await signIn();
  const restored = endedSessions(records.record('person', FIRST_ID) as object);
  expect(restored).toMatchObject({ twoStep: { secret } });
  expect(restored).not.toHaveProperty('pendingSignIns');
});
