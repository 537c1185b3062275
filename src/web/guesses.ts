// Guesses of a password or a code are limited over some minutes and over a day: the more guesses, the longer the wait.
import type { Limits } from '../sharing/limits.js';
import { TooOften } from './errors.js';

/** `of`: whose password or code it is. Throws a TooOften. */
export async function demandFewGuesses(limits: Limits, what: 'password' | 'code', of: string): Promise<void> {
  for (const name of [what, `${what}-day`] as const) {
    const taken = await limits.take(name, of);
    if (!taken.allowed) throw new TooOften(taken.retryAfterSeconds);
  }
}
