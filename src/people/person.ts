// A person who signs in, and what the person may do on each site.
import { z } from 'zod';

/** From the most to the least: an owner may do everything, an editor change the settings, a viewer read. */
export const SITE_ROLES = ['owner', 'editor', 'viewer'] as const;
export type SiteRole = (typeof SITE_ROLES)[number];

export interface Session {
  /** SHA-256 of the secret in the cookie. */
  readonly hash: string;
  readonly createdAtMs: number;
  /** UTC. The session ends when it was not used for a long time. */
  readonly lastUsedDay: string;
  /** Such as "Firefox on Linux", so that people recognise their sessions. */
  readonly browser: string;
}

/** One link to choose a new password. */
export interface Reset {
  readonly hash: string;
  readonly untilMs: number;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  /** Argon2id, in the PHC format. */
  readonly password: string;
  /** May do everything on every site, and manage people. */
  readonly isOperator: boolean;
  /** How many sites the person may own. Operators have no limit. */
  readonly sitesMax: number;
  /** By site id. */
  readonly sites: Readonly<Record<string, SiteRole>>;
  /** The oldest first. */
  readonly sessions: readonly Session[];
  readonly reset?: Reset | undefined;
  readonly createdAtMs: number;
}

const timeMs = z.int().min(0);
const text = z.string();

/** Lenient: a person that a later version has stored is read without what this version does not know. */
const personShape = z.object({
  name: text,
  email: text,
  password: text,
  isOperator: z.boolean(),
  sitesMax: z.int().min(0),
  sites: z.record(text, z.enum(SITE_ROLES)),
  sessions: z.array(z.object({ hash: text, createdAtMs: timeMs, lastUsedDay: text, browser: text })),
  reset: z.object({ hash: text, untilMs: timeMs }).optional(),
  createdAtMs: timeMs,
});

/** Reads a stored person; undefined if the record is damaged. */
export function readPerson(id: string, value: unknown): Person | undefined {
  const read = personShape.safeParse(value);
  return read.success ? { id, ...read.data } : undefined;
}

/** The record of a person. Its id is not part of it. */
export function recordOf({ id: _, ...rest }: Person): object {
  return rest;
}

export interface FieldProblem {
  readonly field: string;
  /** A sentence that says what is wrong and what to do. */
  readonly message: string;
}

const NAME_CHARACTERS_MAX = 100;
const EMAIL_CHARACTERS_MAX = 254;
export const PASSWORD_CHARACTERS_MIN = 10;
/** Hashing takes longer for longer texts. */
const PASSWORD_CHARACTERS_MAX = 500;

const RULES = {
  name: z
    .string()
    .trim()
    .refine((name) => name !== '', 'Enter a name.')
    .refine(
      (name) => [...name].length <= NAME_CHARACTERS_MAX,
      `The name is too long: use at most ${NAME_CHARACTERS_MAX} characters.`,
    )
    .refine((name) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name), 'The name contains control characters: use plain text of one line.'),
  email: z
    .string()
    .trim()
    .toLowerCase()
    .refine((address) => address !== '', 'Enter an e-mail address.')
    .refine(
      (address) =>
        address.length <= EMAIL_CHARACTERS_MAX && /^[^\s@"<>(),:;\\[\]\p{Cc}]+@[^\s@"<>(),:;\\[\]\p{Cc}]+$/u.test(address),
      'This is not an e-mail address: write it like anna@example.com.',
    ),
  password: z
    .string()
    .refine(
      (password) => [...password].length >= PASSWORD_CHARACTERS_MIN,
      `The password is too short: use at least ${PASSWORD_CHARACTERS_MIN} characters. Several words are easy to remember.`,
    )
    .refine(
      (password) => [...password].length <= PASSWORD_CHARACTERS_MAX,
      `The password is too long: use at most ${PASSWORD_CHARACTERS_MAX} characters.`,
    ),
};

export type PersonField = keyof typeof RULES;

/** Returns the fields in their normal form, or everything that is wrong with them. */
export function checkPerson<Field extends PersonField>(
  fields: Readonly<Record<Field, string>>,
): { readonly checked: Readonly<Record<Field, string>> } | { readonly problems: readonly FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const checked: Partial<Record<Field, string>> = {};
  for (const field of Object.keys(fields) as Field[]) {
    const result = RULES[field].safeParse(fields[field]);
    if (result.success) checked[field] = result.data;
    else problems.push({ field, message: result.error.issues[0]?.message ?? 'This is not valid.' });
  }
  const { password, email } = checked as Partial<Record<PersonField, string>>;
  if (password !== undefined && email !== undefined && password.toLowerCase() === email)
    problems.push({ field: 'password', message: 'The password must not be the e-mail address.' });
  return problems.length > 0 ? { problems } : { checked: checked as Record<Field, string> };
}
