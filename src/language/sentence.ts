// Sentences with days and times: programs get them in English with ISO dates, people in their language.
import { asDay, asLocalTime, inNumbers } from './formats.js';
import type { InEach } from './languages.js';
import { type Locale, languageOf } from './locale.js';

/** How a sentence writes what it contains. */
export interface Writing {
  /** A day, `2026-11-20`. */
  day(day: string): string;
  /** A local time, `2026-11-20 14:05`. */
  time(time: string): string;
  number(value: number): string;
}

export type Sentence = InEach<(write: Writing) => string>;

const AS_GIVEN: Writing = { day: (day) => day, time: (time) => time, number: String };

/** For the API and the command line. */
export function forPrograms(sentence: Sentence): string {
  return sentence.en(AS_GIVEN);
}

/** For a page. */
export function forPeople(sentence: Sentence): (locale: Locale) => string {
  return (locale) =>
    sentence[languageOf(locale)]({
      day: (day) => asDay(day)(locale),
      time: (time) => asLocalTime(time)(locale),
      number: (value) => inNumbers(value)(locale),
    });
}
