import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkPerson, normalEmail, type Person, type PersonField, readPerson, recordOf } from './person.js';

const problemsOf = (fields: Partial<Record<PersonField, string>>) => {
  const result = checkPerson(fields as Record<PersonField, string>);
  return 'problems' in result ? result.problems.map(({ field, message }) => `${field}: ${message}`) : [];
};

/** Texts that people do not type, and some that they do. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 150 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '\u0000',
    '\u202eanna',
    'a\u2066b',
    '\ud800',
    '👩‍👩‍👧‍👦',
    '<b>',
    '\'"&',
    '\u200b',
    '  ',
  ),
  fc.tuple(fc.string({ maxLength: 80 }), fc.string({ maxLength: 300 })).map(([a, b]) => `${a}@${b}`),
);

describe('checkPerson', () => {
  it('returns the fields in their normal form', () => {
    const password = ' correct horse ';
    const result = checkPerson({ name: ' Anna O’Neill ', email: ' Anna.O\u2019Neill@Example.COM ', password });
    expect(result).toEqual({ checked: { name: 'Anna O’Neill', email: 'anna.o’neill@example.com', password } });
  });

  it('checks only the fields that it is given', () => {
    expect(checkPerson({ name: 'Anna' })).toEqual({ checked: { name: 'Anna' } });
    expect(problemsOf({ name: '' })).toEqual(['name: Enter a name.']);
  });

  it('reports every field that is wrong, each once', () => {
    expect(problemsOf({ name: ' ', email: 'anna', password: 'short' })).toEqual([
      'name: Enter a name.',
      'email: This is not an e-mail address: write it like anna@example.com.',
      expect.stringMatching(/^password: The password is too short: use at least 10 characters\./),
    ]);
  });

  it.each([
    ['a line break', 'Anna\nBerg'],
    ['NUL', 'An\u0000na'],
    ['a right-to-left override', 'Anna\u202eEvil'],
    ['an isolate', '\u2067Anna'],
    ['half a character', 'Anna\ud83d'],
    ['a line separator', 'Anna\u2028Berg'],
  ])('refuses a name with %s', (_, name) => {
    expect(problemsOf({ name })).toEqual(['name: The name contains control characters: use plain text of one line.']);
  });

  it.each(['\u200b\u200b', '\u00a0', '\ufeff'])('refuses a name that nobody can see (%j)', (name) => {
    expect(problemsOf({ name })).toEqual(['name: Enter a name.']);
  });

  it.each(['李雷', 'عائشة', 'علی‌رضا', 'Zoë', '👩‍👩‍👧', '__proto__', 'O'])('accepts the name %s', (name) => {
    expect(checkPerson({ name })).toEqual({ checked: { name } });
  });

  it.each([
    'anna',
    '@example.com',
    'anna@',
    'a@b@c',
    'a b@example.com',
    'a\u0000@example.com',
    '"a"@example.com',
    '<a@example.com>',
    'a@example.com, b@example.com',
    'a\u200b@example.com',
    '\u202ea@example.com',
    'a\ud800@example.com',
    `${'a'.repeat(250)}@b.de`,
  ])('refuses %j as an e-mail address', (email) => {
    expect(problemsOf({ email })).toEqual(['email: This is not an e-mail address: write it like anna@example.com.']);
  });

  it('treats an address as the same, however its letters are composed', () => {
    expect(normalEmail('Zoe\u0308@example.com')).toBe(normalEmail('zo\u00eb@EXAMPLE.com'));
  });

  it('refuses the e-mail address as the password', () => {
    const fields = { email: 'anna@example.com', password: 'Anna@Example.com' };
    expect(problemsOf(fields)).toEqual(['password: The password must not be the e-mail address.']);
  });

  it('counts characters, not the units in which they are stored', () => {
    expect(problemsOf({ password: '😀'.repeat(9) })).toHaveLength(1);
    expect(problemsOf({ password: '😀'.repeat(10) })).toEqual([]);
    expect(problemsOf({ password: '😀'.repeat(500) })).toEqual([]);
    expect(problemsOf({ password: '😀'.repeat(501) })).toHaveLength(1);
    expect(problemsOf({ name: '😀'.repeat(100) })).toEqual([]);
    expect(problemsOf({ name: '😀'.repeat(101) })).toHaveLength(1);
  });

  it('refuses ten megabytes in each field, and quickly', () => {
    const text = 'é😀'.repeat(3_500_000);
    const startedMs = performance.now();
    expect(problemsOf({ name: text, email: `${text}@example.com`, password: text })).toHaveLength(3);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  it('returns either problems, or fields that pass unchanged the next time', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, email, password) => {
        const result = checkPerson({ name, email, password });
        if ('problems' in result) {
          expect(result.problems.length).toBeGreaterThan(0);
          for (const { field, message } of result.problems) {
            expect(['name', 'email', 'password']).toContain(field);
            expect(message).toMatch(/^[A-Z][ -~]+\.$/); // never quotes what was typed
          }
          return;
        }
        expect(checkPerson(result.checked)).toEqual(result);
        expect(JSON.parse(JSON.stringify(result.checked))).toEqual(result.checked);
        expect(result.checked.name).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_C}]/u);
        expect(result.checked.email).toMatch(/^[^\s@]+@[^\s@]+$/);
        expect(normalEmail(result.checked.email)).toBe(result.checked.email);
        expect(result.checked.password).toBe(password);
      }),
      { numRuns: 500 },
    );
  });
});

const anna: Person = {
  id: 'a1',
  name: 'Anna',
  email: 'anna@example.com',
  password: '$argon2id$…',
  isOperator: false,
  sitesMax: 3,
  hitsMax: 1000,
  sites: { garden: 'owner' },
  sessions: [{ hash: 'h', createdAtMs: 1, lastUsedDay: '2026-11-20', browser: 'Firefox on Linux' }],
  createdAtMs: 1,
};

describe('a stored person', () => {
  it('is read as it was stored', () => {
    expect(readPerson('a1', JSON.parse(JSON.stringify(recordOf(anna))))).toEqual(anna);
  });

  it('keeps the fields that a later version has added', () => {
    const stored = { ...recordOf(anna), totp: { secret: 'x' }, sessions: [{ ...anna.sessions[0], passkey: 'k' }] };
    const read = readPerson('a1', stored) as Person;
    expect(recordOf({ ...read, name: 'Anne' })).toEqual({ ...stored, name: 'Anne' });
  });

  it('has the id under which it is stored, whatever the record contains', () => {
    expect(readPerson('a1', { ...recordOf(anna), id: 'other' })?.id).toBe('a1');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'person'],
    ['a list', []],
    ['an unknown role', { ...recordOf(anna), sites: { garden: 'emperor' } }],
    ['a negative limit', { ...recordOf(anna), sitesMax: -1 }],
    ['no hits at all', { ...recordOf(anna), hitsMax: 0 }],
    ['a text for a truth', { ...recordOf(anna), isOperator: 'true' }],
  ])('is damaged if the record is %s', (_, value) => {
    expect(readPerson('a1', value)).toBeUndefined();
  });
});
