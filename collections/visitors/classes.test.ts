import { describe, expect, it } from '@jest/globals';
import { dayClasses, visitClasses } from './classes.js';

describe('the classes', () => {
  it('name visits by the numbers in them', () => {
    expect(visitClasses([1, 2, 3, 6, 101])).toEqual(['Visit 1', 'Visit 2', 'Visits 3–5', 'Visits 6–100', 'Visits 101 and later']);
  });

  it('name the time between visits by the days in them', () => {
    expect(dayClasses([0, 1, 2, 3, 7, 120])).toEqual([
      'Less than a day before',
      'One day before',
      '2 days before',
      '3–6 days before',
      '7–119 days before',
      '120 or more days before',
    ]);
  });
});
