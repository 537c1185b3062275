import { beforeEach, describe, expect, it } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { type RecordsInMemory, recordsInMemory } from '../../test/fixtures/records.js';
import { createPeople, type People } from './people.js';
import { removeSiteFromPeople } from './removed-site.js';
import { TEAM_MEMBERS_MAX, TEAM_SITES_MAX, TEAMS_OWNED_MAX, type Team } from './team.js';
import { deleteTeam, inviteToTeam } from './team-invitations.js';

let records: RecordsInMemory;
let people: People;
beforeEach(async () => {
  records = recordsInMemory();
  people = createPeople(records, () => 1000);
  for (const name of ['anna', 'bob', 'carl']) await people.directory.add(personOf(name));
});

const create = async (owner = 'anna', name = 'Gardeners') => (await people.teamChanges.create(name, owner)) as Team;
const now = ({ id }: Team) => people.teams.team(id) as Team;
/** Another process, which sees the same store. */
const otherProcess = () => createPeople(records, () => 1000);

describe('a team', () => {
  it('belongs to the person who creates it, and gives its members their role on its sites', async () => {
    const team = await create();
    expect(now(team)).toEqual({ id: team.id, name: 'Gardeners', members: { anna: 'owner' }, sites: [], createdAtMs: 1000 });
    await people.teamChanges.addSite(team.id, 'garden');
    await people.teamMembers.join(team.id, 'bob', 'editor');
    const roles = () => ['anna', 'bob', 'carl'].map((id) => people.teams.roleOn(id, 'garden'));
    expect(roles()).toEqual(['owner', 'editor', undefined]);
    expect([people.teams.ofSite('garden'), people.teams.ofPerson('bob')].flat().map(({ id }) => id)).toEqual([team.id, team.id]);
    await people.teamChanges.removeSite(team.id, 'garden');
    expect(roles()).toEqual([undefined, undefined, undefined]);
  });

  it('is renamed and deleted, and another process sees both', async () => {
    const team = await create();
    await people.teamChanges.rename(team.id, 'Friends');
    expect(
      otherProcess()
        .teams.all()
        .map(({ name }) => name),
    ).toEqual(['Friends']);
    expect(await people.teamChanges.remove(team.id)).toBe('changed');
    expect(otherProcess().teams.team(team.id)).toBeUndefined();
    expect(await people.teamChanges.rename(team.id, 'Foes')).toBe('unknown');
    for (const id of ['', '__proto__', 'x'.repeat(5000)]) expect(await people.teamChanges.addSite(id, 'garden')).toBe('unknown');
  });

  it('keeps the fields that a later version has added', async () => {
    const team = await create();
    await records.changeRecord('team', team.id, (value) => ({ ...(value as object), colour: 'green' }));
    await people.teamChanges.rename(team.id, 'Friends');
    await people.teamMembers.join(team.id, 'bob', 'viewer');
    expect(records.record('team', team.id)).toMatchObject({ name: 'Friends', colour: 'green', members: { bob: 'viewer' } });
  });

  it('whose record is damaged gives no rights, and stays as it is', async () => {
    const damaged = { name: 'X', members: { anna: 'emperor' }, sites: ['garden'], createdAtMs: 1 };
    await records.addRecord('team', 'a'.repeat(16), damaged);
    expect([people.teams.all(), people.teams.roleOn('anna', 'garden')]).toEqual([[], undefined]);
    await people.teamChanges.rename('a'.repeat(16), 'Y');
    expect(records.record('team', 'a'.repeat(16))).toEqual(damaged);
  });

  it('has a limited number of sites, and a person owns a limited number of teams, also with many requests at once', async () => {
    const team = await create();
    await records.changeRecord('team', team.id, (value) => {
      const sites = Array.from({ length: TEAM_SITES_MAX }, (_, i) => `site-${i}`);
      return { ...(value as object), sites };
    });
    expect(await people.teamChanges.addSite(team.id, 'garden')).toBe('full');
    expect(await people.teamChanges.addSite(team.id, 'site-7')).toBe('changed'); // it is there already
    expect(now(team).sites.length).toBe(TEAM_SITES_MAX);
    await Promise.all(Array.from({ length: TEAMS_OWNED_MAX + 20 }, () => otherProcess().teamChanges.create('T', 'anna')));
    expect(people.teams.ofPerson('anna').length).toBeLessThanOrEqual(TEAMS_OWNED_MAX);
    expect(await people.teamChanges.create('T', 'bob')).toMatchObject({ name: 'T' });
  });
});

describe('the members of a team', () => {
  it('keep an owner although two owners remove each other in two processes', async () => {
    const team = await create();
    await people.teamMembers.join(team.id, 'bob', 'owner');
    const outcomes = await Promise.all([
      people.teamMembers.change(team.id, 'bob', undefined),
      otherProcess().teamMembers.change(team.id, 'anna', 'viewer'),
    ]);
    expect(outcomes.sort()).toEqual(['changed', 'last-owner']);
    expect(Object.values(now(team).members)).toContain('owner');
  });

  it('cannot lose the only owner, and an owner without an account does not count', async () => {
    const team = await create();
    await people.teamMembers.join(team.id, 'bob', 'viewer');
    await people.teamMembers.join(team.id, 'nobody', 'owner');
    expect(await people.teamMembers.change(team.id, 'anna', 'editor')).toBe('last-owner');
    expect(await people.teamMembers.change(team.id, 'anna', undefined)).toBe('last-owner');
    expect(await people.teamMembers.change(team.id, 'bob', 'owner')).toBe('changed');
    expect(await people.teamMembers.change(team.id, 'anna', undefined)).toBe('changed');
    expect(await people.teamMembers.change(team.id, 'carl', 'owner')).toBe('unknown');
    expect(people.teamMembers.of(now(team)).map(({ person, role }) => [person.id, role])).toEqual([['bob', 'owner']]);
  });

  it('lose no right when they join again', async () => {
    const team = await create();
    await people.teamMembers.join(team.id, 'anna', 'viewer');
    await people.teamMembers.join(team.id, 'bob', 'viewer');
    await people.teamMembers.join(team.id, 'bob', 'editor');
    expect(now(team).members).toEqual({ anna: 'owner', bob: 'editor' });
  });

  it('leave when their account is deleted, and a team without anybody is deleted', async () => {
    const [alone, shared] = [await create(), await create()];
    await people.teamMembers.join(shared.id, 'bob', 'viewer');
    expect(people.teamMembers.onlyOwnedBy('anna').map(({ id }) => id)).toEqual([shared.id]);
    await people.directory.change('carl', (person) => ({ ...person, isOperator: true }));
    await people.operators.remove('anna');
    expect(people.teams.team(alone.id)).toBeUndefined();
    expect(now(shared).members).toEqual({ bob: 'viewer' });
  });

  it('lose the sites that were deleted, and their annotations are deleted', async () => {
    const team = await create();
    for (const site of ['garden', 'moon']) await people.teamChanges.addSite(team.id, site);
    for (const site of ['garden', 'moon']) await records.addRecord('annotations', site, { notes: [] });
    for (let n = 0; n < 2; n++) await removeSiteFromPeople(records, 'garden');
    expect(now(team).sites).toEqual(['moon']);
    expect(records.records('annotations').map(([site]) => site)).toEqual(['moon']);
  });
});

describe('an invitation to a team', () => {
  const inviting = async (team: Team, fields: { inviterId?: string; role?: 'owner' | 'viewer' } = {}) => {
    const { inviterId = 'anna', role = 'viewer' } = fields;
    const sent = await inviteToTeam(people, now(team), {
      email: 'dora@example.com',
      role,
      invitedBy: 'Anna',
      inviterId,
    });
    return sent === 'full' ? 'full' : sent.secret;
  };
  const find = (secret: string) => people.invitations.find(secret);

  it('makes somebody with or without an account a member', async () => {
    const team = await create();
    await people.invitations.acceptAs(find(await inviting(team)) as never, personOf('bob'));
    const dora = await people.invitations.acceptAsNew(find(await inviting(team)) as never, {
      name: 'Dora',
      password: 'a long password',
    });
    expect(now(team).members).toEqual({ anna: 'owner', bob: 'viewer', [dora?.id as string]: 'viewer' });
    expect(dora?.sites).toEqual({});
  });

  it('ends when its sender does not own the team any more, and with the team', async () => {
    const team = await create();
    await people.teamMembers.join(team.id, 'bob', 'owner');
    const [byAnna, byBob] = [await inviting(team), await inviting(team, { inviterId: 'bob' })];
    await people.teamMembers.change(team.id, 'anna', 'editor');
    expect([find(byAnna), find(byBob)?.teams]).toEqual([undefined, { [team.id]: 'viewer' }]);
    const withdrawn = await deleteTeam(people, team.id);
    expect(withdrawn.length).toBe(1);
    expect([find(byBob), people.teams.all()]).toEqual([undefined, []]);
  });

  it('cannot make the team too large', async () => {
    const team = await create();
    await records.changeRecord('team', team.id, (value) => {
      const members = Object.fromEntries(Array.from({ length: TEAM_MEMBERS_MAX - 2 }, (_, i) => [`p${i}`, 'viewer']));
      return { ...(value as object), members: { anna: 'owner', ...members } };
    });
    expect(await inviting(team)).not.toBe('full');
    expect(await inviting(team)).toBe('full');
  });

  it('to a site as its owner needs a sender who owns the site without a team', async () => {
    const team = await create();
    await people.teamChanges.addSite(team.id, 'garden');
    const invite = async (role: 'owner' | 'editor') =>
      (await people.members.invite('garden', { email: 'dora@example.com', role, invitedBy: 'Anna', inviterId: 'anna' })).secret;
    expect(find(await invite('editor'))).toBeDefined();
    const asOwner = await invite('owner');
    expect(find(asOwner)).toBeUndefined();
    await people.directory.change('anna', (person) => ({ ...person, sites: { garden: 'owner' } }));
    expect(find(asOwner)).toBeDefined();
  });
});
