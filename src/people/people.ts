// Everything about people, in one place for those who compose it.
import { createDirectory, type Directory, FIRST_ID, type PeopleRecords } from './directory.js';
import { createInvitations, type Invitations } from './invitations.js';
import { createMembers, type Members } from './members.js';
import { createOperators, type Operators } from './operators.js';
import { createPasswordChanges, type PasswordChanges } from './password-changes.js';
import { createPasswords } from './passwords.js';
import type { Person } from './person.js';
import { createSessions, type Sessions } from './sessions.js';
import { createShares, type Shares } from './shares.js';

export interface People {
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly passwordChanges: PasswordChanges;
  readonly invitations: Invitations;
  readonly shares: Shares;
  readonly members: Members;
  readonly operators: Operators;
  /** Adds the first person, an operator. Succeeds once: `over` when there is a person, also if two try at the same time. */
  setUp(fields: { readonly name: string; readonly email: string; readonly password: string }): Promise<Person | 'over'>;
}

export function createPeople(records: PeopleRecords, nowMs: () => number): People {
  const directory = createDirectory(records);
  const passwords = createPasswords();
  const invitations = createInvitations(records, directory, passwords, nowMs);
  return {
    directory,
    sessions: createSessions(directory, passwords, nowMs),
    passwordChanges: createPasswordChanges(directory, passwords, nowMs),
    invitations,
    shares: createShares(records, passwords, nowMs),
    members: createMembers(directory, invitations, records),
    operators: createOperators(directory, records),
    async setUp({ name, email, password }) {
      if (directory.hasOperator()) return 'over';
      const person: Person = {
        id: FIRST_ID,
        name,
        email,
        password: await passwords.hash(password),
        isOperator: true,
        sitesMax: 0,
        sites: {},
        sessions: [],
        createdAtMs: nowMs(),
      };
      return (await directory.add(person)) === 'added' ? person : 'over';
    },
  };
}
