import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Point } from '../hit/hit.js';
import { createRegisterReader, daysIn, openRegisters, registersBytes, removeDaysBefore } from './registers.js';

const DAY = '2026-11-20';
const point = (changes: Partial<Point> = {}): Point => ({
  ...{ site: 'one', day: DAY, receivedAtMs: Date.parse(DAY), sketch: 'first', register: 7, rank: 3 },
  ...changes,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hitherto-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const all = (): Point[] => {
  const reader = createRegisterReader(folder);
  return daysIn(folder).flatMap((day) => reader.sitesOf(day).flatMap((site) => reader.pointsOf(day, site)));
};

describe('registers', () => {
  it('contain the largest rank of each site, day, kind and register, also after a restart', () => {
    const some = fc.record({
      site: fc.constantFrom('one', 'one-more', 'x'.repeat(63).replace(/^x/, 'a')),
      day: fc.constantFrom('2026-11-19', DAY, '2026-11-21'),
      sketch: fc.constantFrom('first' as const, 'second' as const),
      register: fc.oneof(fc.constantFrom(0, 1, 4095), fc.nat(4095)),
      rank: fc.integer({ min: 1, max: 32 }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 60 }), fc.nat(60), (points, restartAfter) => {
        rmSync(join(folder, 'registers'), { recursive: true, force: true });
        const expected = new Map<string, number>();
        let registers = openRegisters(folder);
        for (const [i, one] of points.entries()) {
          if (i === restartAfter) {
            registers.close();
            registers = openRegisters(folder);
          }
          const key = [one.site, one.day, one.sketch, one.register].join(' ');
          const before = expected.get(key) ?? 0;
          expect(registers.raise(point(one))).toBe(one.rank > before);
          expected.set(key, Math.max(before, one.rank));
        }
        registers.close();
        const found = all().map(({ site, day, sketch, register, rank }) => [[site, day, sketch, register].join(' '), rank]);
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
        expect(found.length).toBe(expected.size);
      }),
      { numRuns: 60 },
    );
  });

  it('have the same bytes for any order of a site’s points', () => {
    const points = Array.from({ length: 30 }, (_, i) => point({ register: (i * 997) % 4096, rank: 1 + (i % 9) }));
    const bytesOf = (some: readonly Point[]) => {
      rmSync(join(folder, 'registers'), { recursive: true, force: true });
      const registers = openRegisters(folder);
      for (const one of some) registers.raise(one);
      registers.close();
      return readFileSync(join(folder, 'registers', DAY));
    };
    const forwards = bytesOf(points);
    expect(bytesOf([...points].reverse()).equals(forwards)).toBe(true);
    expect(bytesOf([...points, ...points]).equals(forwards)).toBe(true);
  });

  it('replace an incomplete slot that a full disk has left', () => {
    const registers = openRegisters(folder);
    registers.raise(point());
    registers.raise(point({ site: 'two' }));
    registers.close();
    const path = join(folder, 'registers', DAY);
    truncateSync(path, readFileSync(path).length - 100);
    const again = openRegisters(folder);
    expect(all().map(({ site }) => site)).toEqual(['one']);
    expect(again.raise(point({ site: 'two' }))).toBe(true);
    again.close();
    expect(
      all()
        .map(({ site }) => site)
        .sort(),
    ).toEqual(['one', 'two']);
  });

  it('can be erased by site and days, and raised again afterwards', () => {
    const registers = openRegisters(folder);
    for (const site of ['one', 'two']) for (const day of ['2026-11-19', DAY]) registers.raise(point({ site, day }));
    registers.forget('one', DAY, DAY);
    expect(
      all()
        .map(({ site, day }) => `${site} ${day}`)
        .sort(),
    ).toEqual(['one 2026-11-19', 'two 2026-11-19', `two ${DAY}`]);
    expect(registers.raise(point())).toBe(true);
    registers.forget('two', '0000-01-01', '9999-12-31');
    registers.close();
    expect(
      all()
        .map(({ site, day }) => `${site} ${day}`)
        .sort(),
    ).toEqual(['one 2026-11-19', `one ${DAY}`]);
    expect(
      readdirSync(join(folder, 'registers')).map((name) => readFileSync(join(folder, 'registers', name)).includes('two')),
    ).toEqual([false, false]);
  });

  it('are removed when their day is over in every time zone', () => {
    const registers = openRegisters(folder);
    for (const day of ['2026-11-19', DAY]) registers.raise(point({ day }));
    registers.close();
    removeDaysBefore(folder, Date.parse(`${DAY}T11:59:59Z`));
    expect(daysIn(folder)).toEqual(['2026-11-19', DAY]);
    removeDaysBefore(folder, Date.parse(`${DAY}T12:00:00Z`));
    expect(daysIn(folder)).toEqual([DAY]);
    expect(registersBytes(folder)).toBe(128 + 4096);
  });
});
