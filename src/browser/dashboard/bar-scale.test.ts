import { describe, expect, it } from '@jest/globals';
import { barPart, gridOf, labelled, topOf } from './bar-scale.js';
import type { ChartPoint } from './points.js';

const point = (value: number | null, before?: number | null, label = ''): ChartPoint => ({
  label,
  name: label,
  values: [value],
  before,
});

describe('the scale of a chart', () => {
  it('ends above the highest value, of both ranges, and not below four', () => {
    expect(topOf([point(100), point(null, 200)], true)).toBeCloseTo(216);
    expect(topOf([point(2)], true)).toBe(4);
    expect(topOf([point(0), point(null)], true)).toBe(4);
    expect(topOf([], false)).toBe(4);
    // a single view is no rate: lines at parts of a view would all be labelled 0 or 1
    expect(topOf([point(1)], true)).toBe(4);
  });

  it('of a rate ends above 100 %', () => {
    expect(topOf([point(0.3), point(1)], false)).toBe(1.08);
  });

  it('has lines at round values, which are not too close to each other', () => {
    expect(gridOf(4)).toEqual([0, 1, 2, 3, 4]);
    expect(gridOf(1.08)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(gridOf(108)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(gridOf(2_160)).toEqual([0, 500, 1_000, 1_500, 2_000]);
    for (let top = 4; top < 1e9; top *= 1.37) expect(gridOf(top).length).toBeLessThanOrEqual(7);
  });

  it('has bars that fill most of their place, but are never very wide', () => {
    expect(barPart(24, 800)).toBeCloseTo(0.03);
    expect(barPart(1, 880)).toBeCloseTo(0.05);
  });

  it('labels as many bars as there is room for, at equal distances', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => point(1, undefined, String(hour).padStart(2, '0')));
    expect(labelled(hours, 1_200)).toHaveLength(24);
    expect(labelled(hours, 260)).toEqual([0, 5, 10, 15, 20]);
    expect(labelled([], 260)).toEqual([]);
  });
});
