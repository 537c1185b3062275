// What belongs to one person only: the address and the identity by which people sign in. Each is one record that leads to
// the id of its person.
import type { AccountRecords, AccountVersions } from '../store/accounts.js';
import { type Identity, type Person, readPerson } from './person.js';
import { sha256 } from './secrets.js';

/** Where people are stored. */
export type PeopleRecords = AccountRecords & AccountVersions;

export interface Reservations {
  /** The id of the person to whom the key belongs, or who has only reserved it. */
  ownerOf(key: string): string | undefined;
  /**
   * Reserves a key for a person who is stored with it next. False: it belongs to somebody else. Somebody else may
   * still reserve it between the two writes, so ask `ownerOf` after a refresh, when both are done. May reject with an
   * AccountsUnavailable.
   */
  reserve(key: string, personId: string): Promise<boolean>;
  /** Removes the key, unless it belongs to somebody else by now. May reject with an AccountsUnavailable. */
  release(key: string, personId: string): Promise<void>;
}

/** The key of an identity. It is hashed, because the provider decides how long an identity is. */
export function identityKey({ issuer, subject }: Identity): string {
  return sha256(JSON.stringify([issuer, subject]));
}

/** `keyOf`: the key with which a person is stored. */
export function createReservations(
  records: PeopleRecords,
  kind: 'address' | 'identity',
  keyOf: (person: Person) => string | undefined,
): Reservations {
  const idIn = (value: unknown): string | undefined => {
    const { person: id } = (value ?? {}) as { person?: unknown };
    return typeof id === 'string' ? id : undefined;
  };
  const ownerOf = (key: string): string | undefined => idIn(records.record(kind, key));
  const isKeyOf = (key: string, id: string): boolean => {
    const person = readPerson(id, records.record('person', id));
    return person !== undefined && keyOf(person) === key;
  };

  return {
    ownerOf,
    async reserve(key, personId) {
      if ((await records.addRecord(kind, key, { person: personId })) === 'added') return true;
      await records.refresh();
      const former = ownerOf(key);
      if (former === personId) return true;
      if (former !== undefined && isKeyOf(key, former)) return false;
      // Left by somebody who was never added, was removed, or has another key now.
      await records.changeRecord(kind, key, () => ({ person: personId }));
      await records.refresh();
      if (former === undefined || !isKeyOf(key, former)) return true;
      // It was about to be added.
      await records.changeRecord(kind, key, (value) => (idIn(value) === personId ? { person: former } : (value as object)));
      return false;
    },
    async release(key, personId) {
      await records.changeRecord(kind, key, (value) => (idIn(value) === personId ? undefined : (value as object)));
    },
  };
}
