// The languages in which people see pages and mails. The API, the log and the command line speak English.

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same in every language: a language that is missing does not compile. */
export type InEach<Value> = Readonly<Record<Language, Value>>;

export type Text = InEach<string>;

/** A language by its own name. */
export const OWN_NAMES: Text = { en: 'English', de: 'Deutsch' };

export function isLanguage(text: unknown): text is Language {
  return (LANGUAGES as readonly unknown[]).includes(text);
}

declare global {
  /**
   * The language of the script. Only scripts for pages have it: scripts/build-browser.mjs builds one for each language and
   * replaces `{ en: …, de: … }[LANGUAGE]` by the texts of that language, so that no browser loads the others.
   */
  const LANGUAGE: Language;
}
