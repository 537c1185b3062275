import { describe, expect, it } from '@jest/globals';
import { browserName, browserText } from './browser-name.js';

describe('the browser of a person', () => {
  it.each([
    [['Firefox', 'Linux'], 'Firefox on Linux', 'Firefox unter Linux'],
    [['Firefox'], 'Firefox', 'Firefox'],
    [[], 'Another program', 'Ein anderes Programm'],
  ])('%j is stored in English and shown in each language', (names, en, de) => {
    expect(browserName(names)).toBe(en);
    expect(browserText(en)).toEqual({ en, de });
  });
});
