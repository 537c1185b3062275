// All teams of an installation. Every request of a person asks for rights, so teams are found by person and by site
// without a search.
import { randomBytes } from 'node:crypto';
import type { SiteRole } from './person.js';
import type { PeopleRecords } from './reservations.js';
import { greaterRole, readTeam, roleIn, TEAM_ID, TEAM_SITES_MAX, TEAMS_OWNED_MAX, type Team, teamRecord } from './team.js';

/** Cheap: answered from an index that is made again only when an account has changed. */
export interface Teams {
  team(id: string): Team | undefined;
  /** Sorted by name. */
  all(): readonly Team[];
  /** Sorted by name. */
  ofPerson(personId: string): readonly Team[];
  /** Sorted by name. */
  ofSite(site: string): readonly Team[];
  /** The greatest role on a site that the person has through teams. */
  roleOn(personId: string, site: string): SiteRole | undefined;
}

export type TeamChange = 'changed' | 'unknown' | 'full';

/** All of these may reject with an AccountsUnavailable. */
export interface TeamChanges {
  /** The person becomes its owner. `too-many`: the person owns as many teams as anybody may. `name`: see `checkPerson`. */
  create(name: string, ownerId: string): Promise<Team | 'too-many'>;
  rename(id: string, name: string): Promise<TeamChange>;
  addSite(id: string, site: string): Promise<TeamChange>;
  removeSite(id: string, site: string): Promise<TeamChange>;
  /** Removes the team, and with it the rights that people have through it. See `deleteTeam` for the invitations to it. */
  remove(id: string): Promise<TeamChange>;
}

interface Index {
  readonly version: number;
  readonly all: readonly Team[];
  readonly byId: ReadonlyMap<string, Team>;
  readonly byPerson: ReadonlyMap<string, readonly Team[]>;
  readonly bySite: ReadonlyMap<string, readonly Team[]>;
  /** Filled when somebody asks: the greatest role of a person on each site. */
  readonly roles: Map<string, ReadonlyMap<string, SiteRole>>;
}

const NO_ROLES: ReadonlyMap<string, SiteRole> = new Map();

export function createTeams(records: PeopleRecords, nowMs: () => number): Teams & TeamChanges {
  let known: Index | undefined;
  const index = (): Index => {
    const version = records.version();
    if (known?.version !== version) known = indexOf(version, records.records('team'));
    return known;
  };
  const change = async (id: string, act: (team: Team) => Team): Promise<'changed' | 'unknown'> => {
    if (!TEAM_ID.test(id)) return 'unknown';
    return records.changeRecord('team', id, (value) => {
      const team = readTeam(id, value);
      return team === undefined ? (value as object) : teamRecord(act(team));
    });
  };
  const owned = (personId: string): number =>
    (index().byPerson.get(personId) ?? []).filter((team) => roleIn(team, personId) === 'owner').length;

  return {
    team: (id) => index().byId.get(id),
    all: () => byName(index().all),
    ofPerson: (personId) => byName(index().byPerson.get(personId)),
    ofSite: (site) => byName(index().bySite.get(site)),
    roleOn(personId, site) {
      const { roles, byPerson } = index();
      let ofPerson = roles.get(personId);
      if (ofPerson === undefined) {
        ofPerson = rolesOf(personId, byPerson.get(personId));
        roles.set(personId, ofPerson);
      }
      return ofPerson.get(site);
    },
    async create(name, ownerId) {
      if (owned(ownerId) >= TEAMS_OWNED_MAX) return 'too-many';
      const id = randomBytes(8).toString('hex');
      const fields = { name, members: { [ownerId]: 'owner' as const }, sites: [], createdAtMs: nowMs() };
      await records.addRecord('team', id, fields);
      // the person may have created others at the same time
      await records.refresh();
      if (owned(ownerId) <= TEAMS_OWNED_MAX) return { id, ...fields };
      await records.changeRecord('team', id, () => undefined);
      return 'too-many';
    },
    rename: (id, name) => change(id, (team) => ({ ...team, name })),
    async addSite(id, site) {
      let isFull = false;
      const outcome = await change(id, (team) => {
        const isNew = !team.sites.includes(site);
        isFull = isNew && team.sites.length >= TEAM_SITES_MAX;
        return isFull || !isNew ? team : { ...team, sites: [...team.sites, site] };
      });
      return isFull ? 'full' : outcome;
    },
    removeSite: (id, site) => change(id, (team) => ({ ...team, sites: team.sites.filter((one) => one !== site) })),
    async remove(id) {
      return TEAM_ID.test(id) ? records.changeRecord('team', id, () => undefined) : 'unknown';
    },
  };
}

/** Records of MongoDB are the same objects until they change, so that they are checked once. */
const read = new WeakMap<object, Team>();

function teamOf(id: string, value: unknown): Team | undefined {
  const before = typeof value === 'object' && value !== null ? read.get(value) : undefined;
  if (before !== undefined) return before;
  const team = readTeam(id, value);
  if (team !== undefined) read.set(value as object, team);
  return team;
}

function indexOf(version: number, stored: ReadonlyArray<readonly [id: string, value: unknown]>): Index {
  const all = stored.flatMap(([id, value]) => teamOf(id, value) ?? []);
  const byPerson = new Map<string, Team[]>();
  const bySite = new Map<string, Team[]>();
  for (const team of all) {
    for (const person of Object.keys(team.members)) addTo(byPerson, person, team);
    for (const site of team.sites) addTo(bySite, site, team);
  }
  return { version, all, byId: new Map(all.map((team) => [team.id, team])), byPerson, bySite, roles: new Map() };
}

function byName(teams: readonly Team[] = []): readonly Team[] {
  return [...teams].sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

function addTo(map: Map<string, Team[]>, key: string, team: Team): void {
  const listed = map.get(key);
  if (listed === undefined) map.set(key, [team]);
  else listed.push(team);
}

function rolesOf(personId: string, teams: readonly Team[] | undefined): ReadonlyMap<string, SiteRole> {
  if (teams === undefined) return NO_ROLES;
  const roles = new Map<string, SiteRole>();
  for (const team of teams) {
    const role = roleIn(team, personId);
    for (const site of team.sites) roles.set(site, greaterRole(roles.get(site), role) as SiteRole);
  }
  return roles;
}
