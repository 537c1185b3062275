import { describe, expect, it } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { recordsInMemory } from '../../test/fixtures/records.js';
import { DAY_MS } from '../time/units.js';
import { FIRST_ID } from './directory.js';
import type { Grant, Invitation } from './invitations.js';
import { createPeople } from './people.js';
import type { Person } from './person.js';

const ANNA = { name: 'Anna', email: 'anna@example.com', password: 'correct horse battery' };
const FIELDS = { name: 'Bert', password: 'another long password' };
const NOTHING: Grant = { sites: {}, isOperator: false, sitesMax: 0 };

async function setUp() {
  const records = recordsInMemory();
  const clock = { nowMs: Date.parse('2026-11-20T12:00:00Z') };
  const people = createPeople(records, () => clock.nowMs);
  await people.setUp(ANNA);
  const invite = async (grant: Partial<Grant> = {}, email = 'bert@example.com') => {
    const secret = await people.invitations.create({ ...NOTHING, ...grant, email, invitedBy: 'Anna' });
    return { secret, invitation: people.invitations.find(secret) as Invitation };
  };
  return { records, clock, invite, ...people };
}

describe('an invitation', () => {
  it('gives a new person the rights that it names, once', async () => {
    const { invitations, directory, sessions, invite } = await setUp();
    const { secret, invitation } = await invite({ sites: { garden: 'editor' }, sitesMax: 3 });
    expect(invitation).toMatchObject({ email: 'bert@example.com', invitedBy: 'Anna', sites: { garden: 'editor' } });
    const bert = await invitations.acceptAsNew(invitation, FIELDS);
    expect(bert).toMatchObject({ name: 'Bert', email: 'bert@example.com', isOperator: false, sitesMax: 3 });
    expect(directory.byEmail('bert@example.com')?.sites).toEqual({ garden: 'editor' });
    expect(await sessions.signIn('bert@example.com', FIELDS.password, 'Firefox')).toBeDefined();
    expect(invitations.find(secret)).toBeUndefined();
    expect(invitations.pending()).toEqual([]);
    expect(await invitations.acceptAsNew(invitation, FIELDS)).toBeUndefined();
  });

  it('that is accepted twice at the same time creates one person', async () => {
    const { invitations, directory, invite } = await setUp();
    const { invitation } = await invite({ isOperator: true });
    const accepted = await Promise.all(
      ['Bert', 'Bart', 'Burt'].map((name) => invitations.acceptAsNew(invitation, { ...FIELDS, name })),
    );
    const [bert, ...more] = accepted.filter((person) => person !== undefined);
    expect(more).toEqual([]);
    expect(directory.all().map(({ name }) => name)).toEqual(['Anna', bert?.name]);
    expect(directory.byEmail('bert@example.com')).toEqual(bert);
  });

  it('for an address that has an account creates no second one', async () => {
    const { invitations, directory, invite } = await setUp();
    const { invitation, secret } = await invite({}, ANNA.email);
    expect(await invitations.acceptAsNew(invitation, FIELDS)).toBeUndefined();
    expect(directory.all()).toHaveLength(1);
    expect(invitations.find(secret)).toBeDefined(); // Anna may still accept it after signing in
  });

  it('adds rights to an account, and never takes one away', async () => {
    const { invitations, directory, invite } = await setUp();
    const first = await invite({ sites: { garden: 'owner', shop: 'viewer' }, isOperator: true, sitesMax: 5 });
    await invitations.acceptAsNew(first.invitation, FIELDS);
    const bert = () => directory.byEmail('bert@example.com') as Person;
    const second = await invite({ sites: { garden: 'viewer', shop: 'editor', blog: 'viewer' }, sitesMax: 2 });
    await invitations.acceptAs(second.invitation, bert());
    expect(bert()).toMatchObject({
      sites: { garden: 'owner', shop: 'editor', blog: 'viewer' },
      isOperator: true,
      sitesMax: 5,
    });
    expect(invitations.find(second.secret)).toBeUndefined();
  });

  it('sets a limit of hits for somebody who could create no site before, and lowers no limit', async () => {
    const { invitations, directory, invite } = await setUp();
    await invitations.acceptAsNew((await invite({ sites: { garden: 'viewer' } })).invitation, FIELDS);
    const bert = () => directory.byEmail('bert@example.com') as Person;
    const accept = async (grant: Partial<Grant>) => {
      await invitations.acceptAs((await invite(grant)).invitation, bert());
      return bert().hitsMax;
    };
    expect(await accept({ sitesMax: 1, hitsMax: 1000 })).toBe(1000);
    expect(await accept({ sitesMax: 1, hitsMax: 500 })).toBe(1000);
    expect(await accept({ sitesMax: 2, hitsMax: 2000 })).toBe(2000);
    expect(await accept({ sites: { shop: 'editor' } })).toBe(2000);
    await directory.change(bert().id, (person) => ({ ...person, hitsMax: undefined }));
    expect(await accept({ sitesMax: 3, hitsMax: 5 })).toBeUndefined();
  });

  it('can be withdrawn, also while somebody accepts it', async () => {
    const { invitations, directory, invite } = await setUp();
    const { invitation, secret } = await invite();
    await invitations.withdraw(invitation.id);
    expect(invitations.find(secret)).toBeUndefined();
    expect(await invitations.acceptAsNew(invitation, FIELDS)).toBeUndefined();
    await invitations.withdraw(invitation.id);
    expect(directory.all()).toHaveLength(1);
  });

  it('that is withdrawn while the password of the new person is hashed creates nobody', async () => {
    const { invitations, directory, invite } = await setUp();
    const { invitation } = await invite({ isOperator: true });
    const accepting = invitations.acceptAsNew(invitation, FIELDS);
    await invitations.withdraw(invitation.id);
    expect(await accepting).toBeUndefined();
    expect(directory.all()).toHaveLength(1);
  });

  it('gives rights to one of several people who accept it at the same time', async () => {
    const { invitations, directory, invite } = await setUp();
    for (const id of ['carl', 'dora']) await directory.add(personOf(id));
    const { invitation } = await invite({ isOperator: true });
    const outcomes = await Promise.all([
      ...['carl', 'dora'].map((id) => invitations.acceptAs(invitation, personOf(id))),
      invitations.acceptAsNew(invitation, FIELDS),
    ]);
    expect(outcomes).toEqual(['accepted', 'over', undefined]);
    expect(directory.all().filter(({ isOperator }) => isOperator)).toHaveLength(2);
    expect(invitations.pending()).toEqual([]);
  });

  it('expires after fourteen days, and is removed when the next one is created', async () => {
    const { invitations, records, clock, invite } = await setUp();
    const { secret, invitation } = await invite();
    clock.nowMs += 14 * DAY_MS - 1;
    expect(invitations.find(secret)).toBeDefined();
    clock.nowMs += 1;
    expect(invitations.find(secret)).toBeUndefined();
    expect(invitations.pending()).toEqual([]);
    expect(await invitations.acceptAsNew(invitation, FIELDS)).toBeUndefined();
    const next = await invite({}, 'carl@example.com');
    expect(records.records('invitation').map(([id]) => id)).toEqual([next.invitation.id]);
  });

  it('is found only by its secret, not by the hash that is stored', async () => {
    const { invitations, invite } = await setUp();
    const { secret, invitation } = await invite();
    for (const wrong of ['', secret.slice(1), `${secret}A`, invitation.id, '__proto__', `${FIRST_ID}.${secret}`]) {
      expect(invitations.find(wrong)).toBeUndefined();
    }
  });

  it('that is damaged or from a later version is not listed, and does not stop the others', async () => {
    const { invitations, records, invite } = await setUp();
    const later = { email: 'eve@example.com', sites: { garden: 'auditor' }, untilMs: Date.parse('2026-12-01') };
    await records.addRecord('invitation', 'later', later);
    await records.addRecord('invitation', 'damaged', {});
    const { invitation } = await invite();
    expect(invitations.pending()).toEqual([invitation]);
    expect(records.record('invitation', 'later')).toEqual(later);
  });
});
