// People confirm important changes of their account with their password.
import { type FieldProblem, hasPassword, type Person } from '../../people/person.js';
import type { SignedIn } from '../../people/sessions.js';
import { MINUTE_MS } from '../../time/units.js';
import { demandFewGuesses } from '../guesses.js';
import type { AppParts } from '../parts.js';
import { fieldProblem } from './form.js';

/** How long after the sign-in people without a password may make important changes. */
export const FRESH_MINUTES = 10;

const NOT_THE_PASSWORD = { en: 'This is not your current password.', de: 'Das ist nicht Ihr aktuelles Passwort.' };
const NOT_FRESH = {
  en: `You signed in more than ${FRESH_MINUTES} minutes ago. Sign out, sign in again, and try again.`,
  de:
    `Sie haben sich vor mehr als ${FRESH_MINUTES} Minuten angemeldet. Melden Sie sich ab und wieder an, und ` +
    'versuchen Sie es noch einmal.',
};

export interface TypedPassword {
  readonly field: string;
  readonly password: string;
}

/** Returns what is wrong with the password, for the page. */
export async function problemOfPassword(
  { people, limits }: Pick<AppParts, 'people' | 'limits'>,
  person: Person,
  { field, password }: TypedPassword,
): Promise<FieldProblem[]> {
  // Somebody at an unlocked computer may be guessing. Guesses of strangers on the page to sign in are counted apart, so that
  // they do not keep a person who is signed in from changing the password.
  await demandFewGuesses(limits, 'password', person.id);
  const isRight = await people.passwordChanges.isRight(person, password);
  return isRight ? [] : [fieldProblem(field, NOT_THE_PASSWORD)];
}

/** The same for the account of the caller. A person without a password must have signed in a short time ago instead. */
export async function problemOfConfirmation(
  parts: Pick<AppParts, 'people' | 'limits' | 'nowMs'>,
  { person, session }: SignedIn,
  typed: TypedPassword,
): Promise<FieldProblem[]> {
  if (hasPassword(person)) return problemOfPassword(parts, person, typed);
  const isFresh = parts.nowMs() - session.createdAtMs <= FRESH_MINUTES * MINUTE_MS;
  return isFresh ? [] : [fieldProblem(typed.field, NOT_FRESH)];
}
