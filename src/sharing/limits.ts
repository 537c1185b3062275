// Limits on how often a caller may sign in or use the API.
import type { SharedState } from './state.js';

/** The number of calls that one caller may make in this time. */
export const LIMITS = {
  /** For a person who types, or a program that guesses. By client address. */
  'sign-in': { calls: 10, seconds: 60 },
  /** For guesses of one password from many addresses. By e-mail address. */
  password: { calls: 20, seconds: 600 },
  /** The same over a day. */
  'password-day': { calls: 200, seconds: 86_400 },
  /** For guesses of a code by somebody who knows the password of a person with two-step sign-in. By person. */
  code: { calls: 10, seconds: 600 },
  /** The same over a day. Three of a million codes are right at a time, so a day of guesses succeeds with 1 in 6,700. */
  'code-day': { calls: 50, seconds: 86_400 },
  /** Requests for a new password, each of which may send a mail to this address. By e-mail address. */
  'password-mail': { calls: 3, seconds: 3_600 },
  'password-mail-day': { calls: 10, seconds: 86_400 },
  /** The same for requests about many addresses. By client address. */
  'password-mail-client': { calls: 20, seconds: 3_600 },
  /** Mails to an address that somebody else has entered: invitations, and new addresses to confirm. By that address. */
  'mail-to': { calls: 5, seconds: 86_400 },
  /** The same by who has entered it: a person, or the tokens of a site. */
  'mail-by': { calls: 200, seconds: 86_400 },
  /** Each change is stored, and all nodes read the person again. By person. */
  language: { calls: 20, seconds: 600 },
  /**
   * Reports that have to be made count by what that costs: see web/api/price.ts. A dashboard without a stream, under steady
   * traffic, of which nobody else sees the same, counts as 400 calls a minute. Changes on pages count as well. By token or
   * person.
   */
  api: { calls: 2_000, seconds: 60 },
  /**
   * The reports and sites that requests name, however few answers are made for them: five hundred people behind one address
   * may look at one shared page whose ten reports each asks for every two seconds. As `api`.
   */
  answers: { calls: 200_000, seconds: 60 },
} as const;

export type LimitName = keyof typeof LIMITS;

export type LimitResult = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number };

export interface Limits {
  /**
   * Counts a call, or one that counts as several, and returns whether it is within the limit. Never rejects, and never waits
   * for long.
   */
  take(name: LimitName, caller: string, calls?: number): Promise<LimitResult>;
  state(): SharedState;
  close(): Promise<void>;
}
