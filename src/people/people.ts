// Everything about people, in one place for those who compose it.
import { changeEmail, createEmailChanges, type EmailChanges } from './change-email.js';
import { createDirectory, type Directory, FIRST_ID } from './directory.js';
import { createIdentities, type Identities } from './identities.js';
import { createInvitations, type Invitations } from './invitations.js';
import { createMembers, type Members } from './members.js';
import { createOperators, type OperatorChange, type Operators } from './operators.js';
import { createPasskeys, type Passkeys } from './passkeys.js';
import { createPasswordChanges, type PasswordChanges } from './password-changes.js';
import { createPasswords } from './passwords.js';
import { createPendingSignIns, type PendingSignIns } from './pending-sign-ins.js';
import type { Person } from './person.js';
import { createProviderSignIns, type ProviderSignIns } from './provider-sign-ins.js';
import { createReservations, identityKey, type PeopleRecords } from './reservations.js';
import { createSessions, type Sessions } from './sessions.js';
import { createShares, type Shares } from './shares.js';
import { createTeamMembers, type TeamMembers } from './team-members.js';
import { createTeams, type TeamChanges, type Teams } from './teams.js';
import { createTwoSteps, type TwoSteps } from './two-step.js';

export interface RemovedAccount {
  readonly outcome: OperatorChange;
  /** How many invitations were withdrawn. */
  readonly withdrawn: number;
}

export interface People {
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly pendingSignIns: PendingSignIns;
  readonly twoSteps: TwoSteps;
  readonly passwordChanges: PasswordChanges;
  readonly passkeys: Passkeys;
  readonly identities: Identities;
  readonly providerSignIns: ProviderSignIns;
  readonly invitations: Invitations;
  readonly shares: Shares;
  readonly members: Members;
  readonly operators: Operators;
  readonly emailChanges: EmailChanges;
  /**
   * Removes an account, and the invitations to its address: with one of them, the person would have an account again. Nothing
   * is changed for the last operator. May reject with an AccountsUnavailable.
   */
  removeAccount(person: Pick<Person, 'id' | 'email'>): Promise<RemovedAccount>;
  readonly teams: Teams;
  readonly teamChanges: TeamChanges;
  readonly teamMembers: TeamMembers;
  /** See change-email.ts. */
  changeEmail(personId: string, email: string): Promise<'changed' | 'unknown' | 'taken'>;
  /** Adds the first person, an operator. Succeeds once: `over` when there is a person, also if two try at the same time. */
  setUp(fields: { readonly name: string; readonly email: string; readonly password: string }): Promise<Person | 'over'>;
}

export function createPeople(records: PeopleRecords, nowMs: () => number): People {
  const addresses = createReservations(records, 'address', ({ email }) => email);
  const reserved = createReservations(records, 'identity', ({ identity }) => identity && identityKey(identity));
  const directory = createDirectory(records, { addresses, identities: reserved });
  const identities = createIdentities(directory, reserved, records, nowMs);
  const passwords = createPasswords();
  const teams = createTeams(records, nowMs);
  const teamMembers = createTeamMembers(records, directory, teams);
  const invitations = createInvitations({ records, directory, passwords, teams, teamMembers }, nowMs);
  const pendingSignIns = createPendingSignIns(directory, nowMs);
  const operators = createOperators(directory, records, teamMembers);
  return {
    directory,
    sessions: createSessions(directory, passwords, pendingSignIns, nowMs),
    pendingSignIns,
    twoSteps: createTwoSteps(directory, nowMs),
    passwordChanges: createPasswordChanges({ directory, passwords, identities: reserved }, nowMs),
    passkeys: createPasskeys(directory, nowMs),
    changeEmail: (personId, email) => changeEmail({ directory, addresses, records }, personId, email),
    emailChanges: createEmailChanges({ directory, addresses, records }, nowMs),
    identities,
    providerSignIns: createProviderSignIns({ directory, identities, invitations }, nowMs),
    invitations,
    shares: createShares(records, passwords, nowMs),
    members: createMembers(directory, invitations, records),
    operators,
    async removeAccount({ id, email }) {
      const outcome = await operators.remove(id);
      return { outcome, withdrawn: outcome === 'last-operator' ? 0 : await invitations.withdrawTo(email) };
    },
    teams,
    teamChanges: teams,
    teamMembers,
    async setUp({ name, email, password }) {
      if (directory.hasOperator()) return 'over';
      const person: Person = {
        id: FIRST_ID,
        name,
        email,
        password: await passwords.hash(password, { lane: 'person', key: FIRST_ID }),
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
