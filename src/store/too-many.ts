// How many tokens, share links and invitations there may be. All of them are in the memory of every process, and lists that
// are longer help nobody. The counts are those that a process knows, so two changes at the same time may exceed them by one.

import type { Text } from '../language/languages.js';

/** The change was refused, because there are too many already. The text says what to do. */
export class TooMany extends Error {
  constructor(readonly text: Text) {
    super(text.en);
  }
}

export const TOKENS_OF_SITE_MAX = 100;
export const SHARES_OF_SITE_MAX = 100;
/** Invitations are counted until they are used, are withdrawn or have expired. */
export const INVITATIONS_OF_SITE_MAX = 100;
/** Of all sites, by one person who is no operator. */
export const INVITATIONS_OF_PERSON_MAX = 200;
/** Of all sites, by tokens and by people who are no operators. */
export const INVITATIONS_MAX = 2_000;
/** Of people who are no operators: all teams are looked at whenever an account changes. */
export const TEAMS_MAX = 2_000;
