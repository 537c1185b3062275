import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { personOf } from '../../test/fixtures/people.js';
import { createUsage, stateOfHits } from './usage.js';

const ANNA = personOf('anna', { sites: { garden: 'owner', shop: 'owner', blog: 'editor' } });

/** Sites with these hits, a clock, and the sites that were read. */
function start(hits: Record<string, number>, waitMs?: number) {
  const clock = { nowMs: 1_000_000 };
  const read: string[] = [];
  const state = { away: false, hangs: false };
  const hitsOfSite = async (site: string) => {
    read.push(site);
    if (state.hangs) await new Promise(() => {});
    if (state.away) throw new Error('the store is away');
    return hits[site] ?? 0;
  };
  const options = { nowMs: () => clock.nowMs, ...(waitMs !== undefined && { waitMs }) };
  return { clock, read, state, hits, ...createUsage(hitsOfSite, options) };
}

describe('the hits of a person', () => {
  it('are the sum of the sites that the person owns', async () => {
    const { hitsOf, read } = start({ garden: 5, shop: 7, blog: 100 });
    expect(await hitsOf(ANNA)).toBe(12);
    expect(read).toEqual(['garden', 'shop']);
    expect(await hitsOf(personOf('carl', { sites: { blog: 'viewer' } }))).toBe(0);
  });

  it('are read once a minute, also if several ask at the same time', async () => {
    const { hitsOf, read, hits, clock } = start({ garden: 5 });
    expect(await Promise.all([hitsOf(ANNA), hitsOf(ANNA)])).toEqual([5, 5]);
    hits.garden = 6;
    clock.nowMs += 59_000;
    expect(await hitsOf(ANNA)).toBe(5);
    expect(read.length).toBe(2);
    clock.nowMs += 1_000;
    expect(await hitsOf(ANNA)).toBe(6);
  });

  it('are read again when the person has another site', async () => {
    const { hitsOf } = start({ garden: 5, moon: 2 });
    await hitsOf(ANNA);
    expect(await hitsOf({ ...ANNA, sites: { ...ANNA.sites, moon: 'owner' } })).toBe(7);
  });

  it('are unknown while the store does not answer, and asked for again ten seconds later', async () => {
    const { hitsOf, state, read, clock } = start({ garden: 5 });
    state.away = true;
    expect(await hitsOf(ANNA)).toBeUndefined();
    expect(await hitsOf(ANNA)).toBeUndefined();
    expect(read.length).toBe(2);
    state.away = false;
    clock.nowMs += 10_000;
    expect(await hitsOf(ANNA)).toBe(5);
  });

  it('are the last known ones if reading takes longer than a page waits', async () => {
    const { hitsOf, state, clock } = start({ garden: 5 }, 5);
    await hitsOf(ANNA);
    clock.nowMs += 60_000;
    state.hangs = true;
    expect(await hitsOf(ANNA)).toBe(5);
  });

  it('are read from four sites at a time, so that the reports of readers do not wait', async () => {
    let [running, most] = [0, 0];
    const { hitsOf } = createUsage(
      async () => {
        most = Math.max(most, ++running);
        await nextTurn();
        running--;
        return 1;
      },
      { nowMs: () => 1 },
    );
    const owner = (id: string) =>
      personOf(id, { sites: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${id}-${i}`, 'owner'])) });
    expect(await Promise.all([hitsOf(owner('anna')), hitsOf(owner('bob'))])).toEqual([20, 20]);
    expect(most).toBe(4);
  });
});

describe('the limit of hits', () => {
  it.each([
    [79, 100, 'below'],
    [80, 100, 'near'],
    [99, 100, 'near'],
    [100, 100, 'reached'],
    [1_000, undefined, 'below'],
    [undefined, 1, 'below'],
  ] as const)('with %p hits of %p is %s', (hits, hitsMax, state) => {
    expect(stateOfHits(hits, hitsMax)).toBe(state);
  });
});
