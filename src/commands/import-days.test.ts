import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../store/contracts/accounts.js';
import { daysToCount, lastDayFor } from './import-days.js';

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

describe('the days of logs that are counted', () => {
  const script = [
    { day: '2026-11-10', views: 3 },
    { day: '2026-11-11', views: 4 },
    { day: '2026-11-20', views: 1 },
  ];
  const none = { script: [], tools: [] };

  it('are all, or those that were asked for, where nothing else has counted any', () => {
    expect(daysToCount({}, none, '2026-11-20')).toEqual({ days: undefined, warnings: [], question: undefined });
    const asked = { from: '2026-11-01', until: '2026-11-20' };
    expect(daysToCount(asked, none, undefined)).toEqual({ days: asked, warnings: [], question: undefined });
  });

  it('end before the first one that the script has counted, which is told and asked', () => {
    const { days, warnings, question } = daysToCount({}, { script, tools: [] }, undefined);
    expect(days).toEqual({ until: '2026-11-09' });
    expect(warnings).toEqual([
      'the script has counted 3 days from 2026-11-10 to 2026-11-20 already (8 views): lines from 2026-11-10 on are left out, since they are the same views; --until takes another last day',
    ]);
    expect(question).toMatch(/Leave out the log's lines from 2026-11-10 on/);
    expect(daysToCount({ from: '2026-11-12' }, { script, tools: [] }, undefined).days).toEqual({
      from: '2026-11-12',
      until: '2026-11-19',
    });
  });

  it('end there without a word where the log ends before', () => {
    expect(daysToCount({}, { script, tools: [] }, '2026-11-09')).toEqual({
      days: { until: '2026-11-09' },
      warnings: [],
      question: undefined,
    });
  });

  it('are those that were asked for although the script has counted them, with a warning', () => {
    const { days, warnings, question } = daysToCount({ until: '2026-11-10' }, { script, tools: [] }, undefined);
    expect([days, question]).toEqual([{ until: '2026-11-10' }, undefined]);
    expect(warnings).toEqual([expect.stringMatching(/^the script has counted 2026-11-10 already \(3 views\): as --until says/)]);
  });

  it('are none that another tool has told, unless days were asked for', () => {
    const tools = [{ tool: 'matomo', days: [{ from: '2025-01-01', to: '2025-12-31' }] }];
    const left = daysToCount({}, { script: [], tools }, undefined);
    expect(left.days).toEqual({ without: tools[0]?.days });
    expect(left.warnings).toEqual([
      expect.stringMatching(/^2025-01-01 to 2025-12-31 are counted as Matomo has told: .* left out/),
    ]);
    const asked = daysToCount({ from: '2025-06-01' }, { script: [], tools }, undefined);
    expect(asked.days).toEqual({ from: '2025-06-01' });
    expect(asked.warnings).toEqual([expect.stringMatching(/are counted as well$/)]);
  });
});
