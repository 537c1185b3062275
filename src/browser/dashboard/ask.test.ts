import { describe, expect, it } from '@jest/globals';
import { partWithDetails } from './ask.js';

describe('the part of a range of which the details of a page are asked for', () => {
  const today = '2026-11-30';

  it('is all of it, up to 100 days', () => {
    expect(partWithDetails({ from: '2026-08-23', to: today }, today)).toBe(undefined);
    expect(partWithDetails({ from: '2025-01-01', to: '2025-01-31' }, today)).toBe(undefined);
  });

  it('is its last 100 days if it is longer, and not in the future', () => {
    expect(partWithDetails({ from: '2026-01-01', to: '2026-12-31' }, today)).toEqual({ from: '2026-08-23', to: today });
    expect(partWithDetails({ from: '2026-01-01', to: '2026-11-20' }, today)).toEqual({ from: '2026-08-13', to: '2026-11-20' });
  });
});
