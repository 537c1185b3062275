// Invitations: a link by which somebody gets an account, or more rights on an account that the person has already.
import { z } from 'zod';
import type { AccountRecords } from '../store/accounts.js';
import { DAY_MS } from '../time/units.js';
import type { Directory } from './directory.js';
import type { Passwords } from './passwords.js';
import { type Identity, type Person, SITE_ROLES, type SiteRole } from './person.js';
import { ownedSites, ownsDirectly, rightOf } from './rights.js';
import { idFor, linkHashOf, newLinkSecret, sha256 } from './secrets.js';
import { roleIn } from './team.js';
import type { TeamMembers } from './team-members.js';
import type { Teams } from './teams.js';

const INVITATION_DAYS = 14;

/** What the invited person may do. */
export interface Grant {
  readonly sites: Readonly<Record<string, SiteRole>>;
  readonly isOperator: boolean;
  readonly sitesMax: number;
  /** Hits a month. Absent: the invitation sets no limit. */
  readonly hitsMax?: number | undefined;
  /** Roles in teams, by the id of the team. Absent: none. */
  readonly teams?: Readonly<Record<string, SiteRole>> | undefined;
}

export interface Invitation extends Grant {
  /** The hash of its secret. */
  readonly id: string;
  readonly email: string;
  /** The name of the person who sent it. */
  readonly invitedBy: string;
  /** Absent: a token or a command has sent it. */
  readonly inviterId?: string | undefined;
  readonly untilMs: number;
}

export interface NewInvitation extends Grant {
  readonly email: string;
  readonly invitedBy: string;
  /** The person who sends it, whose rights it needs until it is accepted. Absent: a token or a command. */
  readonly inviterId?: string | undefined;
}

/** A person signs in with a password, or through the provider. */
export type NewPersonFields =
  | { readonly name: string; readonly password: string }
  | { readonly name: string; readonly identity: Identity };

export interface Invitations {
  /** Returns the secret of the link. */
  create(invitation: NewInvitation): Promise<string>;
  /** All that are still valid, by address. */
  pending(): Invitation[];
  /** The invitation with this secret, if it is still valid. */
  find(secret: string): Invitation | undefined;
  withdraw(id: string): Promise<void>;
  /** Withdraws all to an address, in its normal form. Returns how many these were. */
  withdrawTo(email: string): Promise<number>;
  /** Creates the account of the invited person. `undefined`: the invitation was used or withdrawn meanwhile. */
  acceptAsNew(invitation: Invitation, fields: NewPersonFields): Promise<Person | undefined>;
  /** Adds the rights to the account of the person, who is signed in. `over`: it was used or withdrawn meanwhile. */
  acceptAs(invitation: Invitation, person: Person): Promise<'accepted' | 'over'>;
}

const shape = z.object({
  email: z.string(),
  sites: z.record(z.string(), z.enum(SITE_ROLES)),
  isOperator: z.boolean(),
  sitesMax: z.int().min(0),
  hitsMax: z.int().min(1).optional(),
  teams: z.record(z.string(), z.enum(SITE_ROLES)).optional(),
  invitedBy: z.string(),
  inviterId: z.string().optional(),
  untilMs: z.int(),
});

/** The id of the person who is accepting it; nobody else can then. It stays if the process ends before the rights are given. */
const claimed = z.looseObject({ acceptedBy: z.string() });

interface InvitationParts {
  readonly records: AccountRecords;
  readonly directory: Directory;
  readonly passwords: Passwords;
  readonly teams: Pick<Teams, 'team' | 'roleOn'>;
  readonly teamMembers: Pick<TeamMembers, 'join'>;
}

export function createInvitations(
  { records, directory, passwords, teams, teamMembers }: InvitationParts,
  nowMs: () => number,
): Invitations {
  const read = (id: string, value: unknown): Invitation | undefined => {
    const { data } = shape.safeParse(value);
    if (data === undefined || data.untilMs <= nowMs()) return undefined;
    const { inviterId } = data;
    return inviterId === undefined || mayGrant(directory.person(inviterId), data, teams) ? { id, ...data } : undefined;
  };
  const pending = (): Invitation[] =>
    records
      .records('invitation')
      .flatMap(([id, value]) => read(id, value) ?? [])
      .sort((a, b) => (a.email < b.email ? -1 : 1));
  const withdraw = async (id: string): Promise<void> => {
    await records.changeRecord('invitation', id, () => undefined);
  };
  /** Returns what is granted now; `undefined`: it was withdrawn, or somebody else is accepting it. */
  const claim = async (id: string, personId: string): Promise<Grant | undefined> => {
    let grant: Grant | undefined;
    const outcome = await records.changeRecord('invitation', id, (value) => {
      const { data } = claimed.safeParse(value);
      grant = data === undefined || data.acceptedBy === personId ? read(id, value) : undefined;
      return grant === undefined ? (value as object) : { ...(value as object), acceptedBy: personId };
    });
    return outcome === 'changed' ? grant : undefined;
  };

  return {
    async create({ email, invitedBy, inviterId, ...grant }) {
      await removeExpired(records, nowMs());
      const secret = newLinkSecret();
      const fields = { email, invitedBy, ...(inviterId !== undefined && { inviterId }), ...grant };
      await records.addRecord('invitation', sha256(secret), { ...fields, untilMs: nowMs() + INVITATION_DAYS * DAY_MS });
      return secret;
    },
    pending,
    find(secret) {
      const id = linkHashOf(secret);
      return id === undefined ? undefined : read(id, records.record('invitation', id));
    },
    withdraw,
    async withdrawTo(email) {
      await removeExpired(records, nowMs());
      const ids = records.records('invitation').flatMap(([id, value]) => (isTo(email, value) ? [id] : []));
      for (const id of ids) await withdraw(id);
      return ids.length;
    },
    async acceptAsNew(invitation, fields) {
      const { id, email } = invitation;
      if (read(id, records.record('invitation', id)) === undefined) return undefined;
      const way =
        'identity' in fields
          ? { password: '', identity: fields.identity }
          : { password: await passwords.hash(fields.password, { lane: 'person', key: id }) };
      const personId = idFor(id);
      const grant = await claim(id, personId);
      if (grant === undefined) return undefined;
      const { sites, isOperator, sitesMax, hitsMax } = grant;
      const rights = { sites, isOperator, sitesMax, hitsMax };
      const person = { id: personId, name: fields.name, email, ...way, ...rights, sessions: [], createdAtMs: nowMs() };
      if ((await directory.add(person)) === 'taken') {
        // by another account with this address, which may accept the invitation, or by this request, sent twice
        if (directory.person(personId) === undefined) await unclaim(records, id);
        return undefined;
      }
      await joinTeams(teamMembers, personId, grant);
      await withdraw(id);
      return person;
    },
    async acceptAs({ id }, person) {
      const grant = await claim(id, person.id);
      if (grant === undefined) return 'over';
      await directory.change(person.id, (before) => withGrant(before, grant));
      await joinTeams(teamMembers, person.id, grant);
      await withdraw(id);
      return 'accepted';
    },
  };
}

/** Leaves those of a later version that this one cannot read. */
async function removeExpired(records: AccountRecords, nowMs: number): Promise<void> {
  const untilShape = shape.pick({ untilMs: true });
  for (const [id, value] of records.records('invitation')) {
    const { data } = untilShape.safeParse(value);
    if (data !== undefined && data.untilMs <= nowMs) await records.changeRecord('invitation', id, () => undefined);
  }
}

function isTo(email: string, value: unknown): boolean {
  return (value as { readonly email?: unknown } | null)?.email === email;
}

/** Somebody else may accept it then. */
async function unclaim(records: AccountRecords, id: string): Promise<void> {
  await records.changeRecord('invitation', id, (value) => {
    const { acceptedBy: _, ...rest } = value as { readonly acceptedBy?: unknown };
    return rest;
  });
}

async function joinTeams({ join }: Pick<TeamMembers, 'join'>, personId: string, { teams = {} }: Grant): Promise<void> {
  for (const [team, role] of Object.entries(teams)) await join(team, personId, role);
}

/** Whoever has lost a right since the invitation gives it to nobody, themselves included. */
function mayGrant(inviter: Person | undefined, grant: Grant, teams: InvitationParts['teams']): boolean {
  if (inviter === undefined) return false;
  if (inviter.isOperator) return true;
  const { sites, isOperator, sitesMax, hitsMax, teams: rolesInTeams = {} } = grant;
  if (isOperator || sitesMax > 0 || hitsMax !== undefined) return false;
  const mayGrantOn = ([site, role]: readonly [string, SiteRole]): boolean =>
    role === 'owner' ? ownsDirectly(inviter, site) : rightOf(inviter, site, teams) === 'own';
  const ownsTeam = (id: string): boolean => {
    const team = teams.team(id);
    return team !== undefined && roleIn(team, inviter.id) === 'owner';
  };
  return Object.entries(sites).every(mayGrantOn) && Object.keys(rolesInTeams).every(ownsTeam);
}

/** Nobody loses a right by an invitation. */
function withGrant(person: Person, grant: Grant): Person {
  const sites: Record<string, SiteRole> = { ...person.sites };
  for (const [site, role] of Object.entries(grant.sites)) {
    const before = Object.hasOwn(sites, site) ? sites[site] : undefined;
    if (before === undefined || SITE_ROLES.indexOf(role) < SITE_ROLES.indexOf(before)) sites[site] = role;
  }
  return {
    ...person,
    sites,
    isOperator: person.isOperator || grant.isOperator,
    sitesMax: Math.max(person.sitesMax, grant.sitesMax),
    hitsMax: hitsMaxAfter(person, grant),
  };
}

/** The higher limit applies. Somebody who has no site and could not create one receives the limit with the first right to. */
function hitsMaxAfter(person: Person, { hitsMax, sitesMax }: Grant): number | undefined {
  if (person.sitesMax === 0 && ownedSites(person).length === 0 && sitesMax > 0) return hitsMax ?? person.hitsMax;
  return person.hitsMax === undefined ? undefined : Math.max(person.hitsMax, hitsMax ?? 0);
}
