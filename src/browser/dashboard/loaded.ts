import type { Address } from './address.js';
import type { Answers, ListsBefore, PageAnswers } from './ask.js';
import type { Now } from './change.js';

/** The answers to one question, and what was asked. */
export interface Loaded {
  readonly address: Address;
  readonly answers: Answers;
  readonly now: Now;
  /** What lists are compared with; undefined where they are not. */
  readonly before: ListsBefore | undefined;
  /** The page whose panel is open; undefined where none is. */
  readonly ofPage: PageAnswers | undefined;
}
