// A person who signs in, and what the person may do on each site.
import { z } from 'zod';
import { LANGUAGES, type Language, type Text } from '../language/languages.js';
import { rule, textOfIssue } from '../language/rule.js';

/** From the most to the least: an owner may do everything, an editor change the settings, a viewer read. */
export const SITE_ROLES = ['owner', 'editor', 'viewer'] as const;
export type SiteRole = (typeof SITE_ROLES)[number];

export interface Session {
  /** SHA-256 of its first secret, which identifies the session. */
  readonly hash: string;
  /** SHA-256 of the secret in the cookie. Absent: still the first one; see session-secrets.ts. */
  readonly currentHash?: string | undefined;
  /** Of the secret that replaces it. The browser may not have received it yet. */
  readonly nextHash?: string | undefined;
  /** Of the secret before the current one, which requests under way may still have. */
  readonly previous?: { readonly hash: string; readonly untilMs: number } | undefined;
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

/** Another e-mail address that the person wants to use, and the link that was sent there. */
export interface NewEmail extends Reset {
  readonly email: string;
}

/** One-time codes as the second step of signing in. */
export interface TwoStep {
  /** In base32. Not hashed, because codes are computed from it. */
  readonly secret: string;
  /** The time step of the last code that was used. Only codes of later steps are accepted. */
  readonly lastStep: number;
  /** SHA-256 of the recovery codes that were not used yet. */
  readonly recoveryHashes: readonly string[];
}

/** A sign-in with the right password that waits for a code. */
export interface PendingSignIn {
  /** SHA-256 of the secret in the cookie. */
  readonly hash: string;
  readonly untilMs: number;
  readonly wrongCodes: number;
}

/** Who somebody is at the provider through which people sign in. */
export interface Identity {
  /** The address by which the provider calls itself. */
  readonly issuer: string;
  /** The id of the person there. It stays when the person's address or name changes. */
  readonly subject: string;
}

/** A key on a device or in a password manager, with which a person signs in. */
export interface Passkey {
  /** The id of the credential, in base64url. Its authenticator has chosen it. */
  readonly id: string;
  /** In the COSE format, in base64url. */
  readonly publicKey: string;
  /** How often the authenticator has signed. Many do not count: 0. */
  readonly counter: number;
  /** How browsers reach the authenticator, such as `internal` or `usb`. */
  readonly transports: readonly string[];
  /** In which it was added, such as "Firefox on Linux". */
  readonly browser: string;
  /** UTC. */
  readonly createdDay: string;
  /** UTC. Absent: it was not used yet. */
  readonly lastUsedDay?: string | undefined;
  /** When the last challenge was made that was answered. Only answers to later ones are accepted. */
  readonly lastChallengeMs: number;
}

/** An identity that is linked once the password of the account was entered. */
export interface ProposedIdentity extends Identity {
  /** How the provider names its user. Absent: stored by an earlier version. */
  readonly shownAs?: string | undefined;
  /** SHA-256 of the secret in the cookie. */
  readonly hash: string;
  readonly untilMs: number;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  /** Argon2id, in the PHC format. Empty: none was chosen yet, and the person signs in through the provider. */
  readonly password: string;
  /** May do everything on every site, and manage people. */
  readonly isOperator: boolean;
  /** How many sites the person may own. Operators have no limit. */
  readonly sitesMax: number;
  /** How many hits a month the person's own sites may have before no site can be added. Absent: no limit. */
  readonly hitsMax?: number | undefined;
  /** By site id. */
  readonly sites: Readonly<Record<string, SiteRole>>;
  /** The oldest first. */
  readonly sessions: readonly Session[];
  readonly reset?: Reset | undefined;
  readonly newEmail?: NewEmail | undefined;
  /** Absent: the password is enough. */
  readonly twoStep?: TwoStep | undefined;
  /** The oldest first. */
  readonly pendingSignIns?: readonly PendingSignIn[] | undefined;
  readonly identity?: Identity | undefined;
  readonly proposedIdentity?: ProposedIdentity | undefined;
  /** The oldest first. */
  readonly passkeys?: readonly Passkey[] | undefined;
  /** The language of pages and mails. Absent: the browser's. */
  readonly language?: Language | undefined;
  readonly createdAtMs: number;
}

const timeMs = z.int().min(0);
const text = z.string();

/** Loose: fields that a later version has added must not be lost when this version changes the person. */
const personShape = z.looseObject({
  name: text,
  email: text,
  password: text,
  isOperator: z.boolean(),
  sitesMax: z.int().min(0),
  hitsMax: z.int().min(1).optional(),
  sites: z.record(text, z.enum(SITE_ROLES)),
  sessions: z.array(
    z.looseObject({
      hash: text,
      currentHash: text.optional(),
      nextHash: text.optional(),
      previous: z.object({ hash: text, untilMs: timeMs }).optional(),
      createdAtMs: timeMs,
      lastUsedDay: text,
      browser: text,
    }),
  ),
  reset: z.object({ hash: text, untilMs: timeMs }).optional(),
  newEmail: z.object({ hash: text, untilMs: timeMs, email: text }).optional(),
  twoStep: z.object({ secret: text, lastStep: z.int().min(0), recoveryHashes: z.array(text) }).optional(),
  pendingSignIns: z.array(z.object({ hash: text, untilMs: timeMs, wrongCodes: z.int().min(0) })).optional(),
  identity: z.object({ issuer: text, subject: text }).optional(),
  proposedIdentity: z.object({ issuer: text, subject: text, shownAs: text.optional(), hash: text, untilMs: timeMs }).optional(),
  passkeys: z
    .array(
      z.looseObject({
        id: text,
        publicKey: text,
        counter: z.int().min(0),
        transports: z.array(text),
        browser: text,
        createdDay: text,
        lastUsedDay: text.optional(),
        lastChallengeMs: timeMs,
      }),
    )
    .optional(),
  // a later version may know more languages
  language: z.enum(LANGUAGES).optional().catch(undefined),
  createdAtMs: timeMs,
});

/** Reads a stored person; undefined if the record is damaged. */
export function readPerson(id: string, value: unknown): Person | undefined {
  const read = personShape.safeParse(value);
  return read.success ? { ...read.data, id } : undefined;
}

/** The record of a person. Its id is not part of it. */
export function recordOf({ id: _, ...rest }: Person): object {
  return rest;
}

export function hasPassword({ password }: Pick<Person, 'password'>): boolean {
  return password !== '';
}

/** How many sites a person may be allowed to own. */
export const SITES_MAX = 100_000;

/** Whether this text is a number of sites that a person may own. */
export function isSitesMax(text: string): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) <= SITES_MAX;
}

/** A limit that is higher than this is none. */
export const HITS_MAX = 1_000_000_000_000;

/** Whether this text is a limit of hits a month. */
export function isHitsMax(text: string): boolean {
  return /^[1-9]\d{0,12}$/.test(text) && Number(text) <= HITS_MAX;
}

export interface FieldProblem {
  readonly field: string;
  /** A sentence that says what is wrong and what to do; in English, for programs. */
  readonly message: string;
  /** The sentence as pages show it. Absent: the message. */
  readonly text?: Text | undefined;
}

const NAME_CHARACTERS_MAX = 100;
export const EMAIL_CHARACTERS_MAX = 254;
export const PASSWORD_CHARACTERS_MIN = 10;
/** Hashing takes longer for longer texts. */
const PASSWORD_CHARACTERS_MAX = 500;

/** Controls, halves of characters, and what changes the direction of the text around it. */
const UNWANTED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_C}]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
const EMAIL_PART = String.raw`[^\s@"<>(),:;\\[\]\p{Cc}\p{Cf}\p{Cs}]+`;
const EMAIL = new RegExp(`^${EMAIL_PART}@${EMAIL_PART}$`, 'u');

const RULES = {
  name: z
    .string()
    .trim()
    .check(rule((name) => VISIBLE.test(name), { en: 'Enter a name.', de: 'Geben Sie einen Namen ein.' }))
    .check(
      rule((name) => !isLongerThan(NAME_CHARACTERS_MAX, name), {
        en: `The name is too long: use at most ${NAME_CHARACTERS_MAX} characters.`,
        de: `Der Name ist zu lang: Verwenden Sie höchstens ${NAME_CHARACTERS_MAX} Zeichen.`,
      }),
    )
    .check(
      rule((name) => !UNWANTED.test(name), {
        en: 'The name contains control characters: use plain text of one line.',
        de: 'Der Name enthält Steuerzeichen: Verwenden Sie einfachen Text in einer Zeile.',
      }),
    ),
  email: z
    .string()
    .transform(normalEmail)
    .check(rule((address) => address !== '', { en: 'Enter an e-mail address.', de: 'Geben Sie eine E-Mail-Adresse ein.' }))
    .check(
      rule((address) => address.length <= EMAIL_CHARACTERS_MAX && EMAIL.test(address), {
        en: 'This is not an e-mail address: write it like anna@example.com.',
        de: 'Das ist keine E-Mail-Adresse: Schreiben Sie sie wie anna@example.com.',
      }),
    ),
  password: z
    .string()
    .check(
      rule((password) => isLongerThan(PASSWORD_CHARACTERS_MIN - 1, password), {
        en: `The password is too short: use at least ${PASSWORD_CHARACTERS_MIN} characters. Several words are easy to remember.`,
        de:
          `Das Passwort ist zu kurz: Verwenden Sie mindestens ${PASSWORD_CHARACTERS_MIN} Zeichen. ` +
          'Mehrere Wörter kann man sich gut merken.',
      }),
    )
    .check(
      rule((password) => !isLongerThan(PASSWORD_CHARACTERS_MAX, password), {
        en: `The password is too long: use at most ${PASSWORD_CHARACTERS_MAX} characters.`,
        de: `Das Passwort ist zu lang: Verwenden Sie höchstens ${PASSWORD_CHARACTERS_MAX} Zeichen.`,
      }),
    ),
};

const NOT_THE_ADDRESS = {
  en: 'The password must not be the e-mail address.',
  de: 'Das Passwort darf nicht die E-Mail-Adresse sein.',
};

function asProblem(field: string, issue: z.core.$ZodIssue | undefined): FieldProblem {
  return { field, message: issue?.message ?? 'This is not valid.', text: textOfIssue(issue) };
}

/** Addresses are compared in this form. */
export function normalEmail(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}

/** Does not count the characters of a text that is far too long. A character is at most two UTF-16 units. */
function isLongerThan(characters: number, text: string): boolean {
  return text.length > characters && (text.length > 2 * characters || [...text].length > characters);
}

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
    else problems.push(asProblem(field, result.error.issues[0]));
  }
  const { password, email } = checked as Partial<Record<PersonField, string>>;
  if (password !== undefined && email !== undefined && password.toLowerCase() === email)
    problems.push({ field: 'password', message: NOT_THE_ADDRESS.en, text: NOT_THE_ADDRESS });
  return problems.length > 0 ? { problems } : { checked: checked as Record<Field, string> };
}
