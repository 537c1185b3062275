import { describe, expect, it } from '@jest/globals';
import { recordsInMemory } from '../../test/fixtures/records.js';
import { createPeople } from './people.js';

/** An installation with these operators, and Carl, who is none. */
async function withOperators(...names: string[]) {
  const people = createPeople(recordsInMemory(), () => 1);
  for (const name of [...names, 'carl']) {
    await people.directory.add({
      ...{ id: name, name, email: `${name}@example.com`, password: '', isOperator: names.includes(name) },
      ...{ sitesMax: 0, sites: {}, sessions: [], createdAtMs: 1 },
    });
  }
  const operators = () => people.directory.all().flatMap(({ id, isOperator }) => (isOperator ? [id] : []));
  return { ...people, listed: operators };
}

describe('operators', () => {
  it('can be demoted and removed while another one remains', async () => {
    const { operators, directory, listed } = await withOperators('anna', 'bert', 'dora');
    expect(await operators.demote('anna')).toBe('changed');
    expect(await operators.remove('bert')).toBe('changed');
    expect(listed()).toEqual(['dora']);
    expect(directory.all().map(({ id }) => id)).toEqual(['anna', 'carl', 'dora']);
  });

  it('cannot be demoted or removed if there is no other one', async () => {
    const { operators, listed } = await withOperators('anna');
    expect([await operators.demote('anna'), await operators.remove('anna')]).toEqual(['last-operator', 'last-operator']);
    expect(listed()).toEqual(['anna']);
    expect(await operators.remove('carl')).toBe('changed'); // is no operator
    expect(await operators.demote('nobody')).toBe('unknown');
    expect(await operators.remove('nobody')).toBe('unknown');
  });

  it('do not all disappear when they demote or remove each other at the same time', async () => {
    for (const act of ['demote', 'remove'] as const) {
      const { operators, listed } = await withOperators('anna', 'bert', 'dora');
      await Promise.all(['anna', 'bert', 'dora'].map((id) => operators[act](id)));
      expect(listed().length).toBeGreaterThan(0);
    }
  });
});
