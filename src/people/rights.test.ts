import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordsInMemory } from '../../test/fixtures/records.js';
import type { Person } from './person.js';
import { SITE_ROLES } from './person.js';
import { includes, mayCreateSite, ownsDirectly, RIGHTS, rightOf } from './rights.js';
import { createTeams } from './teams.js';

const person = (fields: Partial<Person>): Person => ({
  ...{ id: 'a1', name: 'Anna', email: 'anna@example.com', password: '', sessions: [], createdAtMs: 1 },
  ...{ isOperator: false, sitesMax: 0, sites: {} },
  ...fields,
});

const PEOPLE: readonly string[] = ['anna', 'bob', 'carl', 'constructor', 'toString'];
const SITES: readonly string[] = ['garden', 'moon', 'shop', 'constructor'];
const NO_TEAMS = { roleOn: () => undefined };

describe('the right of a person on a site', () => {
  it('follows from the role, and is none on other sites', () => {
    const anna = person({ sites: { garden: 'owner', shop: 'editor', blog: 'viewer' } });
    expect(['garden', 'shop', 'blog', 'other'].map((site) => rightOf(anna, site, NO_TEAMS))).toEqual([
      'own',
      'edit',
      'view',
      undefined,
    ]);
  });

  it('is everything for an operator', () => {
    expect(rightOf(person({ isOperator: true, sites: { garden: 'viewer' } }), 'garden', NO_TEAMS)).toBe('own');
  });

  it.each(['constructor', '__proto__', 'toString'])('is none on a site named %s that the person has no role for', (site) => {
    expect(rightOf(person({}), site, NO_TEAMS)).toBeUndefined();
  });

  it('is the greatest of those by the own role and by each team of which both are', async () => {
    const names = fc.constantFrom(...PEOPLE);
    const sites = fc.constantFrom(...SITES);
    const role = fc.constantFrom(...SITE_ROLES);
    const team = fc.record({
      members: fc.array(fc.tuple(names, role), { maxLength: 4 }),
      sites: fc.array(sites, { maxLength: 3 }),
    });
    const world = fc.record({
      teams: fc.array(team, { maxLength: 5 }),
      own: fc.array(fc.tuple(names, sites, role), { maxLength: 6 }),
      operators: fc.uniqueArray(names, { maxLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ teams, own, operators }) => {
        const records = recordsInMemory();
        for (const [i, one] of teams.entries()) {
          const members = Object.fromEntries(one.members);
          await records.addRecord('team', `team-${i}`, { name: 'T', members, sites: one.sites, createdAtMs: 1 });
        }
        const index = createTeams(records, () => 1);
        for (const id of PEOPLE) {
          const roles = own.flatMap(([who, site, of]) => (who === id ? [[site, of] as const] : []));
          const isOperator = operators.includes(id);
          const one = person({ id, isOperator, sites: Object.fromEntries(roles) });
          for (const site of SITES) {
            // as slowly and as plainly as possible
            const direct = roles.findLast(([where]) => where === site)?.[1];
            const given = teams
              .filter((group) => group.sites.includes(site))
              .map(({ members }) => members.findLast(([who]) => who === id)?.[1]);
            const ranks = [direct, ...given].map((of) => ['viewer', 'editor', 'owner'].indexOf(of ?? ''));
            const expected = isOperator ? 'own' : RIGHTS[Math.max(...ranks)];
            expect(rightOf(one, site, index)).toBe(expected);
            expect(ownsDirectly(one, site)).toBe(isOperator || direct === 'owner');
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('includes the lesser rights', () => {
    expect([includes('own', 'view'), includes('edit', 'edit'), includes('view', 'edit'), includes(undefined, 'view')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a person', () => {
  it('may create a site while owning fewer than the limit; sites of others do not count', () => {
    const sites = { a: 'owner', b: 'editor', c: 'viewer' } as const;
    expect(mayCreateSite(person({ sites, sitesMax: 1 }))).toBe(false);
    expect(mayCreateSite(person({ sites, sitesMax: 2 }))).toBe(true);
    expect(mayCreateSite(person({ sitesMax: 0 }))).toBe(false);
    expect(mayCreateSite(person({ isOperator: true, sites, sitesMax: 0 }))).toBe(true);
  });
});
