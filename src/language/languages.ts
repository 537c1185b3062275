// The languages in which people see pages and mails. The API, the log and the command line speak English.

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text in every language. */
export type Text = Readonly<Record<Language, string>>;

declare global {
  /**
   * The language of the script. Only scripts for pages have it: scripts/build-browser.mjs builds one for each language and
   * replaces `{ en: …, de: … }[LANGUAGE]` by the texts of that language, so that no browser loads the others.
   */
  const LANGUAGE: Language;
}
