import { describe, expect, it } from '@jest/globals';

// before the module that makes the formatters is loaded
Object.assign(globalThis, { document: { documentElement: { lang: 'en-US' } } });
const { dayName, hourLabel, hourName, rangeName, timeName } = await import('./format.js');

/** Intl separates with spaces that do not break. */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ');

describe('a page for a reader in the United States', () => {
  it('writes days with the month first', () => {
    expect([dayName('2026-11-20'), dayName('2026-11-20', 'short')]).toEqual(['Fri, November 20', 'Nov 20']);
    expect(plain(rangeName({ from: '2026-11-01', to: '2026-11-19' }, '2026-11-20'))).toBe('November 1 – 19');
  });

  it('has clocks with twelve hours', () => {
    expect(['00:05', '14:05', '14:05:33'].map((time) => plain(timeName(time)))).toEqual(['12:05 AM', '2:05 PM', '2:05:33 PM']);
    expect(['00', '14', '02+'].map((hour) => plain(hourName(hour)))).toEqual(['12:00 AM', '2:00 PM', '2:00 AM (again)']);
    expect(plain(hourLabel('14'))).toBe('2 PM');
  });
});
