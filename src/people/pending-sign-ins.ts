// Sign-ins of people with two-step sign-in between the right password and the code. A pending sign-in is no session: its
// secret is good for one thing, to enter a code.
import { FIVE_MINUTES_MS } from '../time/units.js';
import type { Directory } from './directory.js';
import { afterUseOf } from './one-time-codes.js';
import type { PendingSignIn, Person } from './person.js';
import { newResetSecret, personIdOf, sha256 } from './secrets.js';

/** Of one person. The oldest ends when another begins. */
const PENDING_MAX = 5;
/** After these, the password is needed again. */
export const WRONG_CODES_MAX = 5;

export interface PendingSignIns {
  /**
   * For a person who has just proved that they know the password. Returns the secret for the cookie. Undefined: `mayBegin`
   * is false for the person as stored now.
   */
  begin(personId: string, mayBegin?: (person: Person) => boolean): Promise<string | undefined>;
  /** Cheap. Undefined: it was finished or replaced, is too old, or had too many wrong codes. */
  personOf(secret: string): Person | undefined;
  /** Uses up the code and the pending sign-in. `over`: as above; the last wrong code included. */
  finish(secret: string, code: string): Promise<Person | 'wrong' | 'over'>;
}

export function createPendingSignIns(directory: Directory, nowMs: () => number): PendingSignIns {
  const liveOf = ({ pendingSignIns = [] }: Person): PendingSignIn[] => pendingSignIns.filter(({ untilMs }) => untilMs > nowMs());
  const personOf = (secret: string): Person | undefined => {
    const id = personIdOf(secret);
    const person = id === undefined ? undefined : directory.person(id);
    const hash = sha256(secret);
    return person?.twoStep !== undefined && liveOf(person).some((one) => one.hash === hash) ? person : undefined;
  };

  return {
    async begin(personId, mayBegin = () => true) {
      const secret = newResetSecret(personId);
      const pending: PendingSignIn = { hash: sha256(secret), untilMs: nowMs() + FIVE_MINUTES_MS, wrongCodes: 0 };
      let hasBegun = true;
      await directory.change(personId, (person) => {
        hasBegun = mayBegin(person);
        return hasBegun ? { ...person, pendingSignIns: [...liveOf(person).slice(1 - PENDING_MAX), pending] } : person;
      });
      return hasBegun ? secret : undefined;
    },
    personOf,
    async finish(secret, code) {
      const person = personOf(secret);
      if (person === undefined) return 'over';
      const hash = sha256(secret);
      let outcome: Person | 'wrong' | 'over' = 'over';
      // In one change, so that of two requests with the same code only one succeeds.
      await directory.change(person.id, (before) => {
        outcome = 'over';
        const pending = liveOf(before).find((one) => one.hash === hash);
        if (pending === undefined || before.twoStep === undefined) return before;
        const others = liveOf(before).filter((one) => one !== pending);
        const twoStep = afterUseOf(code, before.twoStep, nowMs());
        if (twoStep !== undefined) {
          outcome = { ...before, twoStep, pendingSignIns: others };
          return outcome;
        }
        const wrongCodes = pending.wrongCodes + 1;
        if (wrongCodes >= WRONG_CODES_MAX) return { ...before, pendingSignIns: others };
        outcome = 'wrong';
        return { ...before, pendingSignIns: [...others, { ...pending, wrongCodes }] };
      });
      return outcome;
    },
  };
}
