import { describe, expect, it } from '@jest/globals';
import { axisText, change, dayName, duration, hourLabel, hourName, rate, sourceName, timeName } from './format.js';

describe('the format of numbers', () => {
  it.each([
    [null, '–'],
    [0, '0s'],
    [4.24, '4.2s'],
    [9.96, '10s'],
    [59.6, '1m'],
    [125, '2m 5s'],
    [3599.7, '1h'],
    [3840, '1h 4m'],
  ])('shows %p seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('shows rates in per cent, and changes with a sign', () => {
    expect([rate(0.557), rate(null), change(0.034), change(-0.5)]).toEqual(['56%', '–', '+3%', '−50%']);
  });

  it('shows the numbers at an axis exactly, and none between two whole ones', () => {
    expect([750, 1250, 1500, 12_500, 0.5].map(axisText)).toEqual(['750', '1.25k', '1.5k', '12.5k', '']);
  });

  it('shows the medium of a source without a name', () => {
    expect([sourceName('(direct)'), sourceName('Google')]).toEqual(['Direct or unknown', 'Google']);
  });
});

describe('the format of times', () => {
  it('is that of Britain where the reader has no other', () => {
    expect([dayName('2026-11-20'), timeName('14:05'), hourName('02+'), hourLabel('14')]).toEqual([
      'Fri 20 November',
      '14:05',
      '02:00 (again)',
      '14',
    ]);
  });
});
