import { describe, expect, it } from '@jest/globals';

// before the modules with the texts are loaded
Object.assign(globalThis, { LANGUAGE: 'de' });
const { change, duration, number, rangeName, rate, share, sourceName } = await import('./format.js');

/** Intl separates with spaces that do not break. */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ');

describe('a page in German', () => {
  it('writes numbers as people in Germany do', () => {
    expect([number(47_410), rate(0.12), change(0.034), share(1, 1000)].map(plain)).toEqual(['47.410', '12 %', '+3 %', '<1 %']);
  });

  it('writes durations', () => {
    expect([4.24, 42, 125, 3840].map((seconds) => plain(duration(seconds)))).toEqual(['4,2 s', '42 s', '2 min 5 s', '1 h 4 min']);
  });

  it('writes ranges of days', () => {
    const named = (from: string, to: string) => plain(rangeName({ from, to }, '2026-11-20'));
    expect(named('2026-11-01', '2026-11-19')).toBe('1.–19. November');
    expect(named('2026-11-20', '2026-11-20')).toBe('Fr., 20. November');
    expect(named('2026-11-01', '2026-11-30')).toBe('November');
    expect(named('2025-01-01', '2025-12-31')).toBe('2025');
    expect(named('2026-10-20', '2026-11-18')).toBe('20. Oktober – 18. November');
  });

  it('names sources', () => {
    expect(sourceName('(direct)')).toBe('Direkt oder unbekannt');
  });
});
