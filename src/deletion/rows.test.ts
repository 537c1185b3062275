import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RANKING, ROWS, compact, errorOf, row } from '../counters/cap.js';
import { Counters } from '../counters/counters.js';
import { mergeInto } from '../counters/merge.js';
import { rowsRemoved } from './rows.js';

const CAPS = { p: 8 };

describe('rows taken out of a capped map', () => {
  it('leave bounds of all others that hold, also of a key that comes again', () => {
    const key = fc.nat(30).map((n) => `/${Math.floor(n ** 1.4)}`);
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.array(key, { maxLength: 20 }) },
      { weight: 1, arbitrary: fc.constantFrom('/1*', '/*0', '/*') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let document = new Counters();
        const truth = new Map<string, number>();
        for (const one of steps) {
          if (typeof one === 'string') {
            const pattern = new RegExp(`^${one.replace('*', '.*')}$`);
            document = rowsRemoved('content.2026', document, CAPS, { kind: 'page', pattern: one }) ?? document;
            for (const path of truth.keys()) if (pattern.test(path)) truth.delete(path);
            expect([...document.below('p').below(ROWS).fields.keys()].filter((path) => pattern.test(path))).toEqual([]);
          } else {
            const delta = new Counters();
            for (const path of one) {
              row(delta, 'p', path).sum(RANKING);
              truth.set(path, (truth.get(path) ?? 0) + 1);
            }
            mergeInto(document, delta);
            compact(document.at('p'), CAPS.p);
          }
          const map = document.below('p');
          for (const [path, counted] of truth) {
            const known = map.below(ROWS).below(path).get(RANKING);
            expect(known).toBeLessThanOrEqual(counted);
            expect(counted).toBeLessThanOrEqual(known + errorOf(map, path, RANKING));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leave the tree that they were taken from as it was', () => {
    const document = new Counters();
    row(document, 'p', '/a').sum(RANKING);
    row(document, 'p', '/b').sum(RANKING);
    const changed = rowsRemoved('content.2026', document, CAPS, { kind: 'page', pattern: '/a' }) as Counters;
    expect([...changed.below('p').below(ROWS).fields.keys()]).toEqual(['/b']);
    expect([...document.below('p').below(ROWS).fields.keys()]).toEqual(['/a', '/b']);
    expect(rowsRemoved('content.2026', changed, CAPS, { kind: 'page', pattern: '/a' })).toBeUndefined();
    expect(rowsRemoved('referrers.2026', document, CAPS, { kind: 'page', pattern: '/a' })).toBeUndefined();
  });
});
