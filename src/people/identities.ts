// The identities of people at the provider through which they sign in. An identity belongs to one person only, and a
// person has at most one.
import { FIVE_MINUTES_MS } from '../time/units.js';
import type { Directory } from './directory.js';
import { hasPassword, type Identity, type Person, type Session } from './person.js';
import { identityKey, type PeopleRecords, type Reservations } from './reservations.js';
import { newResetSecret, personIdOf, sha256 } from './secrets.js';

/** `taken`: the identity belongs to somebody else. `over`: the proposal was used, replaced, or is too old. */
export type Linking = 'linked' | 'taken' | 'over';

export interface Identities {
  personOf(identity: Identity): Person | undefined;
  /**
   * Stores that the identity is linked to the person once the password was entered. Returns the secret for the cookie.
   * A person has one such proposal, the last one. `shownAs`: how the provider names its user.
   */
  propose(personId: string, identity: Identity, shownAs: string): Promise<string>;
  /** The person to whom an identity was proposed; undefined if the proposal is over. */
  proposedTo(secret: string): Person | undefined;
  /** The caller must have checked the password. It replaces a former identity. */
  accept(secret: string): Promise<Linking>;
  /**
   * Links an identity to a person without a password, whose former provider is not in use any more. All sessions end.
   * `over`: the person has chosen a password meanwhile, or was deleted.
   */
  replace(personId: string, identity: Identity): Promise<Linking>;
  /**
   * Ends all sessions except `kept`: they may have begun through the provider. The caller must have checked the password, or
   * be an operator.
   */
  unlink(personId: string, kept?: Session): Promise<void>;
}

export function createIdentities(
  directory: Directory,
  reservations: Reservations,
  records: Pick<PeopleRecords, 'refresh'>,
  nowMs: () => number,
): Identities {
  const isFor = (person: Person, secret: string): boolean => {
    const { proposedIdentity: proposed } = person;
    return proposed !== undefined && proposed.hash === sha256(secret) && proposed.untilMs > nowMs();
  };
  const proposedTo = (secret: string): Person | undefined => {
    const id = personIdOf(secret);
    const person = id === undefined ? undefined : directory.person(id);
    return person !== undefined && isFor(person, secret) ? person : undefined;
  };

  /** `linked` returns the person with the identity; undefined: it must not be linked any more. */
  const link = async (personId: string, identity: Identity, linked: (person: Person) => Person | undefined): Promise<Linking> => {
    const key = identityKey(identity);
    if (!(await reservations.reserve(key, personId))) return 'taken';
    let before: Identity | undefined;
    let isLinked = false;
    await directory.change(personId, (person) => {
      const after = linked(person);
      before = person.identity;
      isLinked = after !== undefined;
      return after ?? person;
    });
    await records.refresh();
    // As when a person is added: of two people who want an identity, the reservation decides whose it is.
    const isOwn = reservations.ownerOf(key) === personId;
    if (isLinked && !isOwn) {
      await directory.change(personId, (person) => (keyIn(person) === key ? { ...person, identity: before } : person));
    }
    const unused = isLinked && isOwn ? before : identity;
    // unless the person had this identity already
    if (unused !== undefined && identityKey(unused) !== keyIn(directory.person(personId))) {
      await reservations.release(identityKey(unused), personId);
    }
    if (!isLinked) return 'over';
    return isOwn ? 'linked' : 'taken';
  };

  return {
    personOf(identity) {
      const key = identityKey(identity);
      const id = reservations.ownerOf(key);
      const person = id === undefined ? undefined : directory.person(id);
      return keyIn(person) === key ? person : undefined;
    },
    async propose(personId, { issuer, subject }, shownAs) {
      const secret = newResetSecret(personId);
      const proposedIdentity = { issuer, subject, shownAs, hash: sha256(secret), untilMs: nowMs() + FIVE_MINUTES_MS };
      await directory.change(personId, (person) => ({ ...person, proposedIdentity }));
      return secret;
    },
    proposedTo,
    async accept(secret) {
      const person = proposedTo(secret);
      const proposed = person?.proposedIdentity;
      if (person === undefined || proposed === undefined) return 'over';
      const identity: Identity = { issuer: proposed.issuer, subject: proposed.subject };
      return link(person.id, identity, (before) =>
        isFor(before, secret) ? { ...before, identity, proposedIdentity: undefined } : undefined,
      );
    },
    replace: (personId, identity) =>
      link(personId, identity, (before) => (!hasPassword(before) ? { ...before, identity, ...ENDED } : undefined)),
    async unlink(personId, kept) {
      let former: Identity | undefined;
      await directory.change(personId, (person) => {
        former = person.identity;
        const sessions = person.sessions.filter(({ hash }) => hash === kept?.hash);
        return { ...person, identity: undefined, proposedIdentity: undefined, pendingSignIns: undefined, sessions };
      });
      if (former !== undefined) await reservations.release(identityKey(former), personId);
    },
  };
}

/** Whoever may have used the account before cannot go on. */
const ENDED = {
  sessions: [],
  pendingSignIns: undefined,
  proposedIdentity: undefined,
  passkeys: undefined,
  reset: undefined,
  newEmail: undefined,
} as const;

function keyIn(person: Person | undefined): string | undefined {
  return person?.identity && identityKey(person.identity);
}
