// All people of an installation. Each is one record under an id; reservations.ts says how a person is found by address or
// identity.
import { EMAIL_CHARACTERS_MAX, normalEmail, type Person, readPerson, recordOf } from './person.js';
import { identityKey, type PeopleRecords, type Reservations } from './reservations.js';

/** The id of the person who sets up the installation. Only one person can have it. */
export const FIRST_ID = 'first';

export interface Directory {
  /** Until there is an operator, the set-up is open. Cheap. */
  hasOperator(): boolean;
  person(id: string): Person | undefined;
  /** `email` in any case. */
  byEmail(email: string): Person | undefined;
  /** Sorted by name. */
  all(): Person[];
  /** `taken`: the id, the address or the identity belongs to another person. May reject with an AccountsUnavailable. */
  add(person: Person): Promise<'added' | 'taken'>;
  /**
   * Replaces a person by what `change` returns, which must have the same id; `undefined` removes the person. For another
   * address, see change-email.ts. `change` must be pure. May reject with an AccountsUnavailable.
   */
  change(id: string, change: (person: Person) => Person | undefined): Promise<'changed' | 'unknown'>;
}

/** What belongs to one person only. */
interface Reserved {
  /** In their normal form; see `normalEmail`. */
  readonly addresses: Reservations;
  /** By `identityKey`. */
  readonly identities: Reservations;
}

export function createDirectory(records: PeopleRecords, { addresses, identities }: Reserved): Directory {
  const person = (id: string): Person | undefined => {
    const value = records.record('person', id);
    return value === undefined ? undefined : readPerson(id, value);
  };
  const byEmail = (email: string): Person | undefined => {
    const address = normalEmail(email);
    if (address.length > EMAIL_CHARACTERS_MAX) return undefined; // lmdb refuses long keys
    const id = addresses.ownerOf(address);
    const found = id === undefined ? undefined : person(id);
    return found?.email === address ? found : undefined;
  };
  const all = (): Person[] =>
    records
      .records('person')
      .flatMap(([id, value]) => readPerson(id, value) ?? [])
      .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));

  return {
    // also when the record of the first operator is damaged, so that nobody else can set up the installation
    hasOperator: () => records.record('person', FIRST_ID) !== undefined || all().some(({ isOperator }) => isOperator),
    person,
    byEmail,
    all,
    async add(added) {
      const { id, email, identity } = added;
      const key = identity && identityKey(identity);
      if (key !== undefined && !(await identities.reserve(key, id))) return 'taken';
      if (!(await addresses.reserve(email, id))) return 'taken';
      if ((await records.addRecord('person', id, recordOf(added))) === 'taken') return 'taken';
      // Somebody else may have reserved the address or the identity between these writes. They decide who is added.
      await records.refresh();
      if (addresses.ownerOf(email) === id && (key === undefined || identities.ownerOf(key) === id)) return 'added';
      await records.changeRecord('person', id, () => undefined);
      return 'taken';
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
      if (removed !== undefined) await addresses.release(removed.email, id);
      if (removed?.identity !== undefined) await identities.release(identityKey(removed.identity), id);
      return outcome;
    },
  };
}
