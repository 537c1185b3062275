import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DOCUMENT_KINDS } from '../../../collections/documents.js';
import { type Countable, type Countables, foldAll, isHit, parsedRequest, plainHit } from '../../../test/fixtures/hits.js';
import { plain } from '../../../test/fixtures/trees.js';
import { Counters } from '../../counters/counters.js';
import { mergeInto } from '../../counters/merge.js';
import type { Hit } from '../../hit/hit.js';
import { remainingDeltas } from '../../operations/delete/import-filter.js';
import { removeRows } from '../../operations/delete/remove-rows.js';
import { collectionName, type Delta } from '../../store/documents.js';
import type { Deleted, Tombstone } from '../../store/tombstones.js';
import { createFold } from '../fold.js';
import { createDeletionFilter, type DeletionFilter } from './filter.js';
import { matches } from './pattern.js';

const until = (deleted: Deleted, receivedUntilMs = 1000, site = 'one'): Tombstone => ({
  id: 'd',
  site,
  deleted,
  receivedUntilMs,
});

function foldOf(list: Countables): Delta[] {
  const fold = createFold(DOCUMENT_KINDS);
  foldAll(fold, list);
  return fold.deltas();
}

/** The hits and observations that remain. */
const remaining = (list: readonly Countable[], filter: DeletionFilter): Countable[] =>
  list.map((one) => (isHit(one) ? filter.hit(one) : filter.observation(one))).filter((one) => one !== undefined);

const documentsOf = (deltas: readonly Delta[]) =>
  Object.fromEntries(
    deltas
      .filter(({ counters }) => counters.fields.size > 0)
      .map(({ collection, id, counters }) => [`${collection}/${id}`, plain(counters)])
      .sort(),
  );

describe('a pattern', () => {
  it('is a text in which stars match any text', () => {
    const cases: Array<[pattern: string, text: string, isMatch: boolean]> = [
      ['/a', '/a', true],
      ['/a', '/ab', false],
      ['/a/*', '/a/', true],
      ['/a/*', '/a', false],
      ['*', '', true],
      ['/*/edit', '/x/y/edit', true],
      ['/*/edit', '/edit', false],
      ['a*a', 'a', false],
      ['a*b*c', 'aXbYbc', true],
      ['a*bc*c', 'abc', false],
      ['/a?.+(x)', '/a?.+(x)', true],
      ['/a.b', '/axb', false],
    ];
    for (const [pattern, text, isMatch] of cases)
      expect([pattern, text, matches(pattern, text)]).toEqual([pattern, text, isMatch]);
  });

  it('matches the same texts as the corresponding regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(letters, text, (pattern, text) => {
        expect(matches(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is matched fast even if it is malicious', () => {
    const began = performance.now();
    expect(matches('*a'.repeat(200), `${'a'.repeat(100_000)}b`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(10_000); // by trying all possibilities, it would never end
  });
});

describe('a tombstone', () => {
  const hit = (changes: Partial<Hit> = {}, receivedAtMs = 500) =>
    plainHit(Date.parse('2026-11-20T10:00:00Z'), { ...changes, receivedAtMs });

  it('for a site deletes all its hits, whenever they are received, and nothing of other sites', () => {
    const filter = createDeletionFilter([until({ kind: 'site' })]);
    expect(filter.hit(hit({}, 5000))).toBeUndefined();
    const other = hit({ site: 'one-more' });
    expect(filter.hit(other)).toBe(other);
    expect(filter.keepsRefusal({ site: 'one', day: '2026-11-20', receivedAtMs: 5000, reason: 'bot', hits: 1 })).toBe(false);
    expect(
      filter.keepsPoint({ site: 'one', day: '2026-11-20', receivedAtMs: 0, sketch: 'first', register: 1, rank: 1 }, 5000),
    ).toBe(false);
  });

  it('for a period deletes everything for its days that was received before the deletion', () => {
    const filter = createDeletionFilter([until({ kind: 'period', from: '2026-11-19', to: '2026-11-20' })]);
    expect(filter.hit(hit())).toBeUndefined();
    const later = hit({}, 1001);
    expect(filter.hit(later)).toBe(later);
    const step = { kind: 'step', site: 'one', hour: '23', seconds: 60, from: '/a', to: '/b', afterEntry: true } as const;
    expect(filter.observation({ ...step, day: '2026-11-20', receivedAtMs: 500 })).toBeUndefined();
    for (const [day, receivedAtMs] of [
      ['2026-11-21', 500],
      ['2026-11-20', 1001],
    ] as const) {
      const stays = { ...step, day, receivedAtMs };
      expect(filter.observation(stays)).toBe(stays);
    }
    const point = { site: 'one', day: '2026-11-20', receivedAtMs: 0, sketch: 'first' as const, register: 1, rank: 1 };
    expect([1000, 1001].map((receivedAtMs) => filter.keepsPoint(point, receivedAtMs))).toEqual([false, true]);
  });

  it('for pages removes the page from a view, so that totals do not change', () => {
    const filter = createDeletionFilter([until({ kind: 'page', pattern: '/private*' })]);
    const list = [hit({ path: '/private/1', title: 'Secret' }), hit({ path: '/' })];
    const kept = list.map((one) => filter.hit(one) as Hit);
    expect(JSON.stringify(kept)).not.toMatch(/private|Secret/);
    expect(kept.map((one) => filter.hit(one))).toEqual(kept);
    const content = foldOf(kept).find(({ collection }) => collection === 'content.2026')?.counters as Counters;
    expect(content.get('v')).toBe(2);
    expect([...content.below('p').below('r').fields.keys()]).toEqual(['/']);
  });

  it('has the same effect on a hit as on the documents that the hit was counted into', () => {
    const kinds: fc.Arbitrary<Deleted> = fc.oneof(
      fc.constantFrom<Deleted>(
        { kind: 'page', pattern: '/*' },
        { kind: 'page', pattern: '*a*' },
        { kind: 'referrer', pattern: '*.example*' },
      ),
      fc.constantFrom<Deleted>({ kind: 'referrer', pattern: '*o*/*' }, { kind: 'page', pattern: '/' }),
    );
    fc.assert(
      fc.property(fc.array(parsedRequest, { maxLength: 30 }), kinds, (lists, deleted) => {
        const list = lists.flat();
        for (const site of new Set(list.map(({ site }) => site))) {
          const tombstone = until(deleted, Number.MAX_SAFE_INTEGER, site);
          const filter = createDeletionFilter([tombstone]);
          const before = foldOf(list).map((delta) =>
            delta.id.startsWith(`${site}:`)
              ? { ...delta, counters: removeRows(delta.collection, delta.counters, delta.caps, deleted) ?? delta.counters }
              : delta,
          );
          const after = foldOf(remaining(list, filter));
          expect(documentsOf(after)).toEqual(documentsOf(before));
        }
      }),
    );
  });
});

describe('an import', () => {
  it('does not count the days of a deleted period, nor their part of the months', () => {
    fc.assert(
      fc.property(fc.array(parsedRequest, { maxLength: 30 }), (lists) => {
        const all = lists.flat().map((one): Countable => ({ ...one, receivedAtMs: 1_800_000_000_000 }));
        const tombstone = until(
          { kind: 'period', from: '2026-03-29', to: '2026-10-24' },
          1_800_000_000_000,
          all[0]?.site ?? 'one',
        );
        const filter = createDeletionFilter([tombstone]);
        const kept = remainingDeltas(foldOf(all), [tombstone], 1_800_000_000_000);
        const stay = remaining(all, filter);
        expect(documentsOf(kept)).toEqual(documentsOf(foldOf(stay)));
        expect(documentsOf(remainingDeltas(foldOf(all), [tombstone], 1_800_000_000_001))).toEqual(documentsOf(foldOf(all)));
      }),
    );
  });

  it('is refused once the site is deleted', () => {
    const deltas = foldOf([plainHit(5)]);
    expect(() => remainingDeltas(deltas, [until({ kind: 'site' })], 5)).toThrow('the site "one" was deleted');
    expect(remainingDeltas(deltas, [until({ kind: 'site' }, 5, 'on')], 5)).toBe(deltas);
  });

  it('does not count deleted rows', () => {
    const counters = new Counters();
    mergeInto(
      counters,
      foldOf([plainHit(5, { path: '/a' })]).find(({ collection }) => collection === collectionName('content', '1970'))
        ?.counters as Counters,
    );
    const [delta] = remainingDeltas(
      [{ collection: 'content.1970', id: 'one:1970-01', counters, caps: { p: 10 } }],
      [until({ kind: 'page', pattern: '/a' })],
      5,
    );
    expect(delta?.counters.get('v')).toBe(1);
    expect([...(delta?.counters.below('p').below('r').fields.keys() ?? [])]).toEqual([]);
    expect([...counters.below('p').below('r').fields.keys()]).toEqual(['/a']); // the caller's counters are unchanged
  });
});
