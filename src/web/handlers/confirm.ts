// People confirm important changes of their account with their password.
import type { FieldProblem, Person } from '../../people/person.js';
import { demandFewGuesses } from '../guesses.js';
import type { AppParts } from '../parts.js';

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
  // somebody at an unlocked computer may be guessing
  await demandFewGuesses(limits, 'password', person.email);
  const isRight = await people.passwordChanges.isRight(person, password);
  return isRight ? [] : [{ field, message: 'This is not your current password.' }];
}
