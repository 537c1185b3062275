// All people of an installation. Each is one record under a random id; a second record leads from the e-mail address to
// the id, so that an address belongs to one person only.
import type { AccountRecords } from '../store/accounts.js';
import { type Person, readPerson, recordOf } from './person.js';

/** The id of the person who sets up the installation. Only one person can have it. */
export const FIRST_ID = 'first';

export interface Directory {
  /** Nobody can sign in with a password yet. Cheap. */
  isEmpty(): boolean;
  person(id: string): Person | undefined;
  /** `email` in any case. */
  byEmail(email: string): Person | undefined;
  /** Sorted by name. */
  all(): Person[];
  /** `taken`: the id or the address belongs to another person. May reject with an AccountsUnavailable. */
  add(person: Person): Promise<'added' | 'taken'>;
  /**
   * Replaces a person by what `change` returns, which must have the same id and address; `undefined` removes the person.
   * `change` must be pure. May reject with an AccountsUnavailable.
   */
  change(id: string, change: (person: Person) => Person | undefined): Promise<'changed' | 'unknown'>;
}

export function createDirectory(records: AccountRecords): Directory {
  const person = (id: string): Person | undefined => {
    const value = records.record('person', id);
    return value === undefined ? undefined : readPerson(id, value);
  };
  const byEmail = (email: string): Person | undefined => {
    const address = email.trim().toLowerCase();
    const { person: id } = (records.record('address', address) ?? {}) as { person?: unknown };
    const found = typeof id === 'string' ? person(id) : undefined;
    return found?.email === address ? found : undefined;
  };
  const all = (): Person[] =>
    records
      .records('person')
      .flatMap(([id, value]) => readPerson(id, value) ?? [])
      .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));

  /** The address may be reserved for somebody whose record was never added, or was removed. */
  const reserve = async (email: string, id: string): Promise<boolean> => {
    if ((await records.addRecord('address', email, { person: id })) === 'added') return true;
    if (byEmail(email) !== undefined) return false;
    await records.changeRecord('address', email, () => ({ person: id }));
    return true;
  };

  return {
    isEmpty: () => records.record('person', FIRST_ID) === undefined && records.records('person').length === 0,
    person,
    byEmail,
    all,
    async add(added) {
      if (!(await reserve(added.email, added.id))) return 'taken';
      return records.addRecord('person', added.id, recordOf(added));
    },
    async change(id, change) {
      let removed: Person | undefined;
      const outcome = await records.changeRecord('person', id, (value) => {
        const before = readPerson(id, value);
        if (before === undefined) throw new Error(`the record of the person "${id}" is damaged; restore it from a backup`);
        const after = change(before);
        removed = after === undefined ? before : undefined;
        return after && recordOf(after);
      });
      // The address may belong to somebody else already.
      const isOwn = (value: unknown) => (value as { person?: unknown }).person === id;
      if (removed !== undefined) {
        await records.changeRecord('address', removed.email, (value) => (isOwn(value) ? undefined : (value as object)));
      }
      return outcome;
    },
  };
}
