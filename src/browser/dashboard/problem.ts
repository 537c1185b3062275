// What the page says when a question has no answer.
import { NotAnswered, SignedOut } from './fetch.js';
import { CONNECTION } from './texts.js';

/** Why there are no new numbers, in words. */
export function problemOf(error: unknown): string {
  if (error instanceof SignedOut) return CONNECTION.signedOut;
  if (!(error instanceof NotAnswered)) return CONNECTION.unreachable;
  return error.status === 429 ? CONNECTION.tooMany : CONNECTION.unavailable;
}
