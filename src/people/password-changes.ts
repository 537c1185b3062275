// Changing a password, and links to choose a new one. Each change ends all sessions, also pending ones: somebody else may
// have known the old password.
import { HOUR_MS } from '../time/units.js';
import type { Directory } from './directory.js';
import type { HashingFor, Passwords } from './passwords.js';
import { hasPassword, type Identity, type Person } from './person.js';
import { identityKey, type Reservations } from './reservations.js';
import { newResetSecret, personIdOf, sha256 } from './secrets.js';

/** Long enough to be sent by another way than mail. */
export const RESET_HOURS = 24;

export interface PasswordChanges {
  /** Also false if the password was changed while it was compared: the session of the request has ended then. */
  isRight(person: Person, password: string): Promise<boolean>;
  /** `wrong`: the current password is another one, also if it was changed meanwhile. */
  change(person: Person, current: string, next: string): Promise<'changed' | 'wrong'>;
  /** For a person who has no password. False: the person has chosen one meanwhile, or was deleted. */
  choose(personId: string, password: string): Promise<boolean>;
  /** Returns the secret of a link that works once and for a day. It replaces an earlier link. */
  createLink(personId: string): Promise<string>;
  /** The person whom a link is for; undefined when it was used, replaced, or is too old. */
  personOfLink(secret: string): Person | undefined;
  /**
   * Sets a new password, uses up the link, unlinks the provider and removes the passkeys: somebody else may have created the
   * account or known its password, and have linked an identity or added a passkey of theirs.
   */
  useLink(secret: string, next: string): Promise<Person | undefined>;
}

interface PasswordChangeParts {
  readonly directory: Directory;
  readonly passwords: Passwords;
  readonly identities: Pick<Reservations, 'release'>;
}

export function createPasswordChanges(
  { directory, passwords, identities }: PasswordChangeParts,
  nowMs: () => number,
): PasswordChanges {
  const isOf = (secret: string, { reset }: Person): boolean => reset?.hash === sha256(secret) && reset.untilMs > nowMs();
  const personOfLink = (secret: string): Person | undefined => {
    const id = personIdOf(secret);
    const person = id === undefined ? undefined : directory.person(id);
    return person !== undefined && isOf(secret, person) ? person : undefined;
  };
  const withPassword = (person: Person, password: string): Person => ({
    ...person,
    password,
    sessions: [],
    pendingSignIns: undefined,
    proposedIdentity: undefined,
    reset: undefined,
    newEmail: undefined,
  });
  return {
    isRight: async (person, password) =>
      (await passwords.isRight(password, person.password, hashingFor(person))) &&
      directory.person(person.id)?.password === person.password,
    async change(person, current, next) {
      if (!(await passwords.isRight(current, person.password, hashingFor(person)))) return 'wrong';
      const password = await passwords.hash(next, hashingFor(person));
      let isRight = false;
      await directory.change(person.id, (before) => {
        isRight = before.password === person.password;
        return isRight ? withPassword(before, password) : before;
      });
      return isRight ? 'changed' : 'wrong';
    },
    async choose(personId, next) {
      const password = await passwords.hash(next, hashingFor({ id: personId }));
      let isChosen = false;
      await directory.change(personId, (person) => {
        isChosen = !hasPassword(person);
        return isChosen ? withPassword(person, password) : person;
      });
      return isChosen;
    },
    async createLink(personId) {
      const secret = newResetSecret(personId);
      const reset = { hash: sha256(secret), untilMs: nowMs() + RESET_HOURS * HOUR_MS };
      await directory.change(personId, (person) => ({ ...person, reset }));
      return secret;
    },
    personOfLink,
    async useLink(secret, next) {
      const person = personOfLink(secret);
      if (person === undefined) return undefined;
      const password = await passwords.hash(next, hashingFor(person));
      let changed: Person | undefined;
      let former: Identity | undefined;
      await directory.change(person.id, (before) => {
        changed = isOf(secret, before)
          ? { ...withPassword(before, password), identity: undefined, passkeys: undefined }
          : undefined;
        former = changed && before.identity;
        return changed ?? before;
      });
      if (former !== undefined) await identities.release(identityKey(former), person.id);
      return changed;
    },
  };
}

function hashingFor({ id }: Pick<Person, 'id'>): HashingFor {
  return { lane: 'person', key: id };
}
