import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answers, askForLists, createAskForBefore, partWithDetails } from './ask.js';

const PART = { here: { from: '2026-09-01', to: '2026-11-29' }, there: { from: '2026-06-03', to: '2026-08-31' } };

describe('the reports that are compared', () => {
  const { fetch } = globalThis;
  beforeEach(() => {
    Object.assign(globalThis, { document: { body: { dataset: {} } } });
  });
  afterEach(() => {
    Object.assign(globalThis, { fetch });
    Reflect.deleteProperty(globalThis, 'document');
  });

  it('are each compared by itself, since some are kept by the day for longer than others', async () => {
    globalThis.fetch = (async (address: string) => {
      const { searchParams } = new URL(address, 'http://here.example');
      const range = { from: searchParams.get('from') as string, to: searchParams.get('to') };
      const isOld = range.from < '2026-09-01';
      const whole = { ...range, resolution: 'day' };
      return Response.json({
        traffic: whole,
        content: isOld ? { ...range, from: '2026-06-01', resolution: 'month' } : whole,
        sources: isOld ? { ...whole, expired: [PART.there] } : whole,
      });
    }) as typeof fetch;
    const ask = createAskForBefore(askForLists('garden'), ['traffic', 'content', 'sources']);
    const { here, there, nowLists, beforeLists } = await ask(PART, '2026-11-30', {} as Answers);
    expect({ here, there }).toEqual(PART);
    expect(nowLists).toEqual({ traffic: { ...PART.here, resolution: 'day' } });
    expect(beforeLists).toEqual({ traffic: { ...PART.there, resolution: 'day' } });
  });
});

describe('the part of a range of which the details of a page are asked for', () => {
  const today = '2026-11-30';

  it('is all of it, up to 100 days', () => {
    expect(partWithDetails({ from: '2026-08-23', to: today }, today)).toBe(undefined);
    expect(partWithDetails({ from: '2025-01-01', to: '2025-01-31' }, today)).toBe(undefined);
  });

  it('is its last 100 days if it is longer, and not in the future', () => {
    expect(partWithDetails({ from: '2026-01-01', to: '2026-12-31' }, today)).toEqual({ from: '2026-08-23', to: today });
    expect(partWithDetails({ from: '2026-01-01', to: '2026-11-20' }, today)).toEqual({ from: '2026-08-13', to: '2026-11-20' });
    const year = { from: '2027-01-01', to: '2027-12-31' };
    expect(partWithDetails(year, '2027-01-05')).toEqual({ from: '2027-01-01', to: '2027-01-05' });
  });
});
