import { describe, expect, it } from '@jest/globals';
import { exampleSite } from '../store/contracts/accounts.js';
import { daysToCount, lastDayFor } from './import-days.js';

describe('the last day that is imported', () => {
  const site = { ...exampleSite, timezone: 'Pacific/Auckland', createdAtMs: Date.parse('2026-11-10T18:00:00Z') };
  const now = Date.parse('2026-11-20T18:00:00Z');

  it('is the day before the site was added, in its own time zone', () => {
    expect(lastDayFor(site, undefined, now)).toBe('2026-11-10');
  });

  it('is the requested one, earlier or later', () => {
    expect(lastDayFor(site, '2026-11-15', now)).toBe('2026-11-15');
    expect(lastDayFor(site, '2020-01-01', now)).toBe('2020-01-01');
  });

  it('is never a day that is not over', () => {
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

  it('are all days or the requested ones if nothing else has counted any', () => {
    expect(daysToCount({}, none, '2026-11-20')).toEqual({ days: undefined, warnings: [], question: undefined });
    const asked = { from: '2026-11-01', until: '2026-11-20' };
    expect(daysToCount(asked, none, undefined)).toEqual({ days: asked, warnings: [], question: undefined });
  });

  it('end before the first day that the script has counted, with a warning or a question', () => {
    const { days, warnings, question } = daysToCount({}, { script, tools: [] }, undefined);
    expect(days).toEqual({ until: '2026-11-09' });
    expect(warnings).toEqual([
      'the script has counted 3 days from 2026-11-10 to 2026-11-20 already (8 views): lines from 2026-11-10 on are left out, ' +
        'because they are the same views; use --until to choose another last day',
    ]);
    expect(question).toMatch(/Leave out the log's lines from 2026-11-10 on/);
    expect(daysToCount({ from: '2026-11-12' }, { script, tools: [] }, undefined).days).toEqual({
      from: '2026-11-12',
      until: '2026-11-19',
    });
  });

  it('end there without a warning if the log ends before', () => {
    expect(daysToCount({}, { script, tools: [] }, '2026-11-09')).toEqual({
      days: { until: '2026-11-09' },
      warnings: [],
      question: undefined,
    });
  });

  it('are the requested ones although the script has counted them, with a warning', () => {
    const { days, warnings, question } = daysToCount({ until: '2026-11-10' }, { script, tools: [] }, undefined);
    expect([days, question]).toEqual([{ until: '2026-11-10' }, undefined]);
    expect(warnings).toEqual([
      expect.stringMatching(/^the script has counted 2026-11-10 already \(3 views\): because of --until,/),
    ]);
  });

  it('exclude days that another tool has counted, unless days were requested', () => {
    const tools = [{ tool: 'matomo', days: [{ from: '2025-01-01', to: '2025-12-31' }] }];
    const left = daysToCount({}, { script: [], tools }, undefined);
    expect(left.days).toEqual({ without: tools[0]?.days });
    expect(left.warnings).toEqual([
      expect.stringMatching(/^2025-01-01 to 2025-12-31 are counted from an export of Matomo: .* left out/),
    ]);
    const asked = daysToCount({ from: '2025-06-01' }, { script: [], tools }, undefined);
    expect(asked.days).toEqual({ from: '2025-06-01' });
    expect(asked.warnings).toEqual([expect.stringMatching(/are counted too$/)]);
  });
});
