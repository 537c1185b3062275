import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../accounts/contract.js';
import { lastDayFor } from './import-from.js';

describe('the last day that is imported', () => {
  const site = { ...exampleSite, timezone: 'Pacific/Auckland', createdAtMs: Date.parse('2026-11-10T18:00:00Z') };
  const now = Date.parse('2026-11-20T18:00:00Z');

  it('is the one before the site was added, in its own time zone', () => {
    expect(lastDayFor(site, undefined, now)).toBe('2026-11-10');
  });

  it('is the one that was asked for, before or after', () => {
    expect(lastDayFor(site, '2026-11-15', now)).toBe('2026-11-15');
    expect(lastDayFor(site, '2020-01-01', now)).toBe('2020-01-01');
  });

  it('is never one that is not over', () => {
    expect(lastDayFor(site, '2026-11-21', now)).toBe('2026-11-20');
    expect(lastDayFor({ ...site, createdAtMs: now + 86_400_000 }, undefined, now)).toBe('2026-11-20');
  });
});
