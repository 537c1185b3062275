import { describe, expect, it } from '@jest/globals';
import { localeFor, regionalTag } from './locale.js';

describe('the locale of a person', () => {
  it.each([
    [['de-AT', 'de', 'en'], undefined, 'de-AT'],
    [['fr', 'de', 'en'], undefined, 'de'],
    [['fr-FR', '*'], undefined, 'en'],
    [[], undefined, 'en'],
    [['EN-us'], undefined, 'en-US'],
    [['de-Latn-CH'], undefined, 'de-CH'],
    [['de-1996'], undefined, 'de'],
    [['de-BR'], undefined, 'de'],
    [['den-CA', 'deutsch'], undefined, 'en'],
    [['en-US', 'de-CH'], 'de', 'de-CH'],
    [['en-US'], 'de', 'de'],
    [['constructor', '__proto__-US'], undefined, 'en'],
    [['de-u-nu-arab'], undefined, 'de'],
  ] as const)('for the accepted languages %j and the choice %s is %s', (accepted, chosen, locale) => {
    expect(localeFor(accepted, chosen)).toBe(locale);
  });

  it('has a region for Intl, also where the language is all that is known', () => {
    expect([regionalTag('en'), regionalTag('de'), regionalTag('en-US')]).toEqual(['en-GB', 'de-DE', 'en-US']);
  });
});
