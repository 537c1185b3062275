// A locale is a language with the region whose numbers, dates and clocks are used.
import { isLanguage, type Language } from './languages.js';

/** As in the attribute `lang`: `de`, `de-AT`, `en-US`. */
export type Locale = Language | `${Language}-${string}`;

/**
 * The regions that write numbers, dates or times in their own way. Others are written like the first of their language. The
 * list is short because formatters are kept for each locale.
 */
const REGIONS: Readonly<Record<Language, readonly string[]>> = {
  en: ['GB', 'US', 'AU', 'CA', 'IE', 'IN', 'NZ', 'ZA'],
  de: ['DE', 'AT', 'CH', 'LI'],
};

/**
 * The locale of a person. `accepted`: the tags that their browser accepts, the preferred one first, as in Accept-Language.
 * `chosen`: the language that the person has chosen; the region is then the browser's, if it accepts that language.
 */
export function localeFor(accepted: readonly string[], chosen?: Language): Locale {
  for (const tag of accepted) {
    const [language = '', ...rest] = tag.toLowerCase().split('-');
    if (!isLanguage(language) || (chosen !== undefined && language !== chosen)) continue;
    const region = rest.find((part) => part.length === 2)?.toUpperCase();
    return region !== undefined && REGIONS[language].includes(region) ? `${language}-${region}` : language;
  }
  return chosen ?? 'en';
}

export function languageOf(locale: Locale): Language {
  return locale.slice(0, 2) as Language;
}

/** For Intl, for which `en` alone would be American. */
export function regionalTag(locale: Locale): string {
  return locale.length > 2 ? locale : `${locale}-${REGIONS[languageOf(locale)][0]}`;
}
