// The e-mail addresses of people. Each is one record that leads to the id of its person, so that an address belongs to one
// person only. All addresses here are in their normal form; see `normalEmail`.
import type { AccountRecords, AccountVersions } from '../store/accounts.js';
import { readPerson } from './person.js';

/** Where people are stored. */
export type PeopleRecords = AccountRecords & Pick<AccountVersions, 'refresh'>;

export interface Addresses {
  /** The id of the person who has the address, or has only reserved it. */
  ownerOf(email: string): string | undefined;
  /**
   * Reserves an address for a person who is stored with it next. False: it belongs to somebody else. Somebody else may
   * still reserve it between the two writes, so ask `ownerOf` after a refresh, when both are done. May reject with an
   * AccountsUnavailable.
   */
  reserve(email: string, personId: string): Promise<boolean>;
  /** Removes the address, unless it belongs to somebody else by now. May reject with an AccountsUnavailable. */
  release(email: string, personId: string): Promise<void>;
}

export function createAddresses(records: PeopleRecords): Addresses {
  const idIn = (value: unknown): string | undefined => {
    const { person: id } = (value ?? {}) as { person?: unknown };
    return typeof id === 'string' ? id : undefined;
  };
  const ownerOf = (email: string): string | undefined => idIn(records.record('address', email));
  const isAddressOf = (email: string, id: string): boolean => readPerson(id, records.record('person', id))?.email === email;
  const release = async (email: string, personId: string): Promise<void> => {
    await records.changeRecord('address', email, (value) => (idIn(value) === personId ? undefined : (value as object)));
  };

  return {
    ownerOf,
    async reserve(email, personId) {
      if ((await records.addRecord('address', email, { person: personId })) === 'added') return true;
      await records.refresh();
      const former = ownerOf(email);
      if (former === personId) return true;
      if (former !== undefined && isAddressOf(email, former)) return false;
      // Left by somebody who was never added, was removed, or has another address now.
      await records.changeRecord('address', email, () => ({ person: personId }));
      await records.refresh();
      if (former === undefined || !isAddressOf(email, former)) return true;
      // It was about to be added.
      await records.changeRecord('address', email, (value) =>
        idIn(value) === personId ? { person: former } : (value as object),
      );
      return false;
    },
    release,
  };
}
