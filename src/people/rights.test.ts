import { describe, expect, it } from '@jest/globals';
import type { Person } from './person.js';
import { includes, mayCreateSite, rightOf } from './rights.js';

const person = (fields: Partial<Person>): Person => ({
  ...{ id: 'a1', name: 'Anna', email: 'anna@example.com', password: '', sessions: [], createdAtMs: 1 },
  ...{ isOperator: false, sitesMax: 0, sites: {} },
  ...fields,
});

describe('the right of a person on a site', () => {
  it('follows from the role, and is none on other sites', () => {
    const anna = person({ sites: { garden: 'owner', shop: 'editor', blog: 'viewer' } });
    expect(['garden', 'shop', 'blog', 'other'].map((site) => rightOf(anna, site))).toEqual(['own', 'edit', 'view', undefined]);
  });

  it('is everything for an operator', () => {
    expect(rightOf(person({ isOperator: true, sites: { garden: 'viewer' } }), 'garden')).toBe('own');
  });

  it.each(['constructor', '__proto__', 'toString'])('is none on a site named %s that the person has no role for', (site) => {
    expect(rightOf(person({}), site)).toBeUndefined();
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
